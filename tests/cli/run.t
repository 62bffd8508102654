# uk run: the image's words and its status.
#: TIME = [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+( UTC|Z)?
#: SPAN = \b[0-9.]+(ns|us|ms|s)\b
#: RANDOM = (?<=numbers: )[0-9]+, [0-9]+, [0-9]+

$ set -o pipefail; uk init hello --template hello
hello/site/motd.txt
hello/src/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello
$ uk run --target hosted 2>/dev/null
hello, world
it is <TIME>
up for 88.916us
three random numbers: <RANDOM>
motd.txt has 81 bytes: This text is a file of the application's folder `site`; it is part of the image.
2 fibers in time, 1 too late, all over after 25.122ms
$ uk run --target kvm --machine q35 --emulate -- --greeting=ahoy --status=3 2>/dev/null
ahoy, world
it is <TIME>
up for 12.161ms
three random numbers: <RANDOM>
motd.txt has 81 bytes: This text is a file of the application's folder `site`; it is part of the image.
2 fibers in time, 1 too late, all over after 25.875ms
[3]
$ uk run --target kvm --machine microvm --emulate 2>/dev/null
hello, world
it is <TIME>
up for 11.861ms
three random numbers: <RANDOM>
motd.txt has 81 bytes: This text is a file of the application's folder `site`; it is part of the image.
2 fibers in time, 1 too late, all over after 25.815ms
$ uk run --target xen -- --status=5 2>/dev/null
hello, world
it is <TIME>
up for 8.1ms
three random numbers: <RANDOM>
motd.txt has 81 bytes: This text is a file of the application's folder `site`; it is part of the image.
2 fibers in time, 1 too late, all over after 26.118ms
uk: exit status 5
[5]

# A parameter of the wrong type, one out of range, one that isn't there.
$ uk run --target hosted -- --status=many 2>&1 | grep -v '^\['
uk: parameter `--status=many`: expected a whole number within its range
uk:   --greeting
uk:   --status
[64]
$ uk run --target kvm --emulate -- --status=125
uk: parameter `--status=125`: expected a whole number within its range
uk:   --greeting
uk:   --status
[64]
$ uk run --target xen -- --greetnig=ahoy 2>/dev/null
uk: unknown parameter `--greetnig=ahoy`
uk:   --greeting
uk:   --status
uk: exit status 64
[64]

$ uk run --target kvm --machine pc
error: the target has no machine `pc`

hint: there are q35, microvm
[2]
$ uk run --target kmv
error: uk.yaml has no variant `kmv`; did you mean `kvm`?

hint: there are hosted, kvm, xen
[2]
$ uk run --target hosted --dry-run
./dist/hosted/hello

# Several variants side by side, the name of each in front; the status is the first that isn't 0.
$ uk run -t hosted -t kvm --emulate -- --status=4 >/dev/null 2>&1
[4]
$ uk run -t hosted -t kvm --emulate -- --status=4 2>/dev/null | sort | grep hello
hosted | hello, world
kvm    | hello, world
[4]
$ uk run -t hosted -t kvm --publish 18080:8080
error: 2 variants can't share the port 18080

hint: `--publish 8080` takes one for each
[2]
$ uk run -t kvm --publish http
error: `http` says no port to publish

hint: `--publish 8080`, `--publish 18080:8080`, `--publish 0.0.0.0:80:8080`; `/udp` behind it for UDP
[2]
$ uk run -t kvm --publish 8080
error: there is nothing to publish a port of

hint: `--publish` is for images with a network card, in QEMU
[2]
$ uk run -t hosted --tap
error: the variant `hosted` has no network card for `--tap`

hint: a process is on this machine's own network, unless its variant says `use: {LABEL: inet}`
[2]
$ uk run -t xen --tap
error: Xen's guests have no TAP interface here

hint: leave `--tap` out
[2]
