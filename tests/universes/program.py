"""A request of a universe as an answer-set program, and whether it has a solution: a second truth beside uk's own solver, by clingo.

What is in the image follows from rules, so nothing is there that nothing requires. Options are guessed: another value than the default
must be set by something that is there.
"""
import itertools
import subprocess

from text import equation, serves, version


class Program:
    def __init__(self, universe, request):
        self.all, self.request, self.target = universe, request, universe.targets[request.name]
        self.properties = universe.properties(request)
        self.named = universe.instances(request)
        self.uses = dict(equation(fact) for fact in request.of("use"))
        self.rules, self.numbers, self.setters, self.conditions, self.lines = [], {}, {}, {}, {}

    def n(self, *what):
        """A number for a name: clingo needs no quoting then."""
        return self.numbers.setdefault(what, len(self.numbers))

    def rule(self, head, *body):
        self.rules.append(f"{head} :- {', '.join(body)}." if body else f"{head}.")

    def one_of(self, atoms, *body):
        self.rule("1{" + ";".join(atoms) + "}1" if atoms else "", *(body or ("1=1",)))

    def versions(self, name):
        return self.all.components.get(name, [])

    def is_(self, name, one):
        return f"v({self.n(name)},{self.n('version', one.text)})"

    def value(self, name, option, value):
        return f"val({self.n(name)},{self.n('option', option)},{self.n('value', value)})"

    def fillers(self, signature):
        components = self.all.providers.get(signature, set())
        own = [name for name in components if name not in self.named]
        return sorted([*own, *(name for name, component in self.named.items() if component in components)])

    def component(self, instance):
        return self.named.get(instance, instance)

    def collect_setters(self):
        facts = [*self.request.of("requires"), *self.target.of("requires")]
        facts += [fact for versions in self.all.components.values() for one in versions for fact in one.of("requires")]
        pairs = [(one.name, option, value) for fact in facts for one in fact.choices for option, value in one.options]
        for fact in self.request.of("set"):
            left, value = equation(fact)
            name, _, option = left.rpartition(".")
            pairs.append((name, option, value))
        for name, option, value in pairs:
            owners = self.all.providers.get(name, set()) if self.all.image_scope(name) else [name]
            for owner in owners:
                self.setters.setdefault((owner, option), set()).add(value)

    def possible(self, name, one, option):
        """The values that an option may have in that version, the default first."""
        declared = one.options[option]
        others = {declared.normal(value) for value in self.setters.get((name, option), ())} - {None, declared.default}
        return [declared.default, *sorted(others)]

    def when(self, name, one, fact):
        """The atoms under which a fact of a version counts; none: never."""
        if not fact.when.text:
            return [self.is_(name, one)]
        options = sorted(known.removeprefix("option.") for known in fact.when.names)
        if not options:
            return [self.is_(name, one)] if fact.when.holds(self.properties) else None
        key = (name, one.text, fact.when.text)
        if key not in self.conditions:
            self.conditions[key] = atom = f"when({self.n('when', *key)})"
            for values in itertools.product(*(self.possible(name, one, option) for option in options)):
                if fact.when.holds({**self.properties, **{f"option.{k}": v for k, v in zip(options, values)}}):
                    self.rule(atom, self.is_(name, one), *(self.value(name, k, v) for k, v in zip(options, values)))
        return [self.conditions[key]]

    def set(self, name, options, *body):
        for option, value in options:
            for one in self.versions(name):
                normal = one.options[option].normal(value) if option in one.options else None
                if normal is None:
                    self.rule("", *body, self.is_(name, one))
                else:
                    self.rule(f"set({self.n(name)},{self.n('option', option)},{self.n('value', normal)})", *body, self.is_(name, one))

    def asks(self, choice, *body):
        signature = self.n(choice.name)
        self.rule(f"asked({signature})", *body)
        for one in self.all.signatures.get(choice.name, []):
            if not choice.versions.accepts(one.version):
                self.rule("", *body, f"sig({signature},{self.n('version', one.text)})")
        if choice.name not in self.all.signatures:
            self.rule("", *body)

    def fits(self, name, choice, *body):
        """The component provides it in such a version: the first line whose condition holds."""
        for one in self.versions(name):
            before = []
            for fact in one.of("provides"):
                signature, number = fact.rest.split()
                gate = self.when(name, one, fact) if signature == choice.name else None
                if gate is None:
                    continue
                if not choice.versions.holds(version(number)):
                    self.rule("", *body, *before, *gate)
                before += [f"not {gate[0]}"]
            self.rule("", *body, *before, self.is_(name, one))

    def require(self, owner, fact, *body):
        act = f"act({fact.line})"
        self.rule(act, *body)
        entries = [(one, (act,)) for one in fact.choices]
        if len(fact.choices) > 1:
            choice = self.n("alternative", fact.key(owner))
            entries = [(one, (act, f"ch({choice},{i})")) for i, one in enumerate(fact.choices)]
            self.one_of([f"ch({choice},{i})" for i in range(len(entries))], act)
        for one, when in entries:
            self.entry(one, when)

    def entry(self, one, when):
        if self.all.image_scope(one.name):
            self.image_hole(one, when)
        elif not self.versions(one.name):
            self.rule("", *when)
        else:
            self.rule(f"in({self.n(one.name)})", *when)
            for each in self.versions(one.name):
                if not one.versions.accepts(each.version):
                    self.rule("", *when, self.is_(one.name, each))
            self.set(one.name, one.options, *when)

    def image_hole(self, choice, when):
        providers = sorted(self.all.providers.get(choice.name, ()))
        if choice.name in self.uses:
            providers = [name for name in providers if name == self.uses[choice.name]]
        self.asks(choice, *when)
        self.one_of([f"img({self.n(choice.name)},{self.n(name)})" for name in providers], *when)
        for name in providers:
            here = (*when, f"img({self.n(choice.name)},{self.n(name)})")
            self.rule(f"in({self.n(name)})", *here)
            self.fits(name, choice, *here)
            self.set(name, choice.options, *here)

    def need(self, owner, fact, *body):
        hole = f"{owner}/{fact.label}" if owner else fact.label
        if fact.optional and hole not in self.uses:
            return
        choice, number = fact.choices[0], self.n("hole", hole)
        names = [name for name in self.fillers(choice.name) if self.uses.get(hole, name) == name]
        act = f"act({fact.line},{self.n('hole', hole)})"
        self.rule(act, *body)
        self.asks(choice, act)
        self.one_of([f"hole({number},{self.n('instance', name)})" for name in names], act)
        for name in names:
            here = (act, f"hole({number},{self.n('instance', name)})")
            self.rule(f"inst({self.n('instance', name)})", *here)
            self.fits(self.component(name), choice, *here)
            if owner:
                self.rule(f"edge({self.n('instance', owner)},{self.n('instance', name)})", *here)
            if self.all.exclusive(choice.name):
                self.rule(f"taken({self.n('instance', name)},{self.n(choice.name)},{number})", *here)

    def request_rules(self):
        for owner, facts in ((None, self.request.of("requires")), (self.target.name, self.target.of("requires"))):
            for fact in facts:
                if fact.when.holds(self.properties):
                    self.require(owner, fact)
        needs = [fact for fact in self.request.of("needs") if fact.when.holds(self.properties)]
        same = dict(equation(fact) for fact in self.request.of("same"))

        def root(label):
            for _ in same:
                label = same.get(label, label)
            return label
        for i, fact in enumerate(needs):
            self.need(None, fact)
            for other in needs[:i]:
                holes = [f"hole({self.n('hole', one.label)},X)" for one in (fact, other)]
                if root(fact.label) != root(other.label) and fact.choices[0].name == other.choices[0].name:
                    self.rule("", *holes)
                if other.label in (same.get(fact.label), ) or same.get(other.label) == fact.label:
                    self.rule("", holes[0], holes[1].replace("X", "Y"), "X != Y")
        if self.target.name in self.all.components:
            self.rule(f"in({self.n(self.target.name)})")
        for fact in self.request.of("over"):
            self.asks(fact.choices[0])
        for fact in self.request.of("forbid"):
            for one in self.versions(fact.choices[0].name):
                if fact.when.holds(self.properties) and fact.choices[0].versions.holds(one.version):
                    self.rule("", self.is_(one.name, one))
        for fact in self.request.of("set"):
            left, value = equation(fact)
            name, _, option = left.rpartition(".")
            self.set(name, [(option, value)], f"in({self.n(name)})") if self.versions(name) else None

    def component_rules(self, name, instances):
        updated = {fact.rest for fact in self.request.of("update")}
        locked = {fact.rest for fact in self.request.of("locked") if fact.rest.split(" ")[0] not in updated}
        number = self.n(name)
        self.one_of([self.is_(name, one) for one in self.versions(name)], f"in({number})")
        for one in self.versions(name):
            here = self.is_(name, one)
            if "yanked" in one.words and f"{name} {one.text}" not in locked:
                self.rule("", here)
            for option, declared in one.options.items():
                self.one_of([self.value(name, option, value) for value in self.possible(name, one, option)], here)
                for value in self.possible(name, one, option)[1:]:
                    self.rule("", here, self.value(name, option, value),
                              f"not set({number},{self.n('option', option)},{self.n('value', value)})")
            for fact in one.of("requires", "conflicts", "absent", "over", "needs", "provides"):
                gate = self.when(name, one, fact)
                if gate is None:
                    continue
                if fact.verb == "requires":
                    self.require(name, fact, *gate)
                elif fact.verb == "absent":
                    self.rule("", *gate)
                elif fact.verb == "over":
                    self.asks(fact.choices[0], *gate)
                elif fact.verb == "conflicts":
                    for other in self.versions(fact.choices[0].name):
                        if fact.choices[0].versions.holds(other.version):
                            self.rule("", *gate, self.is_(other.name, other))
                elif fact.verb == "needs":
                    for instance in instances:
                        self.need(instance, fact, *gate, f"inst({self.n('instance', instance)})")
                else:
                    self.offer(name, instances, *fact.rest.split(), *gate)
            if one.of("singleton"):
                for first, second in itertools.combinations(instances, 2):
                    self.rule("", here, *(f"inst({self.n('instance', each)})" for each in (first, second)))
            for instance in instances:
                if any(fact.rest not in self.all.told(self.request, instance) for fact in one.of("setting")):
                    self.rule("", here, f"inst({self.n('instance', instance)})")
        for instance in instances:
            self.rule(f"in({number})", f"inst({self.n('instance', instance)})")

    def offer(self, name, instances, signature, number, *gate):
        users = [f"inst({self.n('instance', instance)})" for instance in instances]
        if self.all.image_scope(signature):
            self.rule(f"offers({self.n(signature)},{self.n(name)})", *gate)
            users = [f"img({self.n(signature)},{self.n(name)})"]
        for one in self.all.signatures[signature]:
            if not serves(one.version, version(number)):
                for user in users:
                    self.rule("", *gate, user, f"sig({self.n(signature)},{self.n('version', one.text)})")

    def text(self):
        self.collect_setters()
        self.request_rules()
        for name in self.all.components:
            own = [] if name in self.named else [name]
            self.component_rules(name, [*own, *(instance for instance, component in self.named.items() if component == name)])
        for name, versions in self.all.signatures.items():
            self.one_of([f"sig({self.n(name)},{self.n('version', one.text)})" for one in versions], f"asked({self.n(name)})")
            for one in versions:
                for fact in one.of("requires"):
                    here = f"sig({self.n(name)},{self.n('version', one.text)})"
                    if fact.choices[0].name in self.all.components:
                        self.entry(fact.choices[0], (here,))
                    else:
                        self.asks(fact.choices[0], here)
        return "\n".join([
            *dict.fromkeys(self.rules),
            ":- set(C,O,V), set(C,O,W), V < W.", ":- set(C,O,V), val(C,O,W), V != W.",
            ":- offers(S,P), offers(S,Q), P < Q.",
            ":- taken(I,S,H), taken(I,S,G), H < G.",
            "path(I,J) :- edge(I,J). path(I,K) :- path(I,J), edge(J,K). :- path(I,I).",
            *(f"#defined {one}." for one in ("set/3", "val/3", "v/2", "in/1", "inst/1", "sig/2", "asked/1", "offers/2", "taken/3", "edge/2",
                                             "img/2", "hole/2", "ch/2", "act/1", "act/2", "when/1"))]) + "\n"


def has_solution(universe, request):
    done = subprocess.run(["clingo", "--quiet=2", "--verbose=0"], input=Program(universe, request).text(), capture_output=True, text=True)
    if done.returncode not in (10, 20, 30):
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode != 20
