# A source that isn't what its hash says is never used.
#: HASH = \b[0-9a-f]{64}\b
#: PORT = 127.0.0.1:[0-9]+

$ uk init hello --template minimal && cd hello
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
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
fetching debian:hello/2.10-3/hello_2.10.orig.tar.gz
error: recipes/stuff/0.1.0/recipe.yaml:8:5: the source of `stuff 0.1.0` can't be had
  tried   debian:hello/2.10-3/hello_2.10.orig.tar.gz: its SHA-256 is <HASH>, not <HASH>   recipes/stuff/0.1.0/recipe.yaml:9:15

hint: if the upstream file has moved, give another address with the same hash in the recipe
[5]
$ uk build --target hosted --offline
error: recipes/stuff/0.1.0/recipe.yaml:8:5: the source of `stuff 0.1.0` can't be had
  missing   debian:hello/2.10-3/hello_2.10.orig.tar.gz   recipes/stuff/0.1.0/recipe.yaml:9:15

hint: without --offline it is fetched
[5]
$ ls
main.cpp
recipes
uk.yaml
