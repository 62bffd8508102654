"""Servers of the Remote Execution API on this machine: Bazel's RemoteWorker, from Debian's bazel-bootstrap and its sources, and what stands before it."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))
from servers import free_port  # noqa: E402,F401

JAR = Path("/usr/share/bazel/A-server.jar")
SOURCES = Path("/usr/src/bazel-bootstrap/src/tools/remote/src/main/java")
MAIN = "com.google.devtools.build.remote.worker.RemoteWorker"


def lacking():
    """What isn't installed, or None."""
    for there, package in ((JAR.exists(), "bazel-bootstrap"), (SOURCES.exists(), "bazel-bootstrap-source"), (shutil.which("javac"), "default-jdk-headless")):
        if not there:
            return package
    return None


def compile_worker(to):
    """RemoteWorker's classes, compiled once."""
    if not (to / "done").exists():
        shutil.rmtree(to, ignore_errors=True)
        subprocess.run(["javac", "-nowarn", "-cp", JAR, "-d", to, *SOURCES.rglob("*.java")], check=True, capture_output=True)
        (to / "done").touch()
    return to


class Worker:
    """RemoteWorker on loopback; its blobs lie in `cas` (`ac/` and `cas/` there, each below two digits)."""

    def __init__(self, classes, folder, jobs=2, port=0):
        self.classes, self.folder, self.jobs, self.port = classes, folder, jobs, port or free_port()
        self.cas = folder / "cas"
        self.url = f"grpc://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self):
        (self.folder / "work").mkdir(exist_ok=True)
        self.cas.mkdir(exist_ok=True)
        pid = self.folder / "pid"
        pid.unlink(missing_ok=True)
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                ["java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", f"{self.classes}:{JAR}", MAIN, f"--work_path={self.folder / 'work'}", f"--cas_path={self.cas}",
                 f"--listen_port={self.port}", f"--jobs={self.jobs}", f"--pid_file={pid}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.folder)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as one:
                if pid.exists() and one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("RemoteWorker doesn't start: " + (self.folder / "log").read_text()[-2000:])

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def pause(self):
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def blobs(self, part="cas"):
        return sorted(p for p in (self.cas / part).rglob("*") if p.is_file())

    def says(self):
        return (self.folder / "log").read_text()


class Relay:
    """Passes connections on to a server's port; cuts those that are open, or passes nothing more, when told so."""

    def __init__(self, port):
        self.to, self.open, self.counted = port, [], 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"grpc://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                one, _ = self.listener.accept()
                other = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.counted += 1
            self.open += [one, other]
            for a, b in ((one, other), (other, one)):
                threading.Thread(target=self.copy, args=(a, b), daemon=True).start()

    def copy(self, a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for one in (a, b):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Connections break; new ones are taken."""
        for one in self.open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def stop(self):
        self.listener.close()
        self.cut()


class Proxy:
    """Stands before a RemoteWorker and hands on every call as it came, but for what `how` changes: what the real server can't be made to do. `calls` are
    the names of all. Needs python3-grpcio."""

    def __init__(self, worker, generated, how="", token="", secure=None, seconds=0.0):
        import grpc
        sys.path.insert(0, str(generated))
        from registry.remote import bytestream_pb2, execution_pb2
        self.grpc, self.api, self.stream = grpc, execution_pb2, bytestream_pb2
        self.worker, self.how, self.token, self.calls, self.headers, self.seconds = worker, how, token, [], [], seconds
        self.guard, self.done, self.seen = threading.Lock(), 0, set()
        self.channel = grpc.insecure_channel(f"127.0.0.1:{worker.port}", options=[("grpc.max_receive_message_length", -1)])
        import concurrent.futures
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(64), options=[("grpc.max_receive_message_length", -1)])
        self.server.add_generic_rpc_handlers((self.handler(),))
        if secure:
            credentials = grpc.ssl_server_credentials([(secure[0].read_bytes(), secure[1].read_bytes())])
            self.url = f"grpcs://localhost:{self.server.add_secure_port('127.0.0.1:0', credentials)}"
        else:
            self.url = f"grpc://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def handler(self):
        proxy = self

        class All(self.grpc.GenericRpcHandler):
            def service(self, details):
                return proxy.grpc.stream_stream_rpc_method_handler(lambda requests, context: proxy.call(details, requests, context))

        return All()

    def first(self):
        """Is this the first time that it is asked?"""
        with self.guard:
            self.done += 1
            return self.done == 1

    def call(self, details, requests, context):
        name = details.method.rsplit("/", 1)[1]
        headers = [(m.key, m.value) for m in details.invocation_metadata if not m.key.startswith((":", "grpc-", "user-agent", "te"))]
        with self.guard:
            self.calls.append(name)
            self.headers.append(dict(headers))
        if self.token and dict(headers).get("authorization") != "Bearer " + self.token:
            context.abort(self.grpc.StatusCode.UNAUTHENTICATED, "who are you?")
        own = getattr(self, self.how.replace("-", "_") + "_" + name, None)
        if own:
            yield from own(details.method, requests, headers, context)
        else:
            yield from self.hand_on(details.method, requests, headers, context)

    def hand_on(self, method, requests, headers, context):
        try:
            yield from self.channel.stream_stream(method)(requests, metadata=headers)
        except self.grpc.RpcError as error:
            context.abort(error.code(), error.details())

    def stop(self):
        self.server.stop(None).wait()
        self.channel.close()

    # wrong: other bytes than asked for
    def wrong_Read(self, *call):
        for answer in self.hand_on(*call):
            one = self.stream.ReadResponse.FromString(answer)
            one.data = one.data[:-1] + bytes([one.data[-1] ^ 1])
            yield one.SerializeToString()

    # longer: more bytes than asked for
    def longer_Read(self, *call):
        yield from self.hand_on(*call)
        for _ in range(8):
            yield self.stream.ReadResponse(data=b"more" * 100000).SerializeToString()

    # batches: what RemoteWorker lacks; one blob is left out, as a server may
    def batches_BatchReadBlobs(self, method, requests, headers, context):
        asked, answer = self.api.BatchReadBlobsRequest.FromString(next(requests)), self.api.BatchReadBlobsResponse()
        for digest in reversed(asked.digests[1:] if len(asked.digests) > 1 else asked.digests):
            one = answer.responses.add(digest=digest)
            file = self.worker.cas / "cas" / digest.hash[:2] / digest.hash
            if file.exists():
                one.data = file.read_bytes()
            else:
                one.status.code = 5
        yield answer.SerializeToString()

    # loses: the blobs of the input root are gone when the first action is to be executed; RemoteWorker itself says NOT_FOUND
    def loses_Execute(self, *call):
        if self.first():
            for file in self.worker.blobs():
                file.unlink()
        yield from self.hand_on(*call)

    # evicts: the same, as later versions of the API say it
    def evicts_Execute(self, method, requests, headers, context):
        if not self.first():
            yield from self.hand_on(method, requests, headers, context)
            return
        file = min(self.worker.blobs(), key=lambda p: p.stat().st_size)
        said = self.api.Status(code=9, message="blobs are missing")
        failure = self.api.PreconditionFailure()
        failure.violations.add(type="MISSING", subject=f"blobs/{file.name}/{file.stat().st_size}")
        file.unlink()
        detail = said.details.add(type_url="type.googleapis.com/google.rpc.PreconditionFailure")
        detail.value = failure.SerializeToString()
        yield self.finished(self.api.ExecuteResponse(status=said))

    def finished(self, response):
        made = self.api.Operation(name="operation", done=True)
        made.response.type_url = "type.googleapis.com/build.bazel.remote.execution.v2.ExecuteResponse"
        made.response.value = response.SerializeToString()
        return made.SerializeToString()

    # breaks: the first stream of each execution ends after the first word; it goes on running
    def breaks_Execute(self, method, requests, headers, context):
        request = next(requests)
        with self.guard:
            again = request in self.seen
            self.seen.add(request)
        stream = self.channel.stream_stream(method)(iter([request]), metadata=headers)
        if again:
            yield from stream
            return
        yield next(stream)
        context.abort(self.grpc.StatusCode.UNAVAILABLE, "the connection broke")

    # forgets: the first does, and nobody knows the operation any more
    def forgets_Execute(self, *call):
        yield from self.breaks_Execute(*call) if self.first() else self.hand_on(*call)

    def forgets_WaitExecution(self, method, requests, headers, context):
        context.abort(self.grpc.StatusCode.NOT_FOUND, "no such operation")

    # refuses
    def refuses_Execute(self, method, requests, headers, context):
        yield self.finished(self.api.ExecuteResponse(status=self.api.Status(code=3, message="not such a platform")))

    # full
    def full_Execute(self, method, requests, headers, context):
        if self.first():
            context.abort(self.grpc.StatusCode.RESOURCE_EXHAUSTED, "try again")
        yield from self.hand_on(method, requests, headers, context)

    # endless: what was executed never comes
    def endless_Execute(self, method, requests, headers, context):
        yield self.api.Operation(name="operation").SerializeToString()
        while context.is_active():
            time.sleep(0.05)

    # elsewhere: outputs that the action doesn't have. Field 2 of an ActionResult, with a path and a digest of nothing
    def elsewhere_Execute(self, method, requests, headers, context):
        digest = b"\x0a\x40" + b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        node = b"\x0a\x0d../../../evil" + b"\x12" + bytes([len(digest)]) + digest
        result = self.api.ActionResult.FromString(b"\x12" + bytes([len(node)]) + node)
        yield self.finished(self.api.ExecuteResponse(result=result))

    # slow: each execution takes a while, so that it can be seen how many run at a time
    def slow_Execute(self, *call):
        with self.guard:
            self.done += 1
            self.most = max(getattr(self, "most", 0), self.done)
        time.sleep(self.seconds)
        with self.guard:
            self.done -= 1
        yield from self.hand_on(*call)
