# uk plan: what a build would run; nothing is run.
#: DIGEST = \b[0-9a-f]{64}\b
#: SHORT = \b[0-9a-f]{12}\b
#: COUNT = \b[0-9]{3,}\b(?= actions)

$ uk init hello --template minimal
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk build >/dev/null 2>&1
$ uk plan
nothing would run: all <COUNT> actions are cached

# A changed file: it is compiled and checked, and what reads the object waits for it.
$ echo '// a remark that is never built' >> main.cpp
$ uk plan kvm
of <COUNT> actions 2 would run, and 2 that read their outputs may; the longest chain is 3
runs     <SHORT>  kvm application: compile main.cpp
may run  -             kvm image: link
runs     <SHORT>  kvm application: check main.cpp by its signatures
may run  -             kvm image: strip
$ uk plan -t kvm -t hosted | head -1
of <COUNT> actions 4 would run, and 4 that read their outputs may; the longest chain is 3
$ uk plan kvm --action 'compile main.cpp' | sed '/^inputs/,/^outputs/d; s/-Os .* -c/[flags] -c/'
kvm application: compile main.cpp
  state    runs
  digest   <DIGEST>
  command  /usr/bin/x86_64-linux-gnu-g++-12 [flags] -c app/main.cpp -o obj/application/main.cpp.o
environment
  HOME=/build
  LC_ALL=C
  PATH=/usr/bin
  PWD=/proc/self/cwd
  SOURCE_DATE_EPOCH=315532800
  TMPDIR=/tmp
  TZ=UTC
  obj/application/main.cpp.o
$ uk plan kvm --action 'compile main.cpp' | grep -E '^outputs| (main.cpp|gen/.*) '
  <SHORT>  gen/uart-16550/config.hpp  (generated)
  <SHORT>  gen/uk/needs.hpp  (generated)
outputs
$ uk plan kvm --action main.cpp
error: `main.cpp` is in the names of 2 actions
  one is   application: check main.cpp by its signatures
  one is   application: compile main.cpp

hint: a part that only one has is enough
[3]
$ uk plan kvm --action 'compile mian.cpp'
error: no action is called `compile mian.cpp`; did you mean `compile main.cpp`?

hint: `uk plan --json` lists all
[3]
$ uk plan kmv
error: uk.yaml has no variant `kmv`; did you mean `kvm`?

hint: there are hosted, kvm, xen
[2]
$ uk --json plan kvm > plan.json; python3 - <<'END'
> import json
> plan = json.load(open("plan.json"))
> actions = plan["actions"]
> print({state: sum(a["state"] == state for a in actions) for state in ("runs", "may run")}, all(a["digest"] for a in actions if a["state"] != "may run"))
> print([actions[i]["label"] for i in plan["order"]])
> print([actions[i]["label"] for i in plan["longest"]])
> one = actions[plan["longest"][0]]
> print(sorted(one))
> print(one["environment"]["PATH"], one["outputs"], sorted({tuple(i["from"]) for i in one["inputs"]}))
> print({len(i["digest"]) for a in actions if a["digest"] for i in a["inputs"]})
> END
{'runs': 2, 'may run': 2} True
['compile main.cpp', 'link', 'check main.cpp by its signatures', 'strip']
['compile main.cpp', 'link', 'strip']
['arguments', 'component', 'digest', 'environment', 'index', 'inputs', 'label', 'output_folders', 'outputs', 'same_as', 'state', 'variant']
/usr/bin ['obj/application/main.cpp.o'] [('action', 'output'), ('file',), ('folder',), ('generated',)]
{64}
$ ls dist/kvm && uk plan kvm | head -1
hello.debug
hello.elf
provenance.intoto.json
run.yaml
sbom.spdx.json
of <COUNT> actions 2 would run, and 2 that read their outputs may; the longest chain is 3
