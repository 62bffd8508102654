# uk check: names, versions, wiring, and that the application uses nothing but its signatures.

$ set -o pipefail; uk init hello --template hello
hello/site/motd.txt
hello/src/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ uk -C hello check 2>/dev/null
hosted: fits
kvm: fits
xen: fits
$ uk -C hello --json check --target kvm 2>/dev/null | grep -v ran
{
  "checks": 7,
  "variants": [
    "kvm"
  ]
}
$ uk -C hello check --target kmv
error: uk.yaml has no variant `kmv`; did you mean `kvm`?

hint: there are hosted, kvm, xen
[2]

# A member that only one console has.
$ sed -i 's/^    UK_TRY(tell_time/    console.flush();\n&/' hello/src/main.cpp && uk -C hello check 2>&1 | grep -v '^\['
error: src/main.cpp:62:13: the application `hello` uses `flush`, which the signature `console` doesn't have
  needed as   `console: console`   hello/uk.yaml:6:3
  signature   `console 0.1`, <uk/console/console.hpp>
  variant     hosted

hint: what only one implementation has doesn't work on the next target; use what the signature gives
[1]
