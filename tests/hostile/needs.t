# Needs that can't be filled.

$ uk init hello --template minimal && cd hello && cp uk.yaml good.yaml

# A signature that isn't there, a version that isn't there.
$ sed 's/console: console/console: consle/' good.yaml > uk.yaml && uk check
$ sed 's/console \^0.1/console ^7/' good.yaml > uk.yaml && uk check

# A component that isn't there, or implements something else.
$ sed 's/console: console.*/console: {signature: console ^0.1, use: uart}/' good.yaml > uk.yaml && uk check
$ sed 's/console: console.*/console: {signature: console ^0.1, use: csprng}/' good.yaml > uk.yaml && uk check

# One that can't be used on a target.
$ sed 's/console: console.*/console: {signature: console ^0.1, use: uart-16550}/' good.yaml > uk.yaml && uk check

# A signature that nothing implements.
$ mkdir -p recipes/lamp/0.1.0 && printf 'name: lamp\nversion: 0.1.0\nkind: signature\nsummary: Light\nlicense: Apache-2.0\nheaders: [include]\nconcept: {name: lamp::Lamp, header: lamp.hpp}\narchetype: {class: lamp::archetype, header: lamp.hpp}\n' > recipes/lamp/0.1.0/recipe.yaml && mkdir recipes/lamp/0.1.0/include && touch recipes/lamp/0.1.0/include/lamp.hpp
$ sed 's/^targets:/  light: lamp ^0.1\ntargets:/' good.yaml > uk.yaml && uk check

# Two labels that would silently be one thing.
$ sed 's/^targets:/  log: console ^0.1\ntargets:/' good.yaml > uk.yaml && uk check
$ sed 's/^targets:/  log: {signature: console ^0.1, same: console}\ntargets:/' good.yaml > uk.yaml && sed -i 's/run(needs::console& console)/run(needs::console\& console, needs::log\&)/' main.cpp && uk check --target kvm

# A target that isn't there.
$ sed 's/^  kvm:/  kmv:/' good.yaml > uk.yaml && uk check
$ ls
