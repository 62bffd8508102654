# uk init: an application to begin with; nothing that exists is overwritten.

$ uk init hello
$ find hello -type f | sort
$ head -n 3 hello/uk.yaml

# The folder's name is the application's; a path may lead there.
$ uk init deep/er/greeter --template minimal
$ cat deep/er/greeter/uk.yaml deep/er/greeter/main.cpp

# What is there stays.
$ uk init hello
$ mkdir used && touch used/file && uk init used
$ find used

$ uk init other --template hallo
$ uk init "a name"
$ uk init
$ ls
