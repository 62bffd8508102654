# uk targets: what can be built for.

$ uk targets
$ uk targets --json
