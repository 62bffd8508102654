# uk run: the image's words and its status.
#: TIME = [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+( UTC|Z)?
#: SPAN = \b[0-9.]+ (ns|us|ms|s)\b
#: RANDOM = (?<=numbers: )[0-9]+, [0-9]+, [0-9]+

$ uk init hello
$ cd hello
$ uk run --target hosted 2>/dev/null
$ uk run --target kvm --machine q35 -- --greeting=ahoy --status=3 2>/dev/null
$ uk run --target kvm --machine microvm 2>/dev/null
$ uk run --target xen -- --status=5 2>/dev/null

# A parameter of the wrong type, one out of range, one that isn't there.
$ uk run --target hosted -- --status=many
$ uk run --target kvm -- --status=125
$ uk run --target xen -- --greetnig=ahoy 2>/dev/null

$ uk run --target kvm --machine pc
$ uk run --target kmv
$ uk run --target hosted --dry-run
