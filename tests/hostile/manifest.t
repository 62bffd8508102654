# A manifest that is malformed: every mistake with its place.

$ uk init hello --template minimal && cd hello && cp uk.yaml good.yaml
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run

# Not YAML.
$ printf 'name: [hello\nversion: 0.1.0\n' > uk.yaml && uk check
error: uk.yaml:2:8: this is not valid YAML: end of sequence flow not found
[3]
$ printf 'name: hello\n\tversion: 0.1.0\n' > uk.yaml && uk check
error: uk.yaml:2:1: this is not valid YAML: illegal tab when looking for indentation

hint: indent with spaces, not with tabs
[3]
$ head -c 300 /dev/zero > uk.yaml && uk check
error: uk.yaml:1:1: the control character U+0000 is not allowed here

hint: save the file as UTF-8
[3]
$ : > uk.yaml && uk check
error: uk.yaml: the file is empty
[3]
$ printf 'name: h\xff\n' > uk.yaml && uk check
error: uk.yaml:1:8: the byte 0xff is not valid UTF-8

hint: save the file as UTF-8
[3]

# A field that isn't one, one that is twice, a value that can't be.
$ sed 's/^needs:/need:/' good.yaml > uk.yaml && uk check
error: uk.yaml:4:1: unknown field `need`; did you mean `needs`?
[3]
$ (cat good.yaml; echo 'name: again') > uk.yaml && uk check
error: uk.yaml:10:1: the key `name` stands here twice
  first here   uk.yaml:1:1
[3]
$ sed 's/^version: .*/version: one/' good.yaml > uk.yaml && uk check
error: uk.yaml:2:10: `one` is not a version: `one` is not a number
[3]
$ sed 's/^name: .*/name: Hello World/; s/kvm:.*/kvm: {memory: lots, profile: fast}/' good.yaml > uk.yaml && uk check
error: uk.yaml:1:7: the name `Hello World`: it has to begin with a lower-case letter or a digit
error: uk.yaml:8:17: expected a size such as 16MiB for `memory`, from 4KiB to 65536GiB
error: uk.yaml:8:32: `fast` is not a known `profile`

hint: `profile` is one of size, speed, debug
[3]
$ sed 's/console \^0.1/console ^^0.1/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:20: `^^0.1` is not a version requirement

hint: requirements read `^1.2`, `~1.2.3`, `=1.2.3`, `>=1, <2` or `*`; one that begins with `>` or `*` or holds a comma is quoted
[3]

# Aliases that would fill the memory.
$ (cat good.yaml; printf 'set:\n  a: &a [x,x]\n  b: &b [*a,*a]\n  c: [*b,*b]\n') > uk.yaml && uk check
error: uk.yaml:11:6: an anchor (`&name`) is not allowed here

hint: write the value out; if it is text, put it in quotes
[3]

# Sources that lie outside, or nowhere.
$ sed 's/^sources: .*/sources: [..\/..\/etc\/passwd]/' good.yaml > uk.yaml && uk check
error: uk.yaml:3:11: `../../etc/passwd` is no path inside the project: relative, with `/`, without `..`
[3]
$ sed 's/^sources: .*/sources: [\/etc\/passwd]/' good.yaml > uk.yaml && uk check
error: uk.yaml:3:11: `/etc/passwd` is no path inside the project: relative, with `/`, without `..`
[3]
$ sed 's/^sources: .*/sources: [src\/*.cpp]/' good.yaml > uk.yaml && uk check
wrote uk.lock
error: uk.yaml:1:1: `src/*.cpp` matches no file
[3]
$ ln -s /etc/passwd link.cpp && sed 's/^sources: .*/sources: [link.cpp]/' good.yaml > uk.yaml && uk check
error: ./link.cpp: a symbolic link, where only files and folders may be
[3]
$ ls
good.yaml
link.cpp
main.cpp
uk.lock
uk.yaml
