# uk check: names, versions, wiring, and that the application uses nothing but its signatures.

$ uk init hello
$ uk -C hello check
$ uk -C hello --json check --target kvm
$ uk -C hello check --target kmv

# A member that only one console has.
$ sed -i 's/^    UK_TRY(tell_time/    console.flush();\n&/' hello/src/main.cpp && uk -C hello check
