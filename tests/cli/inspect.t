# uk inspect: what an image is, from the image itself.
#: HASH = \b[0-9a-f]{64}\b
#: NUMBER = \b(0x)?[0-9a-f]{2,}\b
#: SIZE = [0-9.]+ [KM]iB

$ uk init hello
$ uk -C hello build --target kvm >/dev/null 2>&1
$ cp hello/dist/kvm/hello.elf elsewhere.elf && rm -r hello
$ uk inspect elsewhere.elf
$ uk inspect elsewhere.elf --json | python3 -c 'import json, sys; print(sorted(json.load(sys.stdin)))'

$ uk inspect /bin/true | tail -n 2
$ uk inspect missing.elf
$ echo no image > text && uk inspect text
$ head -c 100 elsewhere.elf > short && uk inspect short
