"""Universes drawn from a seed, larger and with more kinds of facts than tests/resolver/draw.cpp draws: pre-releases, yanked versions, options of
all types, conditions with `and`, `or`, `not`, long alternatives, signatures that require each other, instances, exclusive devices."""
import random

OPTIONS = {"fast": ("bool", "false", ["true", "false"], ["option.fast == true", "option.fast != true"]),
           "size": ("int 1..9", "4", ["4", "8", "9", "12"], ["option.size > 4", "option.size <= 4", "option.size >= 8"]),
           "mode": ("enum a b c", "a", ["a", "b", "c", "d"], ["option.mode == b", "not option.mode == a"]),
           "room": ("size 4KiB..1MiB", "64KiB", ["64KiB", "128KiB"], ["option.room > 64KiB", "option.room == 64KiB"]),
           "name": ("text", "x", ["x", "y"], ["option.name == y"])}
TARGET = ["target.family == unikernel", "target.family == hosted", "target.arch == x86_64", "not target.name == other", "target.profile == size"]


class Drawing:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.names = [f"c{i}" for i in range(self.chance.randint(3, 14))]
        self.plain = [f"s{i}" for i in range(self.chance.randint(1, 3))]
        self.image = [f"g{i}" for i in range(self.chance.randint(0, 2))]
        self.options = {}
        self.lines = []

    def one_in(self, n):
        return self.chance.randrange(n) == 0

    def of(self, some):
        return self.chance.choice(some)

    def number(self):
        return f"{self.chance.randint(0, 3)}.{self.chance.randint(0, 2)}.{self.chance.randint(0, 1)}"

    def versions(self):
        if self.one_in(2):
            return "*"
        kind = self.chance.randrange(6)
        number = self.number()
        return [f"^{number}", f"^{number[:3]}", f">={number[0]}", f"<{int(number[0]) + 1}", f">={number[:3]}, <4",
                f">={number}-rc" if self.one_in(3) else f"~{number[:3]}"][kind]

    def when(self, owner):
        if not self.one_in(3):
            return ""
        known = TARGET + 2 * [one for option in self.options.get(owner, ()) for one in OPTIONS[option][3]]
        text = self.of(known)
        if self.one_in(4):
            text = self.of([f"{text} and {self.of(known)}", f"{text} or {self.of(known)}", f"not ({text} and {self.of(known)})"])
        return f"when {text}: "

    def choice(self, owner):
        if self.image and self.one_in(8):
            return f"{self.of(self.image)} ^1"
        name = self.of([name for name in self.names if name != owner])
        text = f"{name} {self.versions()}"
        if self.options[name] and self.one_in(5):
            option = self.of(self.options[name])
            text += f" {{{option} = {self.of(OPTIONS[option][2])}}}"
        return text

    def requires(self, owner):
        choices = [self.choice(owner)]
        while self.one_in(3):
            choices.append(self.choice(owner))
        return f"requires {' | '.join(choices)}"

    def component(self, name):
        for number in sorted({self.number() for _ in range(self.chance.randint(1, 4))}):
            tail = self.of(["-rc.1", "-r1", "-r2"]) if self.one_in(8) else ""
            self.lines.append(f"component {name} {number}{tail}{' yanked' if self.one_in(12) else ''}")
            for option in self.options[name]:
                kind, default, _, _ = OPTIONS[option]
                self.lines.append(f"  option {option}: {kind} = {default}")

            def add(text):
                self.lines.append(f"  {self.when(name)}{text}")
            for signature in self.plain:
                if self.one_in(2):
                    add(f"provides {signature} 1.{self.chance.randint(0, 2)}")
            for signature in self.image:
                if self.one_in(4):
                    add(f"provides {signature} 1.{self.chance.randint(0, 1)}")
            for _ in range(self.chance.randint(0, 3)):
                add(self.requires(name))
            for label in ("n", "m"):
                if self.one_in(4):
                    add(f"needs {label}: {self.of(self.plain)} ^1{self.of(['', '.1', '.0'])}{' optional' if self.one_in(6) else ''}")
            if self.one_in(4):
                add(f"conflicts {self.of([other for other in self.names if other != name])} {self.versions()}")
            if self.one_in(10):
                self.lines.append("  singleton")
            if self.one_in(10):
                self.lines.append("  setting told")
            if self.one_in(10):
                add(f"over {self.of(self.plain)} ^1")
            if self.options[name] and self.one_in(8):
                self.lines.append(f"  when {self.of(OPTIONS[self.of(self.options[name])][3])}: absent")

    def request(self):
        lines = [self.requires("") for _ in range(self.chance.randint(0, 3))]
        signature = self.of(self.plain)
        lines.append(f"needs x: {signature} ^1")
        if self.one_in(2):
            lines.append(f"needs y: {signature} ^1")
            lines += ["same y = x"] if self.one_in(3) else []
        if self.one_in(3):
            lines.append(f"needs z: {self.of(self.plain)} ^1.1")
        if self.one_in(3):
            lines.append(f"instance i = {self.of(self.names)}{self.of(['', ' with told'])}")
            lines += [f"use {self.of(['i/n', 'x'])} = {self.of([*self.names, 'i', 'dev'])}"] if self.one_in(2) else []
        for name in self.names:
            if self.options[name] and self.one_in(8):
                option = self.of(self.options[name])
                lines.append(f"set {name}.{option} = {self.of(OPTIONS[option][2][:2])}")
        if self.one_in(6):
            lines.append(f"{self.when('')}forbid {self.of(self.names)} {self.versions()}")
        if self.one_in(8):
            lines.append(f"over {self.of(self.plain)} ^1")
        if self.one_in(3):
            lines += [f"locked {name} {self.number()}" for name in self.names if self.one_in(3)]
            lines.append(f"locked x = {self.of(self.names)}")
        if self.one_in(6):
            lines.append(f"update {self.of(self.names)}")
        if self.one_in(8):
            lines.append("minimal-versions")
        self.lines += [f"request t{self.of(['', ' profile=size'])}", *(f"  {line}" for line in lines)]

    def text(self):
        for name in self.names:
            self.options[name] = [option for option in OPTIONS if self.one_in(4)]
        for i, signature in enumerate(self.plain):
            exclusive = " exclusive" if self.one_in(3) else ""
            for minor in range(3):
                self.lines.append(f"signature {signature} 1.{minor}{exclusive}")
                if i and self.one_in(3):
                    self.lines.append(f"  requires {self.plain[i - 1]} ^1.{self.chance.randint(0, 1)}")
                if self.one_in(12):
                    self.lines.append(f"  requires {self.of(self.names)} {self.versions()}")
        for signature in self.image:
            self.lines += [f"signature {signature} 1.{minor} scope image" for minor in range(2)]
        for name in self.names:
            self.component(name)
        self.lines.append(f"target t family={self.of(['unikernel', 'hosted'])}")
        own = self.one_in(5)
        if not own and self.one_in(3):
            self.lines.append("  " + self.requires(""))
        self.lines.append(f"  device dev = {self.of(self.names)}{self.of(['', ' with told'])}")
        if self.one_in(2):
            self.lines.append(f"  prefers {self.of(self.plain)}: {self.of(['dev', *self.names])}")
        if own:
            self.options["t"] = []
            self.component("t")
        self.request()
        return "\n".join(self.lines) + "\n"


def draw(seed):
    return Drawing(seed).text()


def blocks(text):
    """The blocks of a universe, each with its lines."""
    found = []
    for line in text.splitlines():
        if line.split()[:1] and line.split()[0] in ("component", "signature", "target", "request"):
            found.append([])
        if found and line.strip():
            found[-1].append(line)
    return found


def join(some):
    return "".join(line + "\n" for block in some for line in block)
