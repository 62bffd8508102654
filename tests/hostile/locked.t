# --locked: a lock that doesn't answer the manifest is an error; a damaged one too.
#: HASH = \b[0-9a-f]{64}\b

$ uk init hello --template minimal && cd hello
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ uk build --target hosted --locked
error: uk.lock: there is no uk.lock

hint: `uk lock` writes it; keep it with the sources
[6]
$ uk lock >/dev/null 2>&1 && cp uk.lock good.lock && uk build --target hosted --locked >/dev/null 2>&1

# Another machine's compiler: what differs is named, and accepted when one says so.
#: GCC = gcc [0-9]+\.[0-9]+\.[0-9]+
$ sed -i -E '/^toolchain:/,/^registries:/s/(fingerprint|compiler|libraries): sha256:.{8}/\1: sha256:00000000/' uk.lock && uk check --target hosted --locked
error: uk.lock: this machine's <GCC> isn't the very one that uk.lock was made with: other compiler, libraries

hint: `uk lock --toolchain` accepts this one; images may differ
[6]
$ uk check --target hosted
warning: this machine's <GCC> isn't the very one that uk.lock was made with: other compiler, libraries

hint: `uk lock --toolchain` accepts this one; images may differ
hosted: fits
$ sed -i '/^  parts:/,/^registries:/{/^ /d}' uk.lock && uk check --target hosted --locked
error: uk.lock: this machine's <GCC> isn't the very one that uk.lock was made with

hint: `uk lock --toolchain` accepts this one; images may differ
[6]
$ uk lock --toolchain && cmp uk.lock good.lock
wrote uk.lock
hosted: 7 components
kvm: 7 components
xen: 7 components
$ sed -i '/^  parts:/,/^registries:/{/^ /d}' uk.lock && uk check --target hosted --locked
hosted: fits
$ cp good.lock uk.lock

# A manifest that asks for more.
$ sed -i 's/^targets:/  clock: time.clock ^0.1\ntargets:/' uk.yaml && uk check --target hosted --locked
error: uk.lock: uk.lock doesn't answer uk.yaml: in the variant `hosted` the component `clock` is new (0.1.0)

hint: `uk lock` brings it up to date
[6]
$ cmp uk.lock good.lock

# Damaged, hostile, of another time.
$ head -n 5 good.lock > uk.lock && uk check --target hosted --locked
error: uk.lock:5:3: `toolchain` needs `version`
[3]
$ echo '{' > uk.lock && uk check --target hosted
error: uk.lock:1:1: a key has to be a plain text
[3]
$ sed 's/^format: .*/format: 99/' good.lock > uk.lock && uk check --target hosted
error: uk.lock:2:9: the lock's format is 99, and this uk knows 1

hint: a newer uk wrote it: use that one, or delete uk.lock and run `uk lock`
[3]
$ ls
compile_commands.json
dist
good.lock
main.cpp
uk.lock
uk.yaml
