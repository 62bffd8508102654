# Wiring in a circle, and requirements in a circle.

$ uk init hello --template minimal && cd hello
> component() { mkdir -p recipes/$1/0.1.0 && printf 'name: %s\nversion: 0.1.0\nkind: component\ncategory: library\nsummary: Turns around\nlicense: Apache-2.0\nheaders: [include]\n%b' "$1" "$2" > recipes/$1/0.1.0/recipe.yaml; mkdir -p recipes/$1/0.1.0/include; }
$ component turn 'implements:\n  time.clock 0.1: {class: turn::clock, header: turn.hpp}\nneeds:\n  clock: time.clock ^0.1\n'
$ sed -i 's/^targets:/  clock: {signature: time.clock ^0.1, use: turn}\ntargets:/' uk.yaml && cat >> uk.yaml <<END
> instances:
>   turn: {use: turn, needs: {clock: turn}}
> END
$ uk check --target kvm
$ ls
