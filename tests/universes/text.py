"""Reads a universe, by docs/reference/universes.md alone: what the verifier and the second solver look at. Nothing of uk's own reading is used."""
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

LOWEST, RELEASED = (-1,), (1,)  # before every pre-release; behind all of them


def pre_key(text):
    if not text:
        return RELEASED
    return (0, tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split(".")))


@cache
def version(text):
    """major, minor, patch, pre-release, revision: sorts as SemVer does, then by revision."""
    found = re.fullmatch(r"(\d+)(?:\.(\d+)(?:\.(\d+)(?:-(.*?))??(?:-r(\d+))?)?)?", text)
    major, minor, patch, pre, revision = found.groups()
    return int(major), int(minor or 0), int(patch or 0), pre_key(pre), int(revision or 0)


class Requirement:
    """Cargo's requirements: each part is an interval of versions, whose ends carry how much of the version was written."""

    def __init__(self, text):
        self.parts, self.named = [], set()
        for part in [] if text in ("", "*") else text.split(","):
            self.parts.append(self.interval(part.strip()))

    def interval(self, text):
        sign, rest = re.fullmatch(r"(>=|<=|>|<|=|~|\^)?\s*(.*)", text).groups()
        if rest.endswith(".*"):
            sign, rest = "=", rest.removesuffix(".*").removesuffix(".*")
        count = rest.split("-")[0].count(".") + 1
        major, minor, patch, pre, revision = version(rest)
        if pre != RELEASED:
            self.named.add((major, minor, patch))
        low = (major, minor, patch, pre if count == 3 else LOWEST, 0)
        behind = {1: (major + 1, 0, 0, LOWEST), 2: (major, minor + 1, 0, LOWEST), 3: (major, minor, patch, pre, float("inf"))}[count]
        end = (float("inf"),)
        if sign == "=":
            return ((*low[:4], revision), (*low[:4], revision + 1)) if revision else (low, behind)
        if sign in (">", ">="):
            return (behind if sign == ">" else low), end
        if sign in ("<", "<="):
            return (0,), (low if sign == "<" else behind)
        if sign == "~":
            return low, (major, minor + 1, 0, LOWEST) if count > 1 else (major + 1, 0, 0, LOWEST)
        if major > 0 or count == 1:
            return low, (major + 1, 0, 0, LOWEST)
        if minor > 0 or count == 2:
            return low, (0, minor + 1, 0, LOWEST)
        return low, (0, 0, patch + 1, LOWEST)

    def holds(self, which):
        return all(low <= which < high for low, high in self.parts)

    def accepts(self, which):
        """A pre-release only where one of the same version is named."""
        return self.holds(which) and (which[3] == RELEASED or which[:3] in self.named)


def serves(chosen, provided):
    """A signature's version in an image with an implementation of `provided`: the same major (of 0: minor), not older."""
    return chosen[0] == provided[0] and (chosen[0] > 0 or chosen[1] == provided[1]) and chosen >= provided


@dataclass
class Option:
    name: str
    type: str
    words: list
    default: str = ""

    def normal(self, written):
        """A value as it is compared, or none if the option can't have it."""
        if self.type == "bool":
            return written if written in ("true", "false") else None
        if self.type == "enum":
            return written if written in self.words else None
        if self.type in ("int", "size"):
            number = amount(written)
            bounds = [amount(end) for end in self.words[0].split("..")] if self.words else None
            if number is None or (bounds and not bounds[0] <= number <= bounds[1]):
                return None
            return written if self.type == "size" else str(number)
        return written


def amount(text):
    found = re.fullmatch(r"(-?\d+)(KiB|MiB|GiB|B)?", text)
    return int(found[1]) << {None: 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30}[found[2]] if found else None


class Condition:
    """`when …`: or, and, not, parentheses, comparisons."""

    def __init__(self, text=""):
        self.text = text
        self.tokens = re.findall(r"==|!=|<=|>=|[<>()]|[^\s<>()=!]+", text)
        self.names = {token for token in self.tokens if token.startswith("option.")}
        self.tree = self.either() if text else None

    def either(self):
        return self.chain("or", self.both)

    def both(self):
        return self.chain("and", self.negated)

    def chain(self, word, part):
        tree = part()
        while self.tokens[:1] == [word]:
            self.tokens.pop(0)
            tree = (word, tree, part())
        return tree

    def negated(self):
        first = self.tokens.pop(0)
        if first == "not":
            return ("not", self.negated())
        if first == "(":
            tree = self.either()
            self.tokens.pop(0)
            return tree
        return (self.tokens.pop(0), first, self.tokens.pop(0))

    def holds(self, values):
        def of(tree):
            if tree[0] == "not":
                return not of(tree[1])
            if tree[0] in ("or", "and"):
                return (any if tree[0] == "or" else all)(of(part) for part in tree[1:])
            sign, name, literal = tree
            if name not in values:
                return False
            if sign in ("==", "!="):
                return (values[name] == literal) == (sign == "==")
            mine, theirs = amount(values[name]), amount(literal)
            return {"<": mine < theirs, ">": mine > theirs, "<=": mine <= theirs, ">=": mine >= theirs}[sign]
        return self.tree is None or of(self.tree)


