"""Builds preset dev and runs the suites: GoogleTest programs (from ctest) and every tests/*/run.

A suite prints `N passed, N failed[, N skipped]` as its last line; GoogleTest's words are translated. Each suite's whole
output is kept in out/test/NAME.log and printed if it fails. Suites read UK (the program under test), UK_LONG=1 and
UK_ACCEPT=1 from the environment.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LIMIT = 1500  # seconds; a suite that takes longer hangs


@dataclass
class Suite:
    name: str
    command: list
    alone: bool  # uses all processors itself


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    output: str = ""


def build(preset):
    """Configures and builds a preset; ends the program with the compiler's words if that fails."""
    environment = dict(os.environ)
    if shutil.which("ccache"):
        environment.setdefault("CMAKE_CXX_COMPILER_LAUNCHER", "ccache")
    for command in (["cmake", "--preset", preset], ["cmake", "--build", "--preset", preset]):
        done = subprocess.run(command, cwd=TOP, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            sys.stdout.write(done.stdout[-8000:] + done.stderr[-8000:])
            print(f"test: error: `{' '.join(command)}` failed\n0 passed, 1 failed")
            sys.exit(1)


def unit_suites(preset):
    """What `uk_test` in CMake has made known to ctest."""
    listed = subprocess.run(["ctest", "--test-dir", TOP / "out" / preset, "--show-only=json-v1"],
                            capture_output=True, text=True, check=True)
    prefix = "" if preset == "dev" else preset + "/"
    for test in json.loads(listed.stdout)["tests"]:
        yield Suite(prefix + test["name"].removesuffix("_tests"), test["command"], False)


def script_suites():
    for script in sorted((TOP / "tests").glob("*/run")):
        yield Suite(script.parent.name, [str(script)], script.parent.name != "style")


def count(output, status):
    """Passed, failed and skipped: the last line of the house's form, else GoogleTest's summary, else the status alone."""
    own = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.M)
    if own:
        passed, failed, skipped = (int(n or 0) for n in own[-1])
    else:
        google = {word: int(n) for word, n in re.findall(r"^\[  (PASSED|FAILED|SKIPPED) *\] (\d+) tests?", output, re.M)}
        passed, failed, skipped = (google.get(word, 0) for word in ("PASSED", "FAILED", "SKIPPED"))
    if failed == 0 and (status != 0 or passed + skipped == 0):
        failed = 1  # it crashed, or tested nothing
    return passed, failed, skipped


def run(suite, environment):
    started = time.monotonic()
    try:
        done = subprocess.run(suite.command, cwd=TOP, env=environment, stdin=subprocess.DEVNULL, timeout=LIMIT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        output, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, status = (late.stdout or b"").decode(errors="replace") + f"\nno end within {LIMIT} s\n", 1
    passed, failed, skipped = count(output, status)
    return Outcome(passed, failed, skipped, time.monotonic() - started, output)


def report(suite, outcome):
    log = TOP / "out" / "test" / (suite.name.replace("/", "-") + ".log")
    log.write_text(outcome.output)
    if outcome.failed:
        print(f"---- {suite.name}\n{outcome.output.rstrip()}\n----")
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    print(f"{suite.name:24} {outcome.seconds:7.1f} s   {outcome.passed} passed, {outcome.failed} failed{skipped}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="./test", description="Runs the suites whose names contain one of NAME; none: all.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--long", action="store_true", help="also what takes longer: sanitizers, more of each suite")
    parser.add_argument("--list", action="store_true", help="only print the names of the suites")
    parser.add_argument("--accept", action="store_true", help="transcripts: take what is printed now (look at the diff)")
    asked = parser.parse_args()

    (TOP / "out" / "test").mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    build("dev")
    suites = [*unit_suites("dev"), *script_suites()]
    if asked.long:
        build("asan")
        suites += unit_suites("asan")
    if asked.names:
        suites = [s for s in suites if any(name in s.name for name in asked.names)]
    if asked.list:
        print("\n".join(s.name for s in suites))
        return 0
    print(f"{'building':24} {time.monotonic() - started:7.1f} s", flush=True)

    environment = dict(os.environ, UK=str(TOP / "out" / "dev" / "bin" / "uk"), UK_LONG="1" if asked.long else "0",
                       UK_ACCEPT="1" if asked.accept else "0", LC_ALL="C.UTF-8", NO_COLOR="1", TZ="UTC")
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        together = [s for s in suites if not s.alone]
        for suite, outcome in zip(together, pool.map(lambda s: run(s, environment), together)):
            report(suite, outcome)
            outcomes.append(outcome)
    for suite in (s for s in suites if s.alone):
        outcomes.append(run(suite, environment))
        report(suite, outcomes[-1])

    passed, failed, skipped = (sum(getattr(o, what) for o in outcomes) for what in ("passed", "failed", "skipped"))
    print(f"{'all':24} {time.monotonic() - started:7.1f} s")
    if not outcomes:
        print(f"test: error: no suite is called {' or '.join(f'`{n}`' for n in asked.names)}; ./test --list has the names")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if outcomes and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
