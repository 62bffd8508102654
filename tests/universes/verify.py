"""Is an answer of `uk --json solve` a solution? By what docs/reference/universes.md and docs/explanation/resolution.md say must hold, looked
up in the text, not in anything that was solved. What is the best of several solutions isn't asked here."""
from text import equation, serves, version


class Verifier:
    def __init__(self, universe, request, answer):
        self.all, self.request, self.target = universe, request, universe.targets[request.name]
        self.problems = []
        self.properties = universe.properties(request)
        self.named = universe.instances(request)
        self.uses = dict(equation(fact) for fact in request.of("use"))
        self.chosen, self.values = {}, {}  # component → its block; → its options
        for one in answer["components"]:
            found = [each for each in universe.components.get(one["name"], ()) if each.text == one["version"]]
            self.expect(found and one["name"] not in self.chosen, f"{one['name']} {one['version']} isn't there, or twice")
            if found:
                self.chosen[one["name"]], self.values[one["name"]] = found[0], one["options"]
        self.signatures = {one["name"]: version(one["version"]) for one in answer["signatures"]}
        self.wiring = {one["hole"]: one for one in answer["wiring"]}
        self.alternatives = {one["at"]: one["chosen"] for one in answer["alternatives"]}
        self.asked = set()  # signatures
        self.setters = {}  # (component, option) → values
        self.reached, self.holes, self.taken, self.branches = set(), {}, {}, set()

    def expect(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def active(self, owner, fact):
        """Does `when` hold? The owner is a component, or none for the request and the target."""
        values = self.properties if owner is None else {**self.properties, **{f"option.{k}": v for k, v in self.values[owner].items()}}
        return fact.when.holds(values)

    def component(self, instance):
        return self.named.get(instance, instance)

    def provided(self, name, signature):
        """The versions that a component provides; the first line whose condition holds counts first."""
        return [version(fact.rest.split()[1]) for fact in self.chosen[name].of("provides")
                if fact.rest.split()[0] == signature and self.active(name, fact)] if name in self.chosen else []

    def asks(self, choice, line):
        """A signature is asked for in some version."""
        self.asked.add(choice.name)
        chosen = self.signatures.get(choice.name)
        self.expect(chosen and choice.versions.accepts(chosen), f"line {line}: {choice.name} is {chosen}")

    def fills(self, name, choice, line):
        self.asks(choice, line)
        provided = self.provided(name, choice.name)
        self.expect(provided and choice.versions.holds(provided[0]), f"line {line}: {name} doesn't provide {choice.name} so: {provided}")

    def sets(self, name, options, line):
        for option, value in options:
            declared = self.chosen[name].options.get(option) if name in self.chosen else None
            normal = declared and declared.normal(value)
            self.expect(normal is not None, f"line {line}: {name} has no {option} that can be {value}")
            self.setters.setdefault((name, option), set()).add(normal)

    def reach(self, name):
        """Follows what is required, without recursion: a universe may be a long chain."""
        opened = [name]
        while opened:
            name = opened.pop()
            if name in self.reached or name not in self.chosen:
                continue
            self.reached.add(name)
            opened += [more for fact in self.chosen[name].of("requires") if (more := self.requires(name, fact))]

    def requires(self, owner, fact):
        """The component that a line brings in."""
        if not self.active(owner if owner in self.chosen else None, fact):
            return None
        choices = fact.choices
        if len(choices) > 1:
            key = fact.key(owner)
            self.branches.add(key)
            names = [one for one in choices if one.name == self.alternatives.get(key)]
            self.expect(names, f"line {fact.line}: no entry was chosen")
            # Entries of one name can't be told apart in what is printed: one of them must hold.
            choices = sorted(names, key=lambda one: not (self.satisfied(one) and self.has(one)))[:1]
        for one in choices:
            if self.all.image_scope(one.name):
                wire = self.wiring.get(one.name, {})
                name = wire.get("component")
                self.expect(name, f"line {fact.line}: {one.name} has no provider")
                self.holes[one.name] = one.name
                if name:
                    self.fills(name, one, fact.line)
                    self.sets(name, one.options, fact.line)
                return name
            self.expect(self.satisfied(one), f"line {fact.line}: `{fact.rest}` isn't satisfied")
            self.sets(one.name, one.options, fact.line)
            return one.name
        return None

    def satisfied(self, choice):
        return self.all.image_scope(choice.name) or (choice.name in self.chosen and choice.versions.accepts(self.chosen[choice.name].version))

    def has(self, choice):
        return all(self.values.get(choice.name, {}).get(option) == value for option, value in choice.options)

    def needs(self, owner, fact):
        """The instance that fills a hole."""
        hole = f"{owner}/{fact.label}" if owner else fact.label
        if not self.active(self.component(owner) if owner else None, fact):
            return None
        wire = self.wiring.get(hole, {})
        self.holes[hole] = fact.choices[0].name
        self.expect(wire.get("signature") == fact.choices[0].name, f"line {fact.line}: {hole} isn't wired")
        instance = wire.get("instance")
        if fact.optional and hole not in self.uses:
            self.expect(instance is None, f"line {fact.line}: {hole} is optional and nobody says `use`")
            return None
        self.expect(instance, f"line {fact.line}: {hole} is unfilled")
        if instance:
            self.expect(self.component(instance) == wire["component"], f"{hole}: {instance} isn't of {wire['component']}")
            self.fills(wire["component"], fact.choices[0], fact.line)
            self.taken.setdefault(instance, []).append((hole, fact.choices[0].name))
        return instance

    def follow(self):
        """The image from the request on: every hole of every instance, everything that is required."""
        for fact in self.request.of("requires"):
            self.reach(self.requires(None, fact))
        for fact in self.target.of("requires"):
            self.reach(self.requires(self.target.name, fact))
        if self.target.name in self.all.components:
            self.expect(self.target.name in self.chosen, "the target's own component isn't in the image")
            self.reach(self.target.name)
        opened = [self.needs(None, fact) for fact in self.request.of("needs")]
        edges = {}
        while opened:
            name = opened.pop()
            if name is None or name in edges:
                continue
            component = self.component(name)
            self.reach(component)
            facts = self.chosen[component].of("needs") if component in self.chosen else []
            told = self.all.told(self.request, name)
            for fact in self.chosen[component].of("setting") if component in self.chosen else ():
                self.expect(fact.rest in told, f"line {fact.line}: nobody tells {name} its {fact.rest}")
            edges[name] = [filler for fact in facts if (filler := self.needs(name, fact))]
            opened += edges[name]
        return edges

    def acyclic(self, edges):
        count = {name: 0 for name in edges}
        for fillers in edges.values():
            for name in fillers:
                count[name] = count.get(name, 0) + 1
        free = [name for name, much in count.items() if much == 0]
        for name in free:
            for other in edges.get(name, ()):
                count[other] -= 1
                if count[other] == 0:
                    free.append(other)
        self.expect(len(free) == len(count), "the wiring has a cycle")

    def shared(self, instances):
        same = dict(equation(fact) for fact in self.request.of("same"))

        def root(label):
            for _ in range(len(same) + 1):
                label = same.get(label, label)
            return label
        labels = [fact for fact in self.request.of("needs") if fact.label in self.holes]
        filler = {fact.label: self.wiring.get(fact.label, {}).get("instance") for fact in labels}
        for i, one in enumerate(labels):
            for other in labels[:i]:
                if filler[one.label] and filler[one.label] == filler[other.label] and one.choices[0].name == other.choices[0].name:
                    self.expect(root(one.label) == root(other.label), f"{one.label} and {other.label} share {filler[one.label]}")
        for left, right in same.items():
            if filler.get(left) and filler.get(right):
                self.expect(filler[left] == filler[right], f"{left} isn't the same as {right}")
        for name, holes in self.taken.items():
            exclusive = [signature for _, signature in holes if self.all.exclusive(signature)]
            self.expect(len(exclusive) == len(set(exclusive)), f"{name} fills two holes of an exclusive signature")
        single = [self.component(name) for name in instances if self.component(name) in self.chosen
                  and self.chosen[self.component(name)].of("singleton")]
        self.expect(len(single) == len(set(single)), f"a singleton has two instances: {single}")

    def conflicts(self, owner, facts):
        for fact in facts:
            one = fact.choices[0]
            if self.active(owner, fact) and one.name in self.chosen:
                self.expect(not one.versions.holds(self.chosen[one.name].version), f"line {fact.line}: `{fact.verb} {fact.rest}` isn't obeyed")

    def components(self, instances):
        image = {}  # signature of scope image → the provider
        for name, one in self.chosen.items():
            updated = [fact.rest for fact in self.request.of("update")]
            locked = [fact.rest for fact in self.request.of("locked") if fact.rest.split(" ")[0] not in updated]
            self.expect("yanked" not in one.words or f"{name} {one.text}" in locked, f"{name} {one.text} is yanked")
            self.conflicts(name, one.of("conflicts"))
            for fact in one.of("absent"):
                self.expect(not self.active(name, fact), f"line {fact.line}: {name} is absent here")
            for fact in one.of("over"):
                if self.active(name, fact):
                    self.asks(fact.choices[0], fact.line)
            for fact in one.of("provides"):
                signature = fact.rest.split()[0]
                if self.all.image_scope(signature) and self.active(name, fact):
                    self.expect(image.setdefault(signature, name) == name, f"{name} and {image[signature]} both provide {signature}")
            self.expect(set(self.values[name]) == set(one.options), f"{name}'s options are {self.values[name]}")
            for option, declared in one.options.items():
                wanted = self.setters.get((name, option), {declared.default})
                self.expect({self.values[name].get(option)} == wanted, f"{name}.{option} is {self.values[name].get(option)}, not {wanted}")
        for signature, chosen in self.signatures.items():
            provided = [(name, each) for name in {self.component(instance) for instance in instances} for each in self.provided(name, signature)]
            if self.all.image_scope(signature):
                name = self.wiring.get(signature, {}).get("component")
                provided = [(name, each) for each in self.provided(name, signature)]
            for name, each in provided:
                self.expect(serves(chosen, each), f"{signature} {chosen} doesn't serve {name}, which provides {each}")
            for one in self.all.signatures[signature]:
                for fact in one.of("requires") if one.version == chosen else ():
                    self.signature_requires(fact)

    def signature_requires(self, fact):
        if fact.choices[0].name not in self.all.components:
            self.asks(fact.choices[0], fact.line)
            return
        self.expect(self.satisfied(fact.choices[0]), f"line {fact.line}: `{fact.rest}` isn't satisfied")
        self.reach(fact.choices[0].name)

    def verify(self):
        """What is wrong with the answer, in words."""
        edges = self.follow()
        for fact in self.request.of("set"):
            name, _, option = equation(fact)[0].rpartition(".")
            if name in self.chosen:
                self.sets(name, [(option, equation(fact)[1])], fact.line)
        for fact in self.request.of("over"):
            self.asks(fact.choices[0], fact.line)
        self.acyclic(edges)
        self.shared(edges)
        self.components(edges)
        self.conflicts(None, self.request.of("forbid"))
        for hole, filler in self.uses.items():
            if hole in self.holes:
                wire = self.wiring.get(hole, {})
                self.expect(filler in (wire.get("instance"), wire.get("component")), f"{hole} isn't filled by {filler}")
        self.expect(self.reached == set(self.chosen), f"in the image for nothing, or missing: {self.reached ^ set(self.chosen)}")
        self.expect(set(self.holes) == set(self.wiring), f"wired for nothing, or missing: {set(self.holes) ^ set(self.wiring)}")
        self.expect(self.branches == set(self.alternatives), f"alternatives: {self.branches ^ set(self.alternatives)}")
        self.expect(self.asked == set(self.signatures), f"signatures: {self.asked ^ set(self.signatures)}")
        return self.problems


def verify(universe, request, answer):
    return Verifier(universe, request, answer).verify()


DEMANDS = ("requires", "needs", "conflicts", "absent", "over", "forbid", "use", "same", "set")


def only(universe, request, because):
    """The universe's text with the lines of an explanation, the heads and what is offered; of all that demands, nothing else."""
    keep, heads = set(because), {one.line: one for one in universe.requests}
    for versions in [*universe.components.values(), *universe.signatures.values(), universe.targets.values()]:
        for one in versions:
            heads.setdefault(one.line, one)
    demanding = {fact.line for one in heads.values() for fact in one.facts if fact.verb in DEMANDS}
    lines, inside = [], None
    for number, line in enumerate(universe.lines, 1):
        inside = heads.get(number, inside)
        if inside is not None and inside.kind == "request" and inside is not request:
            continue
        if number in demanding and number not in keep:
            continue
        if number in heads and number not in keep:
            line = line.replace(" yanked", "")
        lines.append(line)
    return "\n".join(lines) + "\n"
