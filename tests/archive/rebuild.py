#!/usr/bin/python3
"""Makes the files of an archive of `uk archive` with nothing of uk: it knows docs/reference/archives.md and starts plain processes.

    rebuild.py ARCHIVE FOLDER [VARIANT]     FOLDER: what is made goes to FOLDER/dist; the archive is unpacked beside it
"""
import concurrent.futures
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path


def put(source, to, executable):
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)
    to.chmod(0o755 if executable else 0o644)


class Archive:
    def __init__(self, file, place):
        with tarfile.open(file) as packed:
            packed.extractall(place / "archive", filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(place / "archive")
        self.place, self.blobs = place, place / "archive/blobs"
        for blob in self.blobs.iterdir():
            assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name, f"{blob.name} is damaged"
        self.index = json.loads((place / "archive/index.json").read_text())
        for name, files in self.index["trees"].items():
            (place / "trees" / name).mkdir(parents=True)
            for one in files:
                to = place / "trees" / name / one["path"]
                to.mkdir(parents=True) if one.get("folder") else put(self.blobs / one["blob"], to, one.get("executable", False))

    def made(self, number, path):
        return self.place / "made" / str(number) / path

    def needed(self, variant):
        """The numbers of the actions that the results read, and those that these read."""
        wanted = [one["action"] for one in self.results(variant) if "action" in one]
        found = set()
        while wanted:
            if (number := wanted.pop()) not in found:
                found.add(number)
                wanted += [i["action"] for i in self.index["actions"][number]["inputs"] if "action" in i]
        return sorted(found)

    def results(self, variant):
        return [one for one in self.index["results"] if not variant or one["path"].startswith(variant + "/")]

    def run(self, number):
        action = self.index["actions"][number]
        root = self.place / "work" / str(number)
        root.mkdir(parents=True)
        for one in action["inputs"]:
            to = root / one["path"]
            to.parent.mkdir(parents=True, exist_ok=True)
            if "tree" in one:
                to.symlink_to(self.place / "trees" / one["tree"])
            else:
                source = self.blobs / one["blob"] if "blob" in one else self.made(one["action"], one["output"])
                put(source, to, one.get("executable", False) or os.access(source, os.X_OK))
        for path in action["outputs"]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        for path in action["output_folders"]:
            (root / path).mkdir(parents=True, exist_ok=True)
        done = subprocess.run(action["arguments"], cwd=root, env=action["environment"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, f"{action['name']}: {done.stderr}"
        for path in action["outputs"]:
            self.made(number, path).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(root / path, self.made(number, path))
        for path in action["output_folders"]:
            shutil.copytree(root / path, self.made(number, path))
        shutil.rmtree(root)

    def rebuild(self, variant):
        numbers = self.needed(variant)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = {}
            for number in numbers:
                def act(number=number):
                    for one in self.index["actions"][number]["inputs"]:
                        if "action" in one:
                            done[one["action"]].result()
                    self.run(number)
                done[number] = pool.submit(act)
            for one in done.values():
                one.result()
        for one in self.results(variant):
            source = self.blobs / one["blob"] if "blob" in one else self.made(one["action"], one["output"])
            assert "blob" in one or hashlib.sha256(source.read_bytes()).hexdigest() == one["sha256"], f"{one['path']} isn't what it was"
            put(source, self.place / "dist" / one["path"], one.get("executable", False))
        return len(numbers)


if __name__ == "__main__":
    archive = Archive(sys.argv[1], Path(sys.argv[2]).resolve())
    print(f"{archive.rebuild(sys.argv[3] if len(sys.argv) > 3 else None)} actions")
