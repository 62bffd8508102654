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
    "variant": "hosted"
  },
  {
    "locked": "1.0.0",
    "name": "parser",
    "newest": "3.0.0",
    "possible": "2.0.0",
    "variant": "hosted"
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
