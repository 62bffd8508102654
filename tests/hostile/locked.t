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
