# --locked: a lock that doesn't answer the manifest is an error; a damaged one too.
#: HASH = \b[0-9a-f]{64}\b

$ uk init hello --template minimal && cd hello
$ uk build --target hosted --locked
$ uk lock >/dev/null 2>&1 && cp uk.lock good.lock && uk build --target hosted --locked >/dev/null 2>&1
$ sed -i 's/^targets:/  clock: time.clock ^0.1\ntargets:/' uk.yaml && uk check --target hosted --locked
$ cmp uk.lock good.lock

# Damaged, hostile, of another time.
$ head -n 5 good.lock > uk.lock && uk check --target hosted --locked
$ echo '{' > uk.lock && uk check --target hosted
$ sed 's/^format: .*/format: 99/' good.lock > uk.lock && uk check --target hosted
$ ls
