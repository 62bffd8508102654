# A manifest that is malformed: every mistake with its place.

$ uk init hello --template minimal && cd hello && cp uk.yaml good.yaml

# Not YAML.
$ printf 'name: [hello\nversion: 0.1.0\n' > uk.yaml && uk check
$ printf 'name: hello\n\tversion: 0.1.0\n' > uk.yaml && uk check
$ head -c 300 /dev/zero > uk.yaml && uk check
$ : > uk.yaml && uk check
$ printf 'name: h\xff\n' > uk.yaml && uk check

# A field that isn't one, one that is twice, a value that can't be.
$ sed 's/^needs:/need:/' good.yaml > uk.yaml && uk check
$ (cat good.yaml; echo 'name: again') > uk.yaml && uk check
$ sed 's/^version: .*/version: one/' good.yaml > uk.yaml && uk check
$ sed 's/^name: .*/name: Hello World/; s/kvm:.*/kvm: {memory: lots, profile: fast}/' good.yaml > uk.yaml && uk check
$ sed 's/console \^0.1/console ^^0.1/' good.yaml > uk.yaml && uk check

# Aliases that would fill the memory.
$ (cat good.yaml; printf 'set:\n  a: &a [x,x]\n  b: &b [*a,*a]\n  c: [*b,*b]\n') > uk.yaml && uk check

# Sources that lie outside, or nowhere.
$ sed 's/^sources: .*/sources: [..\/..\/etc\/passwd]/' good.yaml > uk.yaml && uk check
$ sed 's/^sources: .*/sources: [\/etc\/passwd]/' good.yaml > uk.yaml && uk check
$ sed 's/^sources: .*/sources: [src\/*.cpp]/' good.yaml > uk.yaml && uk check
$ ln -s /etc/passwd link.cpp && sed 's/^sources: .*/sources: [link.cpp]/' good.yaml > uk.yaml && uk check
$ ls
