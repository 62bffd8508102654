# uk lock: the complete answer for every variant.
#: HASH = \b[0-9a-f]{64}\b
#: COMPILER = 12\.[0-9]+\.[0-9]+
#: RELEASE = [0-9.]+[-+~][0-9a-zA-Z.+~-]*

$ uk init hello --template minimal
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk lock
wrote uk.lock
hosted: 7 components
kvm: 7 components
xen: 7 components
$ uk lock
hosted: 7 components
kvm: 7 components
xen: 7 components
uk.lock says so already
$ uk lock --json
{
  "variants": [
    {
      "components": {
        "core": "0.1.0",
        "heap": "0.1.0",
        "host-console": "0.1.0",
        "hosted": "0.1.0",
        "libstdcxx": "<COMPILER>",
        "musl": "1.2.3",
        "platform-hosted": "0.1.0"
      },
      "signatures": {
        "allocator": "0.1",
        "console": "0.1",
        "libc": "1.0",
        "platform": "0.1"
      },
      "target": "hosted",
      "variant": "hosted",
      "wiring": {
        "allocator": "heap",
        "console": "host-console",
        "libc": "musl",
        "platform": "platform-hosted"
      }
    },
    {
      "components": {
        "core": "0.1.0",
        "heap": "0.1.0",
        "kvm": "0.1.0",
        "libstdcxx": "<COMPILER>",
        "musl": "1.2.3",
        "platform-kvm": "0.1.0",
        "uart-16550": "0.1.0"
      },
      "signatures": {
        "allocator": "0.1",
        "console": "0.1",
        "libc": "1.0",
        "platform": "0.1"
      },
      "target": "kvm",
      "variant": "kvm",
      "wiring": {
        "allocator": "heap",
        "console": "uart0",
        "libc": "musl",
        "platform": "platform-kvm"
      }
    },
    {
      "components": {
        "core": "0.1.0",
        "heap": "0.1.0",
        "libstdcxx": "<COMPILER>",
        "musl": "1.2.3",
        "platform-xen": "0.1.0",
        "xen": "0.1.0",
        "xen-console": "0.1.0"
      },
      "signatures": {
        "allocator": "0.1",
        "console": "0.1",
        "libc": "1.0",
        "platform": "0.1"
      },
      "target": "xen",
      "variant": "xen",
      "wiring": {
        "allocator": "heap",
        "console": "console0",
        "libc": "musl",
        "platform": "platform-xen"
      }
    }
  ],
  "written": false
}
$ tail -n +2 uk.lock
format: 1
edition: 2026.1
toolchain:
  name: gcc
  version: <COMPILER>
  fingerprint: sha256:<HASH>
  parts:
    archives: sha256:<HASH>
    binutils: sha256:<HASH>
    compiler: sha256:<HASH>
    headers: sha256:<HASH>
    libraries: sha256:<HASH>
    sed: sha256:<HASH>
registries:
  builtin: sha256:<HASH>

components:
  allocator 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  console 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  core 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  heap 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  host-console 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  hosted 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  kvm 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  libc 1.0.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  libstdcxx <COMPILER>:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  musl 1.2.3:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  platform 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  platform-hosted 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  platform-kvm 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  platform-xen 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  uart-16550 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  xen 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  xen-console 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>

variants:
  hosted:
    target: hosted
    components:
      core: 0.1.0
      heap: 0.1.0
      host-console: 0.1.0
      hosted: 0.1.0
      libstdcxx: <COMPILER>
      musl: 1.2.3
      platform-hosted: 0.1.0
    signatures:
      allocator: 0.1.0
      console: 0.1.0
      libc: 1.0.0
      platform: 0.1.0
    wiring:
      allocator: heap
      console: host-console
      libc: musl
      platform: platform-hosted
  kvm:
    target: kvm
    components:
      core: 0.1.0
      heap: 0.1.0
      kvm: 0.1.0
      libstdcxx: <COMPILER>
      musl: 1.2.3
      platform-kvm: 0.1.0
      uart-16550: 0.1.0
    signatures:
      allocator: 0.1.0
      console: 0.1.0
      libc: 1.0.0
      platform: 0.1.0
    wiring:
      allocator: heap
      console: uart0
      libc: musl
      platform: platform-kvm
  xen:
    target: xen
    components:
      core: 0.1.0
      heap: 0.1.0
      libstdcxx: <COMPILER>
      musl: 1.2.3
      platform-xen: 0.1.0
      xen: 0.1.0
      xen-console: 0.1.0
    signatures:
      allocator: 0.1.0
      console: 0.1.0
      libc: 1.0.0
      platform: 0.1.0
    wiring:
      allocator: heap
      console: console0
      libc: musl
      platform: platform-xen

# Another variant leaves what is locked alone.
$ cp uk.lock before && sed -i 's/^  kvm:/  small: {target: kvm, profile: size}\n  kvm:/' uk.yaml && uk lock
wrote uk.lock
hosted: 7 components
small: 7 components
kvm: 7 components
xen: 7 components
$ diff before uk.lock
128a129,148
>   small:
>     target: kvm
>     components:
>       core: 0.1.0
>       heap: 0.1.0
>       kvm: 0.1.0
>       libstdcxx: <COMPILER>
>       musl: 1.2.3
>       platform-kvm: 0.1.0
>       uart-16550: 0.1.0
>     signatures:
>       allocator: 0.1.0
>       console: 0.1.0
>       libc: 1.0.0
>       platform: 0.1.0
>     wiring:
>       allocator: heap
>       console: uart0
>       libc: musl
>       platform: platform-kvm
[1]

# What there was to choose from, for a bug report: it is solved to the same.
$ uk lock --dump-universe > universe.txt
$ grep -A2 '^target kvm' universe.txt; grep -A3 '^request kvm' universe.txt
target kvm arch=x86_64 family=unikernel
  device uart0 = uart-16550
  device nic0 = virtio-net
request kvm profile=size
  needs console: console ^0.1
  locked allocator = heap
  locked console = uart0
--
request kvm profile=size
  needs console: console ^0.1
  locked allocator = heap
  locked console = uart0
$ uk solve universe.txt | grep -A4 '^request kvm'
request kvm  # line 111
  locked allocator = heap
  locked console = uart0
  locked libc = musl
  locked platform = platform-kvm
--
request kvm  # line 135
  locked allocator = heap
  locked console = uart0
  locked libc = musl
  locked platform = platform-kvm
$ uk solve --json universe.txt | grep -c '"solved":true'
4
