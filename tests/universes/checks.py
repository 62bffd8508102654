"""What must be true of the answers to one universe, whatever is in it. Each check gives what is wrong, in words."""
import json
import random
import re
import subprocess
import tempfile

from draw import blocks, join
from program import has_solution
from text import Universe
from verify import only, verify

LINES = ("components", "signatures", "wiring", "alternatives")


class Solver:
    def __init__(self, program):
        self.program = program

    def run(self, text, limit=60, more=()):
        """An answer for each request."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(text)
            file.flush()
            done = subprocess.run([self.program, "--json", "solve", *more, file.name], capture_output=True, text=True, timeout=limit)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"uk solve ended with {done.returncode}: {done.stderr.strip()[:300]}")
        return [json.loads(line) for line in done.stdout.splitlines()]


def shuffled(uk, text, answers):
    """The order of blocks means nothing; that of several requests is the order of their answers."""
    some = blocks(text)
    heads = [block for block in some if not block[0].startswith("request")]
    random.Random(len(text)).shuffle(heads)
    again = uk.run(join([block for block in some if block[0].startswith("request")] + heads))
    for before, after in zip(answers, again):
        if before["solved"] != after["solved"] or any(before.get(key) != after.get(key) for key in LINES):
            yield f"shuffled blocks, another answer: {before} and {after}"


def unreachable(uk, text, answers):
    """A component that nothing asks for, with everything that a component may have, save what would offer it for a hole."""
    name = text.split("component ")[1].split()[0]
    more = "component zz 1.0.0\n  requires {0} * | yy *\n  conflicts {0} *\n  option on: bool = false\n  when option.on == true: requires {0} *\n"
    again = uk.run(text + more.format(name) + "component yy 9.0.0 yanked\n")
    if answers != again:
        yield f"a component that nothing asks for changed the answer: {answers} and {again}"


def as_lock(answer):
    for wire in answer["wiring"]:
        yield f"locked {wire['hole']} = {wire['instance'] or wire['component'] or '-'}"
    for one in answer["alternatives"]:
        yield f"locked {one['at']} = {one['chosen']}"
    for one in (*answer["components"], *answer["signatures"]):
        yield f"locked {one['name']} {one['version']}"


def locked(uk, text, answers):
    """The answer as a lock gives the answer again, with newest and oldest first."""
    some = blocks(text)
    requests = [i for i, block in enumerate(some) if block[0].startswith("request")]
    for i, answer in zip(requests, answers):
        if answer["solved"]:
            some[i] = [line for line in some[i] if line.split()[0] not in ("locked", "update", "minimal-versions")]
            some[i] += [f"  {line}" for line in as_lock(answer)]
    for more in ([], ["  minimal-versions"]):
        again = uk.run(join([block + more if i in requests else block for i, block in enumerate(some)]))
        for before, after in zip(answers, again):
            if before["solved"] and before != after:
                yield f"locked, another answer: {before} and {after}"


def true_by(uk, text, answers):
    """Solutions hold as written, there is one exactly where clingo finds one, and the lines of an explanation alone have none."""
    universe = Universe(text)
    if len(answers) != len(universe.requests):
        yield f"{len(answers)} answers to {len(universe.requests)} requests"
    for request, answer in zip(universe.requests, answers):
        yield from (f"line {request.line}: {problem}" for problem in explained(uk, universe, request, answer))
        if has_solution(universe, request) != answer["solved"]:
            yield f"line {request.line}: solved is {answer['solved']}, and by clingo it is the other way"


def explained(uk, universe, request, answer):
    """A solution is one; the lines of an explanation have none by themselves."""
    if answer["solved"]:
        yield from verify(universe, request, answer)
        return
    cited = [one["line"] for one in answer["because"]]
    if not cited or any(universe.lines[one["line"] - 1].split("#")[0].strip() != one["text"].split("#")[0].strip() for one in answer["because"]):
        yield f"these lines aren't the file's: {answer['because']}"
    if uk.run(only(universe, request, cited))[0]["solved"]:
        yield f"the lines {cited} alone have a solution"


def uncited(uk, text, answers):
    """Without a requirement that the explanation doesn't cite there is still no solution. (One that sets an option may have been all that does.)"""
    universe = Universe(text)
    requirements = {fact.line for versions in [*universe.components.values(), universe.requests] for one in versions
                    for fact in one.of("requires", "conflicts", "forbid", "needs") if not any(choice.options for choice in fact.choices)}
    for answer in answers[:1]:
        if answer["solved"] or len(answers) > 1:
            continue
        spare = sorted(requirements - {one["line"] for one in answer["because"]})
        for line in random.Random(len(text)).sample(spare, min(3, len(spare))):
            if uk.run("\n".join(each for number, each in enumerate(universe.lines, 1) if number != line) + "\n")[0]["solved"]:
                yield f"without line {line}, which {answer['because']} doesn't cite, there is a solution"


