"""Frames made by hand, and what goes wrong on a wire. Runs beside the image, in its network namespace: wire.py ATTACK

Everything that is drawn comes from a fixed seed.
"""
import random
import socket
import struct
import subprocess
import sys
import time

PORT = 8080
IMAGE, BESIDE, STRANGER = "10.9.8.2", "10.9.8.1", "10.9.8.77"  # nobody has the last one: its frames are made here
SYN, RST, PSH, ACK, FIN = 2, 4, 8, 16, 1
ASKED = b"GET /again HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
draw = random.Random(1)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(source, protocol, body, identity=0, flags=0, wrong=0, to=IMAGE):
    """An IPv4 packet; `flags` are the word with offset, `wrong` spoils the checksum."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), identity, flags, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(to))
    return head[:10] + struct.pack("!H", checksum(head) ^ wrong) + head[12:] + body


def tcp(source, port, flags, sequence=0, acknowledged=0, data=b"", wrong=0, window=32768, options=b""):
    head = struct.pack("!HHIIBBHHH", port, PORT, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF, 0x50 + len(options) * 4, flags, window, 0, 0) + options + data
    pseudo = socket.inet_aton(source) + socket.inet_aton(IMAGE) + struct.pack("!HH", 6, len(head))
    return head[:16] + struct.pack("!H", checksum(pseudo + head) ^ wrong) + head[18:]


class Wire:
    """The cable, with the image at its other end."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.bind(("tap0", 0))
        self.own = self.socket.getsockname()[4]
        socket.create_connection((IMAGE, PORT), 10).close()
        found = subprocess.run(["ip", "neigh", "show", IMAGE], capture_output=True, text=True, check=True).stdout.split()
        self.image = bytes.fromhex(found[found.index("lladdr") + 1].replace(":", ""))

    def frame(self, packet, kind=0x0800):
        return self.image + self.own + struct.pack("!H", kind) + packet

    def send(self, packet, kind=0x0800):
        self.put(self.frame(packet, kind))

    def put(self, frame):
        try:
            self.socket.send(frame)
        except OSError:  # the image reads slower than this writes
            time.sleep(0.001)

    def introduce(self):
        """Makes the stranger's Ethernet address known to the image (RFC 826: a request tells of who asks)."""
        self.send(struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 1, self.own, socket.inet_aton(STRANGER), b"\0" * 6, socket.inet_aton(IMAGE)), 0x0806)

    def answers(self, port, seconds):
        """TCP segments from the image to the stranger's port: flags, sequence, acknowledged, data."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                got = self.socket.recv(2000)
            except TimeoutError:
                return
            if got[6:12] == self.image and got[12:14] == b"\x08\0" and got[23] == 6 and got[30:34] == socket.inet_aton(STRANGER):
                size = struct.unpack("!H", got[16:18])[0]
                to, sequence, acknowledged, offset, flags = struct.unpack("!HIIBB", got[36:48])
                if to == port:
                    yield flags, sequence, acknowledged, got[34 + (offset >> 4) * 4:14 + size]


def somewhere():
    """An address that isn't special."""
    return f"{draw.choice([*range(1, 10), *range(11, 127), *range(128, 224)])}.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(1, 255)}"


def answered_in_a_second(wire):
    """How many SYN the image answers when no more come at once than a card has room for."""
    wire.introduce()
    wire.socket.settimeout(0.2)
    begin = time.monotonic()
    sent = count = 0
    while time.monotonic() < begin + 2:
        for _ in range(32):
            wire.send(ip(STRANGER, 6, tcp(STRANGER, 1024 + sent % 64000, SYN, draw.getrandbits(32))))
            sent += 1
        try:
            while count < sent:
                got = wire.socket.recv(2000)
                count += got[6:12] == wire.image and len(got) > 47 and got[47] == SYN | ACK
        except TimeoutError:
            sent = count  # lost
    return count / (time.monotonic() - begin)


def connects(wire, port, first, options=b""):
    """A connection of the stranger: the numbers that come next, its own and the image's."""
    wire.send(ip(STRANGER, 6, tcp(STRANGER, port, SYN, first, options=options)))
    for flags, sequence, acknowledged, _ in wire.answers(port, 3):
        if flags == SYN | ACK:
            assert acknowledged == (first + 1) & 0xFFFFFFFF
            wire.send(ip(STRANGER, 6, tcp(STRANGER, port, ACK, first + 1, sequence + 1)))
            return first + 1, sequence + 1
        if flags == ACK:  # there is an old one
            wire.send(ip(STRANGER, 6, tcp(STRANGER, port, RST, acknowledged)))
            wire.send(ip(STRANGER, 6, tcp(STRANGER, port, SYN, first)))
    raise AssertionError("no answer to a SYN")


