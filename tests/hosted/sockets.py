"""What a hosted image does with many, slow and rude connections: tests of tests/hosted/run, each with io_uring and without."""
import os
import resource
import socket
import struct
import subprocess
import time
from pathlib import Path


class Server:
    """The image of tests/hosted/serve."""

    def __init__(self, image, before=None, descriptors=0):
        def limits():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
            if before:
                before()
        self.process = subprocess.Popen([image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, preexec_fn=limits)
        self.port = int(self.process.stdout.readline().split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def connect(self, line=""):
        joined = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        joined.sendall(line.encode())
        return joined

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        """KiB that are resident."""
        return next(int(line.split()[1]) for line in self.status() if line.startswith("VmRSS"))

    def switches(self):
        return [int(line.split()[1]) for line in self.status() if "ctxt_switches" in line]

    def processor_seconds(self):
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def status(self):
        return Path(f"/proc/{self.process.pid}/status").read_text().splitlines()

    def settles(self, descriptors):
        """Whether it comes to have no more descriptors than that."""
        for _ in range(100):
            if self.descriptors() <= descriptors:
                return True
            time.sleep(0.05)
        return False


def read(joined, size):
    got = 0
    while got < size:
        part = joined.recv(min(size - got, 1 << 20))
        if not part:
            break
        got += len(part)
    return got


def leave_rudely(joined):
    joined.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    joined.close()


def connections_leave_nothing(server, wrong):
    count = int(os.environ.get("UK_CONNECTIONS", "100000" if os.environ.get("UK_LONG") == "1" else "5000"))

    def some(count):
        for i in range(count):
            one = server.connect("send 100\n")
            if read(one, 100) != 100:
                return i
            one.close()
        return count
    some(500)
    server.settles(12)
    descriptors, memory = server.descriptors(), server.memory()
    done = some(count)
    server.settles(descriptors)
    if done != count:
        wrong.append(f"connection {done} got no answer")
    if server.descriptors() > descriptors or server.memory() > memory + 256:
        wrong.append(f"from {descriptors} descriptors and {memory} KiB to {server.descriptors()} and {server.memory()} KiB")


def too_many_connections(server, wrong):
    held = [server.connect() for _ in range(100)]
    time.sleep(0.3)
    before = server.processor_seconds()
    time.sleep(1)
    if server.processor_seconds() - before > 0.2:
        wrong.append("it is busy while it can take no connection")
    for one in held:
        one.close()
    one = server.connect("send 5\n")
    if read(one, 5) != 5:
        wrong.append("it serves nobody afterwards")
    one.close()


def a_slow_reader(server, wrong):
    size = 64 << 20
    slow = server.connect(f"send {size}\n")
    time.sleep(0.5)
    if server.memory() > 8192:
        wrong.append(f"{server.memory()} KiB while a reader waits")
    other = server.connect("send 1000\n")
    if read(other, 1000) != 1000:
        wrong.append("others are held up")
    other.close()
    got = read(slow, size)
    if got != size:
        wrong.append(f"{got} bytes of {size} came")
    slow.close()


def a_writer_that_nobody_reads(server, wrong):
    writers = [server.connect("hold\n") for _ in range(64)]
    time.sleep(0.2)
    for one in writers:
        one.settimeout(0.02)
        try:
            for _ in range(256):
                one.send(bytes(65536))
        except TimeoutError:
            pass
    if server.memory() > 8192:
        wrong.append(f"{server.memory()} KiB of bytes that nobody reads")
    other = server.connect("send 1000\n")
    if read(other, 1000) != 1000:
        wrong.append("others are held up")
    for one in (*writers, other):
        one.close()


def resets_in_the_middle(server, wrong):
    before = server.descriptors()
    for _ in range(200):
        one = server.connect(f"send {64 << 20}\n")
        read(one, 4096)
        leave_rudely(one)
    for _ in range(200):
        leave_rudely(server.connect())
    if not server.settles(before):
        wrong.append(f"{server.descriptors()} descriptors, {before} before")
    if read(server.connect("send 10\n"), 10) != 10:
        wrong.append("it serves nobody afterwards")


def idle_connections(server, wrong):
    held = [server.connect("send 1\n") for _ in range(1000)]
    if not all(read(one, 1) == 1 for one in held):
        wrong.append("not everybody was served")
    time.sleep(0.3)
    before = server.switches()
    time.sleep(1)
    if server.switches() != before:
        wrong.append(f"switched {before} to {server.switches()} times while nothing happened")
    for one in held:
        one.close()


def last_words_arrive(server, wrong):
    one = server.connect("bye\n")
    if read(one, 4000) != 3000:
        wrong.append("not all that was written before the end came")
    if server.process.wait(timeout=10) != 0:
        wrong.append(f"status {server.process.returncode}")


ALL = [connections_leave_nothing, too_many_connections, a_slow_reader, a_writer_that_nobody_reads, resets_in_the_middle, idle_connections,
       last_words_arrive]


def tests(image, without_io_uring):
    """(name, test) for each of them, both ways."""
    def made(test, before):
        def run(wrong):
            with Server(image(), before, 64 if test is too_many_connections else 0) as server:
                test(server, wrong)
        run.__name__ = test.__name__ + ("_over_epoll" if before else "")
        return run
    return [made(test, before) for test in ALL for before in (None, without_io_uring)]
