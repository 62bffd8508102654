# uk targets: what can be built for.

$ uk targets
hosted     hosted     x86_64   A Linux process, as a static executable
kvm        unikernel  x86_64   An x86_64 virtual machine, booted by QEMU or another PVH loader
simulated  simulated  x86_64   A run that a seed decides - virtual time, drawn order, a bad network - for tests
xen        unikernel  x86_64   An x86_64 guest of Xen (PVH)
$ uk targets --json
[
  {
    "architecture": "x86_64",
    "family": "hosted",
    "machines": [],
    "memory": 0,
    "name": "hosted",
    "summary": "A Linux process, as a static executable",
    "version": "0.1.0"
  },
  {
    "architecture": "x86_64",
    "family": "unikernel",
    "machines": [
      "q35",
      "microvm"
    ],
    "memory": 16777216,
    "name": "kvm",
    "summary": "An x86_64 virtual machine, booted by QEMU or another PVH loader",
    "version": "0.1.0"
  },
  {
    "architecture": "x86_64",
    "family": "simulated",
    "machines": [],
    "memory": 0,
    "name": "simulated",
    "summary": "A run that a seed decides - virtual time, drawn order, a bad network - for tests",
    "version": "0.1.0"
  },
  {
    "architecture": "x86_64",
    "family": "unikernel",
    "machines": [],
    "memory": 16777216,
    "name": "xen",
    "summary": "An x86_64 guest of Xen (PVH)",
    "version": "0.1.0"
  }
]
