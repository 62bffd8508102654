# Needs that can't be filled.

$ uk init hello --template minimal && cd hello && cp uk.yaml good.yaml
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run

# A signature that isn't there, a version that isn't there.
$ sed 's/console: console/console: consle/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:3: there is no signature `consle`; did you mean `console`?
  because     `hello` needs `console: consle ^0.1`, which is nowhere   uk.yaml:5:3
  looked in   registry `builtin`
  while resolving the variant `hosted`
[4]
$ sed 's/console \^0.1/console ^7/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:3: nothing can fill `console` of `hello` on target `hosted`
  because     `hello` needs `console: console ^7`          uk.yaml:5:3
  but         `host-console` provides `console 0.1`        <top>/recipes/host-console/0.1.0/recipe.yaml:10:3
  but         `simulated-console` provides `console 0.1`   <top>/recipes/simulated-console/0.1.0/recipe.yaml:10:3
  but         `uart-16550` provides `console 0.1`          <top>/recipes/uart-16550/0.1.0/recipe.yaml:12:3
  but         `xen-console` provides `console 0.1`         <top>/recipes/xen-console/0.1.0/recipe.yaml:10:3
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: let `console: console ^7` at uk.yaml:5:3 accept 0.1
[4]

# A component that isn't there, or implements something else.
$ sed 's/console: console.*/console: {signature: console ^0.1, use: uart}/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:3: `console` is to be filled by `uart`, which is no instance and no component
[3]
$ sed 's/console: console.*/console: {signature: console ^0.1, use: csprng}/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:3: nothing can fill `console` of `hello` on target `hosted`
  because     `hello` needs `console: console ^0.1`   uk.yaml:5:3
  but         `csprng` doesn't provide `console`
  and         `hello` says `use: {console: csprng}`   uk.yaml:5:3
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: say `use: {console: host-console}` at uk.yaml:5:3; or leave out the need `console` at uk.yaml:5:3
[4]

# One that can't be used on a target.
$ sed 's/console: console.*/console: {signature: console ^0.1, use: uart-16550}/' good.yaml > uk.yaml && uk check
error: uk.yaml:5:3: nothing can fill `console` of `hello` on target `hosted`
  because     `hello` needs `console: console ^0.1`                                      uk.yaml:5:3
  and         `hello` says `use: {console: uart-16550}`                                  uk.yaml:5:3
  and         `uart-16550 0.1.0` is only for `target.family == unikernel and target.arch == x86_64`   <top>/recipes/uart-16550/0.1.0/recipe.yaml:7:7
  but         for the target `kvm` there is an answer
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: say `use: {console: host-console}` at uk.yaml:5:3; or leave out the need `console` at uk.yaml:5:3
[4]

# A signature that nothing implements.
$ mkdir -p recipes/lamp/0.1.0 && printf 'name: lamp\nversion: 0.1.0\nkind: signature\nsummary: Light\nlicense: Apache-2.0\nheaders: [include]\nconcept: {name: lamp::Lamp, header: lamp.hpp}\narchetype: {class: lamp::archetype, header: lamp.hpp}\n' > recipes/lamp/0.1.0/recipe.yaml && mkdir recipes/lamp/0.1.0/include && touch recipes/lamp/0.1.0/include/lamp.hpp
$ sed 's/^targets:/  light: lamp ^0.1\ntargets:/' good.yaml > uk.yaml && uk check
error: uk.yaml:6:3: nothing can fill `light` of `hello` on target `hosted`
  because     `hello` needs `light: lamp ^0.1`   uk.yaml:6:3
  but         nothing provides `lamp`
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: leave out the need `light` at uk.yaml:6:3
[4]

# Two labels that would silently be one thing.
$ sed 's/^targets:/  log: console ^0.1\ntargets:/' good.yaml > uk.yaml && uk check
error: uk.yaml:6:3: `console` and `log` both need `console`, and nothing says which instance fills which
  first here   `console`   uk.yaml:5:3

hint: add `same: console` to `log` if both are one, or say `use:` for one of them
[3]
$ sed 's/^targets:/  log: {signature: console ^0.1, same: console}\ntargets:/' good.yaml > uk.yaml && sed -i 's/run(needs::console& console)/run(needs::console\& console, needs::log\&)/' main.cpp && uk check --target kvm
wrote uk.lock
kvm: fits

# A target that isn't there.
$ sed 's/^  kvm:/  kmv:/' good.yaml > uk.yaml && uk check
error: uk.yaml:8:3: there is no target `kmv`; did you mean `kvm`?

hint: `uk targets` lists them; a variant of another name says `target:`
[3]
$ ls
good.yaml
main.cpp
recipes
uk.lock
uk.yaml