def together(uk, text, answers):
    """With many requests, each has the verdict that it has alone; also where nothing sets an option, so that they share a search."""
    head = join([block for block in blocks(text) if not block[0].startswith("request")])
    target = head.split("target ")[1].split()[0]
    wanted = sorted({" ".join(line.split()[1:3]) for line in head.splitlines() if line.startswith("component ")})
    wanted = [f"{name} ={version}" for name, version in map(str.split, wanted)]
    chance = random.Random(len(text))
    for some in (head, re.sub(r" \{[^}]*\}", "", head)):
        for _ in range(min(20, 2 * len(wanted))):
            lines = [" | ".join(chance.sample(wanted, min(len(wanted), chance.randint(1, 2)))) for _ in range(chance.randint(1, 3))]
            some += f"request {target}\n" + "".join(f"  requires {line}\n" for line in lines)
        alone, verdicts = uk.run(some), uk.run(some, more=["--verdicts"])
        lines = [number for number, line in enumerate(some.splitlines(), 1) if line.startswith("request ")]
        if [(one["line"], one["solved"]) for one in verdicts] != [(line, one["solved"]) for line, one in zip(lines, alone, strict=True)]:
            yield f"other verdicts than alone: {verdicts}, of\n{some}"


def damaged(universe, answer):
    """Answers that are surely wrong: something taken away, something that nobody asked for, an option that nobody set so."""
    for key in LINES:
        for i in range(len(answer[key])):
            yield {**answer, key: answer[key][:i] + answer[key][i + 1:]}
    spare = [versions[0] for name, versions in universe.components.items() if all(name != one["name"] for one in answer["components"])]
    for one in spare[:2]:
        options = {name: option.default for name, option in one.options.items()}
        yield {**answer, "components": [*answer["components"], {"name": one.name, "version": one.text, "options": options}]}
    for i, one in enumerate(answer["components"]):
        for option, value in one["options"].items():
            other = {**one, "options": {**one["options"], option: {"true": "false", "false": "true"}.get(value, "1" + value)}}
            yield {**answer, "components": answer["components"][:i] + [other] + answer["components"][i + 1:]}
    for i, wire in enumerate(answer["wiring"]):
        if wire["component"]:
            yield {**answer, "wiring": answer["wiring"][:i] + [{**wire, "instance": None, "component": None}] + answer["wiring"][i + 1:]}


def seen(uk, text, answers):
    """The verifier isn't content with everything."""
    universe = Universe(text)
    for request, answer in zip(universe.requests, answers):
        for wrong in damaged(universe, answer) if answer["solved"] else ():
            if not verify(universe, request, wrong):
                yield f"the verifier takes {wrong} for a solution"


CHECKS = (true_by, seen, shuffled, unreachable, locked, uncited, together)


def check(uk, name, text, some=CHECKS):
    try:
        answers = uk.run(text)
        problems = [f"{one.__name__}: {problem}" for one in some for problem in one(uk, text, answers)]
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return [f"{name}: {error}"], []
    return [f"{name}: {problem}" for problem in problems], answers