def again(wire):
    """A connection between the same ends as one in TIME-WAIT (RFC 9293, 3.6.1), with numbers above and below its end."""
    wire.introduce()
    first = 1 << 20
    for i, step in enumerate((0, 100000, -100000, -1, 0x7fff0000)):
        first += step
        sent, heard = connects(wire, 7777, first)
        wire.send(ip(STRANGER, 6, tcp(STRANGER, 7777, PSH | ACK, sent, heard, ASKED)))
        said = b""
        for flags, sequence, _, data in wire.answers(7777, 3):
            if sequence == heard:
                said, heard = said + data, (heard + len(data) + (flags & FIN)) & 0xFFFFFFFF
                if flags & FIN:
                    wire.send(ip(STRANGER, 6, tcp(STRANGER, 7777, FIN | ACK, sent + len(ASKED), heard)))
                    break
        assert said.endswith(b"you asked for /again\n"), f"connection {i} said {said}"


def syn_flood(wire):
    """As many SYN from everywhere as keep half of the image busy, on whatever machine."""
    rate = answered_in_a_second(wire) / 2
    frames = []
    for _ in range(10000):
        source = somewhere()
        frames.append(wire.frame(ip(source, 6, tcp(source, draw.randrange(1024, 65536), SYN, draw.getrandbits(32)))))
    print("flooding", flush=True)
    begin = time.monotonic()
    count = 0
    while time.monotonic() < begin + 8:
        for _ in range(100):
            wire.put(frames[count % len(frames)])
            count += 1
        time.sleep(max(0, begin + count / rate - time.monotonic()))
    print(f"{count} frames, {rate:.0f} a second")