@dataclass
class Choice:
    name: str
    versions: Requirement
    options: list  # (name, value)


@dataclass
class Fact:
    """`when WHEN: VERB …`"""
    verb: str
    rest: str
    line: int
    when: Condition
    choices: list = field(default_factory=list)  # of requires, conflicts, forbid, over; of needs, the signature
    label: str = ""
    optional: bool = False

    def key(self, owner):
        """What an alternative is called."""
        return f"{owner or 'request'}: " + " | ".join(one.name for one in self.choices)


@dataclass
class Block:
    kind: str
    name: str
    line: int
    version: tuple = ()
    text: str = ""  # the version, as it is printed
    words: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    options: dict = field(default_factory=dict)

    def of(self, *verbs):
        return [fact for fact in self.facts if fact.verb in verbs]


def read_choice(text):
    head, _, options = text.partition("{")
    name, _, versions = head.strip().partition(" ")
    pairs = [tuple(word.strip() for word in part.split("=", 1)) for part in options.rstrip("} ").split(",") if part.strip()]
    return Choice(name, Requirement(versions.strip()), pairs)


def read_fact(text, line):
    when = ""
    if text.startswith("when "):
        when, _, text = text.removeprefix("when ").partition(":")
    verb, _, rest = text.strip().partition(" ")
    fact = Fact(verb, rest.strip(), line, Condition(when.strip()))
    if verb == "needs":
        label, _, signature = fact.rest.partition(":")
        fact.optional = signature.endswith(" optional")
        fact.label, fact.choices = label.strip(), [read_choice(signature.removesuffix(" optional").strip())]
    elif verb in ("requires", "conflicts", "forbid", "over"):
        fact.choices = [read_choice(part.strip()) for part in fact.rest.split("|")]
    return fact


def equation(fact, sign="="):
    left, _, right = fact.rest.partition(sign)
    return left.strip(), right.strip()


def written(key):
    """A version as uk prints it."""
    major, minor, patch, pre, revision = key
    tail = "" if pre == RELEASED else "-" + ".".join(str(number) if kind == 0 else word for kind, number, word in pre[1])
    return f"{major}.{minor}.{patch}{tail}" + (f"-r{revision}" if revision else "")


class Universe:
    def __init__(self, text):
        self.components, self.signatures = defaultdict(list), defaultdict(list)
        self.targets, self.requests, self.lines = {}, [], text.splitlines()
        block = None
        for number, line in enumerate(self.lines, 1):
            line = line.split("#")[0].strip()
            words = line.split()
            if not words:
                continue
            if words[0] in ("component", "signature", "target", "request"):
                block = Block(words[0], words[1], number, words=words[2:])
                if block.kind in ("component", "signature"):
                    block.version = version(words[2])
                    block.text = written(block.version)
                if block.kind == "target":
                    self.targets[block.name] = block
                elif block.kind == "request":
                    self.requests.append(block)
                else:
                    (self.components if block.kind == "component" else self.signatures)[block.name].append(block)
            elif words[0] == "option":
                found = re.fullmatch(r"option\s+(\S+?)\s*:\s*(\w+)\s*(.*?)\s*=\s*(.*)", line)
                one = Option(found[1], found[2], found[3].split())
                one.default = one.normal(found[4])
                block.options[one.name] = one
            else:
                block.facts.append(read_fact(line, number))
        self.providers = defaultdict(set)  # signature → components
        declared = set(self.signatures)
        for versions in list(self.components.values()):
            for one in versions:
                for fact in one.of("provides"):
                    name, number = fact.rest.split()
                    self.providers[name].add(one.name)
                    if name not in declared and all(version(number) != other.version for other in self.signatures[name]):
                        self.signatures[name].append(Block("signature", name, fact.line, version(number), written(version(number))))
        for versions in [*self.components.values(), *self.signatures.values()]:
            versions.sort(key=lambda one: one.version, reverse=True)

    def image_scope(self, name):
        return name in self.signatures and "scope" in self.signatures[name][0].words

    def exclusive(self, name):
        return name in self.signatures and "exclusive" in self.signatures[name][0].words

    def properties(self, request):
        target = self.targets[request.name]
        found = {"target.arch": "x86_64", "target.family": "unikernel", "target.name": target.name, "target.profile": "speed"}
        return {**found, **{f"target.{key}": value for key, value in (word.split("=") for word in target.words + request.words)}}

    def instances(self, request):
        """Those with a name of their own → their component. Every component has one of its own name besides."""
        return {name: words[0] for name, words in self.named(request).items()}

    def told(self, request, name):
        """The settings that an instance is told."""
        return self.named(request).get(name, [])[2:]

    def named(self, request):
        pairs = [equation(fact) for fact in (*self.targets[request.name].of("device"), *request.of("instance"))]
        return {name: words.split() for name, words in pairs}
