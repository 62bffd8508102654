# A workspace: applications and components with one lock.
#: HASH = \b[0-9a-f]{64}\b
#: SIZE = (?<=  )[0-9.]+ [KM]iB

$ mkdir -p shop/apps shop/components/greeting/include/acme && cd shop
$ for app in site mail; do (cd apps && uk init $app --template minimal > /dev/null); done
next: cd site && uk build && uk run
next: cd mail && uk build && uk run
$ printf '%s\n' 'name: greeting' 'version: 1.0.0' 'kind: component' 'headers: [include]' 'requires: [core]' > components/greeting/recipe.yaml
$ printf '#pragma once\ninline constexpr const char* greeting = "hello\\n";\n' > components/greeting/include/acme/greeting.hpp
$ for app in site mail; do
>   printf '%s\n' '#include <acme/greeting.hpp>' '#include <uk/needs.hpp>' "uk::result<void> run(needs::console& c) { (void)c.write(\"$app: \"); return c.write(greeting); }" > apps/$app/main.cpp
>   printf '%s\n' "name: $app" 'sources: [main.cpp]' 'requires: [greeting: ^1]' 'needs: {console: console ^0.1}' 'targets: {hosted: }' > apps/$app/uk.yaml
> done
$ echo 'workspace: [apps/*, components/*]' > uk.yaml
$ uk build
mail:
wrote uk.lock
dist/hosted/mail  18568B
site:
dist/hosted/site  18568B
$ apps/site/dist/hosted/site && apps/mail/dist/hosted/mail
site: hello
mail: hello
$ find . -name uk.lock && sed -n '/^components/,/^  heap/p; /^variants/,/^    comp/p; /^  site/,/^    comp/p' uk.lock
./uk.lock
components:
  allocator 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  console 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  core 0.1.0:
    registry: builtin
    recipe: sha256:<HASH>
    source: sha256:<HASH>
  greeting 1.0.0:
    registry: path
  heap 0.1.0:
variants:
  mail/hosted:
    target: hosted
    components:
  site/hosted:
    target: hosted
    components:

# In an application's folder, or with -p from anywhere in the workspace.
$ cd apps/site && uk build 2> /dev/null && uk tree | tail -4 && cd ../..
dist/hosted/site  18568B
      │     ├─ platform-hosted 0.1.0 (platform ^0.1), as above
      │     └─ musl 1.2.3 (libc ^1), as above
      ├─ platform-hosted 0.1.0 (platform ^0.1), as above
      └─ heap 0.1.0 (allocator ^0.1), as above
$ uk -p mail tree | tail -4
      │     ├─ platform-hosted 0.1.0 (platform ^0.1), as above
      │     └─ musl 1.2.3 (libc ^1), as above
      ├─ platform-hosted 0.1.0 (platform ^0.1), as above
      └─ heap 0.1.0 (allocator ^0.1), as above
$ uk -p site -C apps/mail why greeting
hosted: `greeting 1.0.0`
  `site` requires `greeting ^1`   apps/site/uk.yaml:3:12
$ uk -p nail build
error: the workspace has no application `nail`; did you mean `mail`?

hint: there are mail, site
[2]
$ uk tree
error: uk.yaml:1:1: this is a workspace: which of its applications is meant?

hint: `-p NAME` chooses one of mail, site
[2]
$ uk build --json
{
  "errors": [
    {
      "column": 1,
      "file": "uk.yaml",
      "hint": "`-p NAME` chooses one of mail, site",
      "line": 1,
      "message": "with --json, which application of the workspace is meant?"
    }
  ],
  "status": 2
}
error: uk.yaml:1:1: with --json, which application of the workspace is meant?

hint: `-p NAME` chooses one of mail, site
[2]
$ cd .. && uk -p site build; cd shop
error: `-p` chooses an application of a workspace, and this is none

hint: `-C DIR` works in another folder
$ uk complete -- -p '' && uk complete -- -p site build --target ''
mail
site
hosted

# The lock is the same whichever is built; what one needs more changes nothing of the other.
$ cp uk.lock before && uk -p mail build --locked 2> /dev/null && uk -p site build --locked 2> /dev/null && cmp before uk.lock
dist/hosted/mail  18568B
dist/hosted/site  18568B
$ uk -p mail add clock && diff before uk.lock
wrote uk.lock
uk.yaml requires `clock: ^0.1`
mail/hosted: `clock 0.1.0` comes in
22a23,26
>   clock 0.1.0:
>     registry: builtin
>     recipe: sha256:<HASH>
>     source: sha256:<HASH>
69a74
>       clock: 0.1.0
[1]
$ uk -p site build --locked 2> /dev/null && uk lock && uk update
dist/hosted/site  18568B
mail/hosted: 9 components
site/hosted: 8 components
uk.lock says so already
nothing moves
$ sed -i 's/hosted:/hosted: , kvm:/' apps/mail/uk.yaml && uk -p site check --locked
error: uk.lock: uk.lock doesn't answer uk.yaml: it has no variant `mail/kvm`

hint: `uk lock` brings it up to date
[6]
$ uk check && diff before uk.lock | grep '^<'
mail:
wrote uk.lock
hosted: fits
kvm: fits
site:
hosted: fits
[1]

# A component is changed where it lies.
$ sed -i 's/hello/good day/' components/greeting/include/acme/greeting.hpp && uk -p site build -t hosted && apps/site/dist/hosted/site
dist/hosted/site  18568B
site: good day

# What can't be.
$ echo 'overrides: {greeting: {path: x}}' >> apps/site/uk.yaml && uk -p mail build; sed -i '/overrides/d' apps/site/uk.yaml
error: apps/site/uk.yaml:6:23: registries and overrides are for the whole workspace: say them in uk.yaml
$ sed -i 's/name: site/name: mail/' apps/site/uk.yaml && uk build; sed -i 's/name: mail/name: site/' apps/site/uk.yaml
error: apps/site/uk.yaml:1:1: two applications of the workspace are called `mail`
  first here   apps/mail/uk.yaml:1:1
$ mkdir apps/site/recipes && uk build; rmdir apps/site/recipes
error: apps/site/recipes: an application of a workspace has no components of its own

hint: move them to recipes, or name their folders under `workspace:`
$ echo 'workspace: [apps/*, lib/*]' > uk.yaml && uk build
error: uk.yaml:1:21: nothing at `lib/*` has a uk.yaml or a recipe.yaml
[3]
$ echo 'workspace: [../x, "a/**"]' > uk.yaml && uk build
error: uk.yaml:1:13: `../x` is no folder below this one; `*` stands for any name in one folder
error: uk.yaml:1:19: `a/**` is no folder below this one; `*` stands for any name in one folder
[3]
$ echo 'workspace: apps' > uk.yaml && uk build
error: uk.yaml:1:12: expected a list of folders for `workspace`: `workspace: [apps/*, components/*]`
[3]
$ printf 'workspace: [apps/site]\ntargets: {hosted: }\n' > uk.yaml && uk build
error: uk.yaml:2:1: unknown field `targets`

hint: a workspace has the fields workspace, registries, overrides, toolchain
[3]
$ echo 'workspace: [apps/mail, components/*]' > uk.yaml && cd apps/site && uk lock; cd ../..
error: uk.yaml:3:12: there is no component `greeting`
  because     `site` requires `greeting ^1`, which is nowhere   uk.yaml:3:12
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: the name may be wrong, or the component belongs beside uk.yaml in recipes/NAME/VERSION/
