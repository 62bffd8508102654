# uk add and uk remove: a line of uk.yaml, and the lock.

$ uk init shop --template minimal
shop/main.cpp
shop/uk.yaml
next: cd shop && uk build && uk run
$ cd shop
$ recipe() { mkdir -p recipes/$1/$2; { printf 'name: %s\nversion: %s\nkind: component\n' $1 $2; cat; } > recipes/$1/$2/recipe.yaml; }
$ recipe zip 1.0.0 < /dev/null; recipe zip 2.1.0 < /dev/null; recipe tar 0.3.0 <<< 'requires: [zip: ^1]'
$ sed -i 's/^targets:/# where it runs\ntargets:/; /kvm/d; /xen/d' uk.yaml; cp uk.yaml before.yaml
$ uk add tar
wrote uk.lock
uk.yaml requires `tar: ^0.3`
hosted: `core 0.1.0` comes in
hosted: `heap 0.1.0` comes in
hosted: `host-console 0.1.0` comes in
hosted: `hosted 0.1.0` comes in
hosted: `libstdcxx 12.2.0` comes in
hosted: `musl 1.2.3` comes in
hosted: `platform-hosted 0.1.0` comes in
hosted: `tar 0.3.0` comes in
hosted: `zip 1.0.0` comes in
# What is locked stays: an older version is taken where it must be.
$ uk add zip
uk.yaml requires `zip: ^1.0`
there is 2.1.0: `uk why-not zip@2.1.0`
$ diff before.yaml uk.yaml
5a6,8
> requires:
>   - tar: ^0.3
>   - zip: ^1.0
[1]
$ uk --json remove tar
wrote uk.lock
uk.yaml doesn't require `tar` any more
[
  {
    "after": "",
    "before": "0.3.0",
    "name": "tar",
    "variant": "hosted"
  }
]
$ uk remove zip
wrote uk.lock
uk.yaml doesn't require `zip` any more
hosted: `zip 1.0.0` goes
$ diff before.yaml uk.yaml && echo the same
the same
# What can't be is said, and uk.yaml stays as it was.
$ uk add zip@3
error: the command line: there is no `zip ^3`
  because     `shop` requires `zip ^3`, and there are only 1.0.0 and 2.1.0   the command line
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: let `zip ^3` at the command line accept 2.1.0
[4]
$ uk add zipp; uk add net.stack; uk add gcc-debian; uk remove zip
error: no registry has a component `zipp`; did you mean `zip`?
error: `net.stack` is a signature, which instances fill

hint: `needs: {LABEL: net.stack ^0.1}` in uk.yaml asks for one
error: `gcc-debian` is a toolchain, which no image has in it

hint: `toolchain: gcc-debian ^12.2` in uk.yaml asks for it
error: uk.yaml: `requires:` has no `zip`
[3]
$ diff before.yaml uk.yaml && echo the same
the same
# Nor by hand, nor in a recipe.
$ sed 's/^targets:/requires: [gcc-debian]\n&/' before.yaml > uk.yaml; uk lock
error: uk.yaml:7:12: `gcc-debian` is a toolchain, which no image has in it

hint: `toolchain: gcc-debian ^12.2` in uk.yaml asks for it
[3]
$ recipe cc 1.0.0 <<< 'requires: [gcc-debian]'; sed 's/^targets:/requires: [cc]\n&/' before.yaml > uk.yaml; uk lock
error: recipes/cc/1.0.0/recipe.yaml:4:12: `gcc-debian` is a toolchain, which no image has in it

hint: `toolchain: gcc-debian ^12.2` in uk.yaml asks for it
[3]
$ cp before.yaml uk.yaml; rm -r recipes/cc
