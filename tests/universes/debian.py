"""Debian's index of packages as a universe.

A name's versions, with those that anything names, are numbered in Debian's order: the n-th is `n.0.0`, so every comparison keeps its
meaning. What a package provides becomes a further entry of each alternative that asks for it and a further line of each conflict, save
the package's own. Essential packages are what the target requires. A second line of a package with the same names is one choice in a
universe and another in Debian, so it moves to a component `NAME_N_I` of its own; Debian's names have no `_`.
"""
import glob
import random
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

LISTS = "/var/lib/apt/lists/*_dists_*_main_binary-amd64_Packages*"
FIELDS = ("Package", "Version", "Architecture", "Depends", "Pre-Depends", "Provides", "Conflicts", "Breaks", "Essential")
HOLDS = {"<<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b, ">=": lambda a, b: a >= b, ">>": lambda a, b: a > b}
SIGNS = {"<<": "<", "<=": "<=", "=": "=", ">=": ">=", ">>": ">"}


@cache
def order(version):
    """A key that sorts as Debian's policy, 5.6.12, says: `~` before the end, the end before letters, letters before the rest."""
    epoch, _, rest = version.rpartition(":") if ":" in version else ("0", "", version)
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")

    def key(text):
        parts = []
        for other, digits in re.findall(r"(\D*)(\d*)", text):
            ranks = tuple(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in other)
            parts.append((ranks + (0,), int(digits or 0)))
        while parts and parts[-1] == ((0,), 0):
            parts.pop()
        return (*parts, ((0,), 0))

    return int(epoch), key(upstream), key(revision)


@dataclass
class Package:
    name: str
    version: str
    depends: list = field(default_factory=list)  # lists of alternatives: (name, sign, version)
    conflicts: list = field(default_factory=list)
    provides: list = field(default_factory=list)  # (name, version or none)
    essential: bool = False
    stanza: str = ""


def read_atom(text):
    found = re.match(r"\s*([^\s(:]+)(:[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?", text)
    name, qualifier, sign, version = found.groups()
    # On a system of one architecture `:any` and `:native` say nothing; another qualifier is part of the name.
    return name + (qualifier or "" if qualifier not in (":any", ":native") else ""), sign, version


def stanzas(text):
    return [stanza for stanza in text.split("\n\n") if stanza.strip()]


def read(some):
    """The packages of these stanzas; of two with the same name and version, the last."""
    packages = {}
    for stanza in some:
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", stanza, re.M))
        depends = [line for key in ("Pre-Depends", "Depends") for line in fields.get(key, "").split(",") if line.strip()]
        conflicts = [line for key in ("Conflicts", "Breaks") for line in fields.get(key, "").split(",") if line.strip()]
        provided = [read_atom(line) for line in fields.get("Provides", "").split(",") if line.strip()]
        packages[fields["Package"], order(fields["Version"])] = Package(
            fields["Package"], fields["Version"], [[read_atom(atom) for atom in line.split("|")] for line in depends],
            [read_atom(line) for line in conflicts], [(name, version) for name, sign, version in provided],
            fields.get("Essential") == "yes", stanza)
    return list(packages.values())


def index_text(more=False):
    """The machine's own index of main, as apt has it; empty if it has none. `more`: with its updates, so that names have several versions."""
    lists = sorted(glob.glob(LISTS), key=lambda name: ("updates" in name or "security" in name, name))
    lists = lists[:None if more else 1]
    return "\n\n".join(subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", one], capture_output=True, text=True, check=True).stdout
                       for one in lists)


def slim(stanza):
    """Only what decides."""
    return "\n".join(line for line in stanza.splitlines() if line.split(":")[0] in FIELDS)


def broken(text):
    """The packages that dose-debcheck's report says can't be installed: name and version."""
    return set(re.findall(r"package: (\S+)\n  version: (\S+)", text))


class Converter:
    def __init__(self, packages):
        self.packages = packages
        self.by_name, self.providers, named = defaultdict(list), defaultdict(list), defaultdict(set)
        for one in packages:
            self.by_name[one.name].append(one)
            named[one.name].add(order(one.version))
            for name, version in one.provides:
                self.providers[name].append((one, version))
            for name, sign, version in [*one.conflicts, *(atom for line in one.depends for atom in line)]:
                if sign:
                    named[name].add(order(version))
        self.ranks = {name: {key: i + 1 for i, key in enumerate(sorted(keys))} for name, keys in named.items()}

    def rank(self, one):
        return self.ranks[one.name][order(one.version)]

    @staticmethod
    def fits(atom, one):
        """Does this package satisfy the atom, under its own name or by what it provides?"""
        name, sign, version = atom
        own = [(one.name, one.version)] if one.name == name else []
        return any(theirs == name and (not sign or (has and HOLDS[sign](order(has), order(version)))) for theirs, has in own + one.provides)

    def entries(self, atom, but=None):
        """What satisfies an atom, each as `name versions`; without one package."""
        name, sign, version = atom
        found = []
        if name in self.by_name and (but is None or but.name != name):
            found.append(name + (f" {SIGNS[sign]}{self.ranks[name][order(version)]}.0.0" if sign else " *"))
        for one, _ in self.providers.get(name, ()):
            if one.name not in (name, but and but.name) and self.fits(atom, one):
                found.append(f"{one.name} ={self.rank(one)}.0.0")
        return list(dict.fromkeys(found))

    def component(self, one):
        rank = self.rank(one)
        lines, helpers, seen, written = [], [], set(), set()
        for clause in one.depends:
            if any(self.fits(atom, one) for atom in clause):
                continue
            entries = list(dict.fromkeys(entry for atom in clause for entry in self.entries(atom)))
            text = " | ".join(entries or [f"{clause[0][0].replace(':', '_')} *"])
            if text in written:
                continue
            written.add(text)
            names = tuple(entry.split()[0] for entry in entries)
            if len(names) > 1 and names in seen:
                helper = f"{one.name}_{rank}_{len(helpers)}"
                helpers.append(f"component {helper} 1.0.0\n  requires {text}")
                text = f"{helper} *"
            seen.add(names)
            lines.append(f"  requires {text}")
        for atom in one.conflicts:
            lines += [f"  conflicts {entry}" for entry in self.entries(atom, one)]
        return "\n".join([f"component {one.name} {rank}.0.0", *dict.fromkeys(lines), *helpers])

    def universe(self):
        blocks = [self.component(one) for one in self.packages]
        essential = dict.fromkeys(one.name for one in self.packages if one.essential)
        return "\n".join([*blocks, "target debian", *(f"  requires {name} *" for name in essential)]) + "\n"

    def request(self, one):
        return f"request debian\n  requires {one.name} ={self.rank(one)}.0.0\n"


def subset(packages, size, missing, seed):
    """About `size` packages of the index: the essential ones with what they need, and some others with what they need and what they are in
    conflict with; of the others, one in `missing` is taken away."""
    chance = random.Random(seed)
    by_name = defaultdict(list)
    for one in packages:
        for name in {one.name, *(name for name, _ in one.provides)}:
            by_name[name].append(one)
    wanted = {}

    def add(names, most, alternatives):
        opened = list(names)
        while opened and len(wanted) < most:
            for one in by_name.get(opened.pop(0), ())[:2]:
                if id(one) not in wanted:
                    wanted[id(one)] = one
                    opened += [name for line in one.depends for name, *_ in line[:alternatives]]
                    opened += [name for name, *_ in one.conflicts if alternatives > 1 and chance.randrange(2)]

    add([one.name for one in packages if one.essential], len(packages), 1)
    base = set(wanted)
    while len(wanted) < size:
        add([chance.choice(packages).name], size, 3)
    return [one for key, one in wanted.items() if key in base or chance.randrange(missing)]
