# uk why: the chain from the manifest.

$ uk init hello
$ cd hello
$ uk why heap --target kvm
$ uk why csprng
$ uk why uart-16550
$ uk why site --target hosted
$ uk why store.kv --target hosted
$ uk why hepa
$ uk --json why clock --target xen
