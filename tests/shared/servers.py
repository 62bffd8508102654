"""Servers of shared caches on this machine: Debian's nginx, and one that lies."""
import http.server
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Nginx:
    """As `docs/howto/share-a-cache.md` has it, on loopback; what it stores lies in `data`."""

    def __init__(self, folder, more="", location="", secure=False):
        self.folder, self.port = folder, free_port()
        self.data, self.log = folder / "data", folder / "access.log"
        self.data.mkdir(parents=True)
        self.url = f"https://localhost:{self.port}" if secure else f"http://127.0.0.1:{self.port}"
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"""
            daemon off; {user} pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
            events {{ worker_connections 256; }}
            http {{
                access_log {self.log}; client_body_temp_path {folder}/body;
                proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
                server {{
                    listen 127.0.0.1:{self.port} {"ssl" if secure else ""}; root {self.data}; client_max_body_size 0; {more}
                    location / {{ dav_methods PUT; create_full_put_path on; {location} }}
                }}
            }}""")
        self.start()

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("nginx doesn't start: " + (self.folder / "error.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def requests(self):
        """`GET /ac/…`, … in order."""
        time.sleep(0.05)
        return [line.split('"')[1].rsplit(" ", 1)[0] for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def files(self, part):
        return sorted(p for p in (self.data / part).iterdir()) if (self.data / part).exists() else []


class Liar:
    """Serves what an honest server stored, as `how` changes it; notes the headers of each request."""

    def __init__(self, data, how="", after=0):
        self.data, self.how, self.after, self.heard = Path(data), how, after, []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                liar.heard.append((self.command, self.path, dict(self.headers)))
                liar.answer(self)

            def do_PUT(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 64
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def reset(self, request):
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.close_connection = True
        request.connection.close()

    def send(self, request, status, content=b"", length=None, headers=()):
        request.send_response(status)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers:
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    def answer(self, request):
        part, how = request.path.split("/")[1], self.how
        if self.after and len(self.heard) > self.after:
            return self.reset(request)
        if how == "silent":
            time.sleep(30)
            return self.reset(request)
        if how == "reset":
            return self.reset(request)
        if how == "no-http":
            request.connection.sendall(b"\x00\xff" * 500 + b"\r\n\r\n")
            return self.reset(request)
        if how.isdigit():
            return self.send(request, int(how), b"no\n", headers=[("Location", f"{self.elsewhere}{request.path}")] if how[0] == "3" else [])
        if request.command == "PUT":
            return self.send(request, 403 if how == "no-put" else 201)
        file = self.data / request.path[1:]
        if not file.exists():
            return self.send(request, 404)
        content = file.read_bytes()
        if part == "cas" and content:
            middle = len(content) // 2
            if how == "other-bytes":
                content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]
            if how == "shorter":
                content = content[:middle]
            if how == "longer":
                content += b"x"
            if how == "empty":
                content = b""
            if how == "cut":
                request.close_connection = True
                return self.send(request, 200, content[:middle], len(content))
            if how == "endless":
                request.send_response(200)
                request.send_header("Transfer-Encoding", "chunked")
                request.end_headers()
                while True:
                    request.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            if how == "evicted":
                return self.send(request, 404)
        if part == "ac":
            content = self.result(content, how)
        self.send(request, 200, content)

    def result(self, content, how):
        if how == "random-results":
            return bytes(range(7, 250)) * 3
        if how == "empty-results":
            return b""
        if how == "half-results":
            return content[:len(content) // 2]
        if how == "huge-results":
            return content + b"\x3a\x80\x80\x80\x08" + b"w" * (16 << 20)
        if how == "results-elsewhere":
            return content.replace(b"o/f", b"../").replace(b"lib.a", b"/etc/")
        if how == "same-result":
            return sorted((self.data / "ac").iterdir())[0].read_bytes()
        if how == "failed-results":
            return content + b"\x20\x01"
        if how == "huge-blobs":  # what lies at the size's place: the declared size of the last file
            at = content.rfind(b"\x10")
            return content[:at] + b"\x10\xff\x7f" if len(content) == at + 3 else content
        return content


def token_of(heard):
    return {headers.get("Authorization") for _, _, headers in heard}
