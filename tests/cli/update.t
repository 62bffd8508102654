# uk update, uk outdated and uk why-not: versions that move, and those that can't.

$ uk init shop --template minimal
shop/main.cpp
shop/uk.yaml
next: cd shop && uk build && uk run
$ cd shop
$ recipe() { mkdir -p recipes/$1/$2; { printf 'name: %s\nversion: %s\nkind: component\n' $1 $2; cat; } > recipes/$1/$2/recipe.yaml; }
$ recipe http 1.0.0 <<< 'requires: [parser: ^1]'; recipe parser 1.0.0 < /dev/null
$ sed -i 's/^targets/requires: [http: "*"]\ntargets/; /kvm/d; /xen/d' uk.yaml
$ uk lock
wrote uk.lock
hosted: 9 components
$ uk outdated
everything is at its newest version
# Newer versions appear: the lock holds.
$ recipe http 2.0.0 <<< 'requires: [parser: ^2]'; recipe parser 1.1.0 < /dev/null; recipe parser 2.0.0 < /dev/null
$ recipe parser 3.0.0 < /dev/null
$ uk lock
hosted: 9 components
uk.lock says so already
$ uk outdated
hosted: `http 1.0.0`: `uk update http` brings 2.0.0
hosted: `parser 1.0.0`: `uk update parser` brings 2.0.0; there is 3.0.0
$ uk --json outdated
[
  {
    "locked": "1.0.0",
    "name": "http",
    "newest": "2.0.0",
    "possible": "2.0.0",
    "variant": "hosted",
    "yanked": null
  },
  {
    "locked": "1.0.0",
    "name": "parser",
    "newest": "3.0.0",
    "possible": "2.0.0",
    "variant": "hosted",
    "yanked": null
  }
]
$ uk why-not parser@2
hosted: `parser 1.0.0` is there instead; if uk.yaml required it, `http` moves from 1.0.0 to 2.0.0, `parser` moves from 1.0.0 to 2.0.0
$ uk why-not parser@3; uk why-not parser@1.0.0; uk why-not parsr
hosted: error: uk.yaml:6:12: no version of `parser` suits all that require it
  because     `shop` requires `http`              uk.yaml:6:12
  and         `http 2.0.0` requires `parser ^2`   recipes/http/2.0.0/recipe.yaml:4:12
  and         `http 1.0.0` requires `parser ^1`   recipes/http/1.0.0/recipe.yaml:4:12
  and         `shop` requires `parser 3.*`        the command line
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: let `parser 3.*` at the command line accept 1.0.0; or leave out the requirement of `http` at uk.yaml:6:12
hosted: `parser 1.0.0` is in the image: `uk why parser`
error: no registry has a component `parsr`; did you mean `parser`?
[3]
$ uk --json why-not parser@2.0.0
[
  {
    "is": "possible",
    "subject": "parser@2.0.0",
    "text": "`parser 1.0.0` is there instead; if uk.yaml required it, `http` moves from 1.0.0 to 2.0.0, `parser` moves from 1.0.0 to 2.0.0",
    "variant": "hosted"
  }
]
$ uk update parser
wrote uk.lock
hosted: `http` from 1.0.0 to 2.0.0
hosted: `parser` from 1.0.0 to 2.0.0
$ uk update http
nothing moves
$ uk update
nothing moves
$ uk update htp
error: no registry has a component `htp`; did you mean `http`?
[3]
$ recipe http 3.0.0 < /dev/null; uk --json update
wrote uk.lock
[
  {
    "after": "3.0.0",
    "before": "2.0.0",
    "name": "http",
    "variant": "hosted"
  },
  {
    "after": "",
    "before": "2.0.0",
    "name": "parser",
    "variant": "hosted"
  }
]
# A version is yanked: the lock keeps it, nothing new chooses it.
$ recipe parser 2.1.0 < /dev/null; sed -i 's/http: "\*"/parser: ^2/' uk.yaml
$ uk lock
wrote uk.lock
hosted: 8 components
$ echo '2.1.0: loses commas' > recipes/parser/yanked.yaml
$ uk lock
warning: uk.lock keeps `parser 2.1.0`, which is yanked: loses commas

hint: `uk update parser` moves on
hosted: 8 components
uk.lock says so already
$ uk outdated
warning: uk.lock keeps `parser 2.1.0`, which is yanked: loses commas

hint: `uk update parser` moves on
hosted: `parser 2.1.0`, yanked (loses commas): `uk update parser` brings 2.0.0; there is 3.0.0
$ uk --json outdated | grep yanked
warning: uk.lock keeps `parser 2.1.0`, which is yanked: loses commas

hint: `uk update parser` moves on
    "yanked": "loses commas"
$ uk update parser
wrote uk.lock
hosted: `parser` from 2.1.0 to 2.0.0
$ uk why parser
hosted: `parser 2.0.0`
  `shop` requires `parser ^2`   uk.yaml:6:12
  instead there could have been
    `parser 3.0.0`: the lock or a requirement keeps the older one
    `parser 2.1.0`: is yanked: loses commas
    `parser 1.1.0`: older
    `parser 1.0.0`: older
$ echo '2.0.0: loses points' >> recipes/parser/yanked.yaml
$ uk lock
warning: uk.lock keeps `parser 2.0.0`, which is yanked: loses points

hint: `uk update parser` moves on
hosted: 8 components
uk.lock says so already
$ rm uk.lock; uk lock
error: uk.yaml:6:12: `parser ^2` is yanked
  because     `shop` requires `parser ^2`                                                uk.yaml:6:12
  and         every version of `parser` that `shop` accepts (2.0.0 and 2.1.0) is yanked: only a lock that has it keeps it   recipes/parser/yanked.yaml:1:1
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: let `parser ^2` at uk.yaml:6:12 accept 3.0.0
[4]
$ echo '2.*: loses more' >> recipes/parser/yanked.yaml
$ uk lock
error: recipes/parser/yanked.yaml:3:1: `2.*` is not a version: `*` is not a number
[3]
