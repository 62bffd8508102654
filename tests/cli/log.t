# uk log: what an action printed when it ran.
#: DIGEST = \b[0-9a-f]{64}\b
#: TIME = [0-9-]{10} [0-9:]{8} UTC, [0-9.]+m?s

$ uk init hello --template minimal
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ cd hello

# Something that no store has.
$ printf 'static int unused_%s;\n' $(date +%s%N) >> main.cpp
$ uk log 'compile main.cpp' -t kvm
wrote uk.lock
error: `compile main.cpp` hasn't run yet

hint: `uk build` runs what isn't in the store
[3]
$ uk build -t kvm >/dev/null 2>&1
$ uk log 'compile main.cpp' -t kvm | sed 's/-Os .* -c/[flags] -c/; s/unused_[0-9]*/unused_N/' | grep -v '[~^]'
kvm application: compile main.cpp
  ran      <TIME>, status 0
  digest   <DIGEST>
  command  /usr/bin/x86_64-linux-gnu-g++-12 [flags] -c app/main.cpp -o obj/application/main.cpp.o

app/main.cpp:4:12: warning: 'unused_N' defined but not used [-Wunused-variable]
    4 | static int unused_N;

# Once more in another folder: the result comes from the store, and the log says where it was made.
$ cp -r ../hello ../other && cd ../other && rm -rf dist && uk build -t kvm >/dev/null 2>&1
$ uk log 'compile main.cpp' -t kvm | sed -n '2,3p; 6,8p' | sed 's/unused_[0-9]*/unused_N/'
  ran      <TIME>, status 0
  for      kvm application: compile main.cpp of <here>/hello/

app/main.cpp:4:12: warning: 'unused_N' defined but not used [-Wunused-variable]
    4 | static int unused_N;
$ uk log 'wiring' -t kvm | tail -1
  said     nothing

# One that fails; and the one before, until the new one has run.
$ cd ../hello
$ echo 'int wrong = "text";' >> main.cpp
$ uk log 'compile main.cpp' -t kvm | sed -n '1,4p'
kvm application: compile main.cpp
  ran      <TIME>, status 0
  note     of an earlier build: a build would run another action now
  digest   <DIGEST>
$ uk build -t kvm >/dev/null 2>&1
[1]
$ uk log 'compile main.cpp' -t kvm | grep -E '^  [a-z]|error' | grep -v command
  ran      <TIME>, status 1
  digest   <DIGEST>
app/main.cpp:5:13: error: invalid conversion from 'const char*' to 'int' [-fpermissive]
$ uk --json log 'compile main.cpp' -t kvm | python3 -c '
> import json, sys
> one, = json.load(sys.stdin)
> print(sorted(one), one["current"], one["status"], "invalid conversion" in one["said"])
> open("digest", "w").write(one["digest"])'
['began', 'command', 'current', 'digest', 'microseconds', 'name', 'ran_as', 'said', 'status'] True 1 True
$ cd .. && uk log "$(head -c 12 hello/digest)" | grep -c 'invalid conversion'
1
$ uk log 0123456789abcdef
error: the store has no log of one action `0123456789abcdef`
[3]
$ cd hello && uk log 'compile mian.cpp'
error: no action is called `compile mian.cpp`; did you mean `compile main.cpp`?

hint: `uk plan --json` lists all
[3]
