# uk lock: the complete answer for every variant.
#: HASH = \b[0-9a-f]{64}\b
#: COMPILER = 12\.[0-9]+\.[0-9]+
#: RELEASE = [0-9.]+[-+~][0-9a-zA-Z.+~-]*

$ uk init hello --template minimal
$ cd hello
$ uk lock
$ uk lock
$ uk lock --json
$ cat uk.lock

# Another variant leaves what is locked alone.
$ cp uk.lock before && sed -i 's/^  kvm:/  small: {target: kvm, profile: size}\n  kvm:/' uk.yaml && uk lock
$ diff before uk.lock
