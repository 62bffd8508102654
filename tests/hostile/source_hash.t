# A source that isn't what its hash says is never used.
#: HASH = \b[0-9a-f]{64}\b
#: PORT = 127.0.0.1:[0-9]+

$ uk init hello --template minimal && cd hello
$ mkdir -p recipes/stuff/0.1.0 && cat > recipes/stuff/0.1.0/recipe.yaml <<END
> name: stuff
> version: 0.1.0
> kind: component
> category: library
> summary: From elsewhere
> license: Apache-2.0
> origin:
>   - from:
>       - {url: "debian:hello/2.10-3/hello_2.10.orig.tar.gz", sha256: 1111111111111111111111111111111111111111111111111111111111111111}
> build:
>   - language: c
>     files: [src/hello.c]
> END
$ sed -i 's/^needs:/requires: [stuff: ^0.1]\nneeds:/' uk.yaml && uk build --target hosted
$ uk build --target hosted --offline
$ ls
