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
