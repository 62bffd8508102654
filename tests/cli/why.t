# uk why: the chain from the manifest.

$ uk init hello --template hello
hello/site/motd.txt
hello/src/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk why heap --target kvm
wrote uk.lock
kvm: `heap 0.1.0`
  the variant `kvm` is built for the target `kvm`   uk.yaml:15:3
  `kvm 0.1.0` requires `libstdcxx ^12`   <top>/recipes/kvm/0.1.0/recipe.yaml:12:5
  `libstdcxx 12.2.0` requires `allocator ^0.1`, which `heap` provides   <top>/recipes/libstdcxx/12.2.0/recipe.yaml:11:5
$ uk why csprng
hosted: the instance `csprng` of `csprng 0.1.0`
  `hello` needs `random: entropy ^0.1`, which `csprng` fills   uk.yaml:8:3
kvm: the instance `csprng` of `csprng 0.1.0`
  `hello` needs `random: entropy ^0.1`, which `csprng` fills   uk.yaml:8:3
xen: the instance `csprng` of `csprng 0.1.0`
  `hello` needs `random: entropy ^0.1`, which `csprng` fills   uk.yaml:8:3
$ uk why uart-16550
kvm: `uart-16550 0.1.0`
  `hello` needs `console: console ^0.1`, which `uart0` fills   uk.yaml:6:3
  the instance `uart0` is one of `uart-16550 0.1.0`
  instead there could have been
    `host-console 0.1.0` for `console`: is only for `target.family == hosted`
    `simulated-console 0.1.0` for `console`: is only for `target.family == simulated`
    `xen-console 0.1.0` for `console`: the target `kvm` prefers another
$ uk why site --target hosted
hosted: the instance `site` of `embedded-files 0.1.0`
  `hello` needs `site: store.kv ^0.1`, which `site` fills   uk.yaml:9:3
$ uk why store.kv --target hosted
hosted: the signature `store.kv 0.1`
  `hello` needs `site: store.kv ^0.1`   uk.yaml:9:3
$ uk why hepa
error: `hepa` isn't in the image; did you mean `heap`?

hint: `uk lock --json` lists what is
[3]
$ uk --json why clock --target xen
[
  {
    "chain": [
      "`hello` needs `clock: time.clock ^0.1`, which `clock` fills   uk.yaml:7:3"
    ],
    "instead": [],
    "subject": "the instance `clock` of `clock 0.1.0`",
    "variant": "xen"
  }
]

# What made an action run again. The first is something that no store has.
$ uk init shop --template minimal >/dev/null && cd shop
next: cd shop && uk build && uk run
$ uk why --rebuilt
no build here has run an action yet
$ printf '// %s\n' $(date +%s%N) > stamp.hpp && sed -i '1i #include "stamp.hpp"' main.cpp
$ uk build -t hosted >/dev/null 2>&1
$ uk why --rebuilt | grep -E 'not run|main.cpp'
it had not run here before
  hosted application: check main.cpp by its signatures
  hosted application: compile main.cpp
$ printf '// again %s\n' $(date +%s%N) > stamp.hpp && touch other.hpp
$ uk why --rebuilt 'compile main.cpp' -t hosted
hosted application: compile main.cpp: would run
  stamp.hpp changed
  other.hpp is new
$ uk why --rebuilt strip -t hosted
hosted image: strip: may run
  it reads what `hosted image: link` makes, which isn't there yet
$ uk build -t hosted >/dev/null 2>&1
$ uk why --rebuilt 'compile main.cpp' -t hosted | sed 's/ran at .*/ran at [time]/'
hosted application: compile main.cpp: ran at [time]
  stamp.hpp changed
  other.hpp is new
$ uk why --rebuilt -t kvm
the last build that ran anything ran nothing of that variant
$ uk why --rebuilt --json | python3 -c '
> import json, sys
> said = json.load(sys.stdin)
> print(sorted(said), [sorted(a) for a in said["actions"]][:1], [r["text"] for a in said["actions"] for r in a["reasons"]])
> print({r["kind"] for a in said["actions"] for r in a["reasons"]}, [(r["what"], len(r["was"]), len(r["now"])) for r in said["actions"][0]["reasons"]])'
['actions', 'began'] [['digest', 'name', 'reasons', 'state']] ['stamp.hpp changed', 'other.hpp is new', 'stamp.hpp changed', 'other.hpp is new']
{'input'} [('app/stamp.hpp', 64, 64), ('app/other.hpp', 0, 64)]
# What nobody includes may change.
$ echo '// one' > unread.hpp && uk build -t hosted >/dev/null 2>&1 && echo '// two' > unread.hpp && uk build -t hosted --json 2>/dev/null | grep '"ran"'
  "ran": 0,
$ uk why --rebuilt 'compile mian.cpp'
error: no action is called `compile mian.cpp`; did you mean `compile main.cpp`?

hint: `uk plan --json` lists all
[3]
$ uk why
error: what is required

hint: `uk why --help` shows how it is used
[2]
$ uk why musl --rebuilt main.cpp
error: what excludes --rebuilt

hint: `uk why --help` shows how it is used
[2]
