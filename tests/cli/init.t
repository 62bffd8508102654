# uk init: an application to begin with; nothing that exists is overwritten.

$ uk init hello
hello/site/motd.txt
hello/src/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ find hello -type f | sort
hello/site/motd.txt
hello/src/main.cpp
hello/uk.yaml
$ head -n 3 hello/uk.yaml
name: hello
version: 0.1.0
sources: [src/*.cpp]

# The folder's name is the application's; a path may lead there.
$ uk init deep/er/greeter --template minimal
deep/er/greeter/main.cpp
deep/er/greeter/uk.yaml
next: cd deep/er/greeter && uk build && uk run
$ cat deep/er/greeter/uk.yaml; tail -n 1 deep/er/greeter/main.cpp
name: greeter
version: 0.1.0
sources: [main.cpp]
needs:
  console: console ^0.1
targets:
  hosted:
  kvm: {memory: 2MiB, profile: size}
  xen: {memory: 4MiB, profile: size}
uk::result<void> run(needs::console& console) { return console.write("hello\n"); }
#include <uk/needs.hpp>

uk::result<void> run(needs::console& console) { return console.write("hello\n"); }
#include <uk/needs.hpp>

uk::result<void> run(needs::console& console) { return console.write("hello\n"); }
#include <uk/needs.hpp>

uk::result<void> run(needs::console& console) { return console.write("hello\n"); }

# What is there stays.
$ uk init hello
error: hello/site/motd.txt: is there already

hint: `uk init` overwrites nothing; name a new folder
[2]
$ mkdir used && touch used/file && uk init used
used/site/motd.txt
used/src/main.cpp
used/uk.yaml
next: cd used && uk build && uk run
$ find used
used
used/file
used/src
used/src/main.cpp
used/uk.yaml
used/site
used/site/motd.txt

$ uk init other --template hallo
error: there is no template `hallo`; did you mean `hello`?

hint: there are hello, minimal
[2]
$ uk init "a name"
a name/site/motd.txt
a name/src/main.cpp
a name/uk.yaml
next: cd a name && uk build && uk run
$ uk init
error: folder is required

hint: `uk init --help` shows how it is used
[2]
$ ls
a name
deep
hello
used