def spoofed(wire):
    """Whoever doesn't see a connection can neither end it nor put something into it."""
    real = socket.create_connection((IMAGE, PORT), 10)
    port = real.getsockname()[1]
    real.sendall(b"GET /fir")
    time.sleep(0.2)
    for flags in (RST, RST | ACK, SYN, SYN | ACK, ACK, FIN | ACK, PSH | ACK):
        for _ in range(300):
            wire.send(ip(BESIDE, 6, tcp(BESIDE, port, flags, draw.getrandbits(32), draw.getrandbits(32), b"BAD" if flags & PSH else b"")))
    real.sendall(b"st HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    real.settimeout(10)
    got = b""
    while part := real.recv(4096):
        got += part
    assert got.endswith(b"you asked for /first\n"), got


def overlapping(wire):
    """Segments that overlap, come twice and in the wrong order are one stream."""
    wire.introduce()
    request = b"GET /overlapped HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    for port in range(2000, 2020):
        first = draw.getrandbits(32)
        wire.send(ip(STRANGER, 6, tcp(STRANGER, port, SYN, first)))
        theirs = next(sequence for flags, sequence, _, _ in wire.answers(port, 5) if flags & SYN) + 1
        cuts = [(begin, min(len(request), begin + draw.randrange(2, 20))) for begin in range(len(request))]
        draw.shuffle(cuts)
        for begin, end in [(0, 0), *cuts]:
            wire.send(ip(STRANGER, 6, tcp(STRANGER, port, ACK | PSH, first + 1 + begin, theirs, request[begin:end])))
        got, ended = {}, False
        for flags, sequence, _, data in wire.answers(port, 5):
            got[sequence] = data
            if flags & FIN:
                ended = True
                break
        whole = b"".join(data for _, data in sorted(got.items()))
        assert ended and whole.endswith(b"you asked for /overlapped\n"), whole
        wire.send(ip(STRANGER, 6, tcp(STRANGER, port, RST, first + 1 + len(request), theirs)))


def bad_checksums(wire):
    """What a checksum doesn't fit is as if it never came."""
    wire.introduce()
    for port in range(3000, 3100):
        wire.send(ip(STRANGER, 6, tcp(STRANGER, port, SYN, 1, wrong=draw.randrange(1, 0xFFFF))))
        wire.send(ip(STRANGER, 6, tcp(STRANGER, port, SYN, 1), wrong=draw.randrange(1, 0xFFFF)))
    for port in (3000, 3050, 3099):
        assert not list(wire.answers(port, 0.3)), "an answer to a bad checksum"
    wire.send(ip(STRANGER, 6, tcp(STRANGER, 3100, SYN, 1)))
    assert next(wire.answers(3100, 5))[0] == SYN | ACK
    wire.send(ip(STRANGER, 6, tcp(STRANGER, 3100, RST, 2)))


def fragments(wire):
    """Fragments that overlap, lie beyond the end, or whose rest never comes."""
    more = 0x2000
    for identity in range(3000):
        source = somewhere()
        wire.send(ip(source, 17, draw.randbytes(8 * draw.randrange(1, 180)), identity, more | draw.randrange(0, 4)))
        wire.send(ip(source, 17, draw.randbytes(8 * draw.randrange(1, 180)), identity, more | draw.randrange(0, 200)))
        if identity % 3 == 0:
            wire.send(ip(source, 17, draw.randbytes(draw.randrange(1, 1400)), identity, draw.choice([1, 3, 100, 0x1FFF])))


def answered(wire, matches, seconds=3):
    """The first frame from the image that fits, or nothing."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        wire.socket.settimeout(left)
        try:
            got = wire.socket.recv(2000)
        except TimeoutError:
            break
        if got[6:12] == wire.image and matches(got):
            return got
    return None


def cut_up(body, cuts, step=8):
    """Pieces of a body: where they begin, what they are, whether more follow."""
    ends = [*(cut * step for cut in cuts), len(body)]
    return [(begin, body[begin:end], end < len(body)) for begin, end in zip([0, *ends], ends)]


def reassembled(wire):
    """Fragments in any order, also such that come twice, are one packet; such that overlap are none."""
    wire.introduce()
    for identity in range(1, 41):
        body = struct.pack("!BBHHH", 8, 0, 0, identity, 7) + draw.randbytes(1000)
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        pieces = cut_up(body, sorted(draw.sample(range(1, 120), draw.randrange(1, 4))))
        pieces.append(draw.choice(pieces))
        draw.shuffle(pieces)
        overlaps = identity % 4 == 0
        if overlaps:
            pieces.insert(0, (8, draw.randbytes(1000), True))
        for begin, piece, more in pieces:
            wire.send(ip(STRANGER, 1, piece, identity, (0x2000 if more else 0) | begin // 8))
        got = answered(wire, lambda f: f[23] == 1 and f[34] == 0 and f[38:40] == struct.pack("!H", identity), 0.2 if overlaps else 3)
        assert bool(got) != overlaps, f"packet {identity}: {'an' if got else 'no'} answer"
        assert not got or got[42:42 + 1000] == body[8:], "not what was sent"


def link_local(hardware):
    """RFC 4291, appendix A."""
    return b"\xfe\x80" + bytes(6) + bytes([hardware[0] ^ 2, *hardware[1:3], 0xFF, 0xFE, *hardware[3:]])


def v6(source, to, following, body, hops=255):
    return struct.pack("!IHBB", 0x60000000, len(body), following, hops) + source + to + body


def icmp6(source, to, body):
    pseudo = source + to + struct.pack("!II", len(body), 58)
    return body[:2] + struct.pack("!H", checksum(pseudo + body[:2] + bytes(2) + body[4:])) + body[4:]


def reassembled_v6(wire):
    """The same of IPv6 (RFC 8200, 4.5; RFC 5722), after many neighbours that nobody has heard of."""
    stranger, image = link_local(b"\2\0\0\0\0\x77"), link_local(wire.image)

    def ask(source, target):
        wire.send(v6(source, image, 58, icmp6(source, image, b"\x87" + bytes(7) + target + b"\1\1" + wire.own)), 0x86DD)

    for _ in range(500):
        ask(link_local(draw.randbytes(6)), image)
        ask(stranger, link_local(draw.randbytes(6)))
    for _ in range(5):  # the answers to the others may have filled this end's own buffer
        ask(stranger, image)
        if answered(wire, lambda f: f[20] == 58 and f[54] == 136 and f[38:54] == stranger, 1):
            break
    else:
        raise AssertionError("no answer to a solicitation")
    for identity in range(1, 41):
        body = icmp6(stranger, image, struct.pack("!BBHHH", 128, 0, 0, identity, 7) + draw.randbytes(1000))
        pieces = cut_up(body, sorted(draw.sample(range(1, 120), draw.randrange(1, 4))))
        draw.shuffle(pieces)
        overlaps = identity % 4 == 0
        if overlaps:
            pieces.insert(0, (8, draw.randbytes(1000), True))
        for begin, piece, more in pieces:
            wire.send(v6(stranger, image, 44, struct.pack("!BBHI", 58, 0, begin | more, identity) + piece), 0x86DD)
        got = answered(wire, lambda f: f[20] == 58 and f[54] == 129 and f[58:60] == struct.pack("!H", identity), 0.2 if overlaps else 3)
        assert bool(got) != overlaps, f"packet {identity}: {'an' if got else 'no'} answer"
        assert not got or got[62:62 + 1000] == body[8:], "not what was sent"


def too_big(wire):
    """A router that has no room for large packets (RFC 1191) is believed if it quotes what is on its way."""
    wire.introduce()
    sent, heard = connects(wire, 5000, draw.getrandbits(32), b"\2\4\5\xb4")  # 1460 bytes
    wire.send(ip(STRANGER, 6, tcp(STRANGER, 5000, PSH | ACK, sent, heard, b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n" * 20)))

    def sizes(seconds):
        found, end = [], time.monotonic() + seconds
        while frame := answered(wire, lambda f: f[23] == 6 and f[36:38] == struct.pack("!H", 5000), end - time.monotonic()):
            found.append(frame)
        return {struct.unpack("!H", frame[16:18])[0]: frame for frame in found}

    before = sizes(0.5)
    large = before[max(before)]
    assert max(before) > 576, f"nothing large: {sorted(before)}"
    for quoted, believed in ((large[14:38] + struct.pack("!I", heard - 100000), False), (large[14:42], True)):
        body = struct.pack("!BBHHH", 3, 4, 0, 0, 576) + quoted
        wire.send(ip(BESIDE, 1, body[:2] + struct.pack("!H", checksum(body)) + body[4:]))
        again = sizes(0.3)
        assert bool(again) == believed, "a router is believed that saw nothing" if again else "nothing is sent in smaller ones"
    assert max(again) <= 576, f"{max(again)} bytes are sent after all"
    wire.send(ip(STRANGER, 6, tcp(STRANGER, 5000, RST, sent + 20 * 31)))


def garbage(wire):
    """Frames of chance, and such that began as good ones."""
    wire.introduce()
    good = [ip(STRANGER, 6, tcp(STRANGER, 4000, SYN, 1)), ip(STRANGER, 1, struct.pack("!BBHHH", 8, 0, 0xF7FE, 0, 1)),
            ip(STRANGER, 17, struct.pack("!HHHH", 67, 68, 308, 0) + b"\2\1\6" + draw.randbytes(297))]
    for count in range(20000):
        if count % 2:
            packet = bytearray(draw.choice(good))
            for _ in range(draw.randrange(1, 5)):
                packet[draw.randrange(len(packet))] = draw.randrange(256)
            packet[10:12] = b"\0\0"
            packet[10:12] = struct.pack("!H", checksum(bytes(packet[:20])))
            wire.send(bytes(packet[:draw.randrange(1, len(packet) + 1)] if count % 5 == 0 else packet))
        else:
            kind = draw.choice([0x0800, 0x0806, 0x86DD, 0x8100, draw.randrange(65536)])
            size = draw.choice([0, 1, 20, 28, 46, 100, 1500])
            head = {0x0800: b"\x45", 0x86DD: b"\x60"}.get(kind, b"") if count % 4 else b""
            wire.send((head + draw.randbytes(size))[:1500], kind)


def resets(wire):
    """Clients that go in the middle: of a request, of a reply, before anything."""
    for count in range(600):
        one = socket.create_connection((IMAGE, PORT), 10)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.sendall([b"", b"GET /unfinished HT", b"GET /unread HTTP/1.1\r\nHost: a\r\n\r\n" * 20][count % 3] or b"G")
        if count % 6 == 5:
            one.recv(10)
        one.close()


def full_heap(wire):
    """More slow clients than there is memory for."""
    clients = []
    try:
        for count in range(3000):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((IMAGE, PORT))
            clients.append(one)
            if count % 50 == 49:
                time.sleep(0.1)
        for _ in range(3):
            for one in clients:
                try:
                    one.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 1000)
                except OSError:
                    pass
            time.sleep(1)
    finally:
        for count, one in enumerate(clients):
            if count % 50 == 49:
                time.sleep(0.02)  # no more at once than the interface's queue holds
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](Wire())
