# uk init: an application to begin with; nothing that exists is overwritten.

$ uk init hello --template hello
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
$ uk init hello --template hello
error: hello/site/motd.txt: is there already

hint: `uk init` overwrites nothing; name a new folder
[2]
$ mkdir used && touch used/file && uk init used
used/site/index.html
used/site/mark.svg
used/site/style.css
used/src/answers.cpp
used/src/answers.hpp
used/src/main.cpp
used/tests/pages.cpp
used/uk.yaml
next: cd used && uk build && uk run
$ find used | sort
used
used/file
used/site
used/site/index.html
used/site/mark.svg
used/site/style.css
used/src
used/src/answers.cpp
used/src/answers.hpp
used/src/main.cpp
used/tests
used/tests/pages.cpp
used/uk.yaml

$ uk init other --template hallo
error: there is no template `hallo`; did you mean `hello`?

hint: there are hello, minimal, web
[2]
$ uk init "a name"
a name/site/index.html
a name/site/mark.svg
a name/site/style.css
a name/src/answers.cpp
a name/src/answers.hpp
a name/src/main.cpp
a name/tests/pages.cpp
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
