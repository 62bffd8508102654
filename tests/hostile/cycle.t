# Wiring in a circle, and requirements in a circle.

$ uk init hello --template minimal && cd hello
> component() { mkdir -p recipes/$1/0.1.0 && printf 'name: %s\nversion: 0.1.0\nkind: component\ncategory: library\nsummary: Turns around\nlicense: Apache-2.0\nheaders: [include]\n%b' "$1" "$2" > recipes/$1/0.1.0/recipe.yaml; mkdir -p recipes/$1/0.1.0/include; }
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
$ component turn 'implements:\n  time.clock 0.1: {class: turn::clock, header: turn.hpp}\nneeds:\n  clock: time.clock ^0.1\n'
$ sed -i 's/^targets:/  clock: {signature: time.clock ^0.1, use: turn}\ntargets:/' uk.yaml && cat >> uk.yaml <<END
> instances:
>   turn: {use: turn, needs: {clock: turn}}
> END
$ uk check --target kvm
error: uk.yaml:6:3: `turn` would be wired in a circle
  because     `hello` needs `clock: time.clock ^0.1`        uk.yaml:6:3
  and         `hello` says `use: {clock: turn}`             uk.yaml:6:3
  and         `turn 0.1.0` needs `clock: time.clock ^0.1`   recipes/turn/0.1.0/recipe.yaml:11:3
  and         `hello` says `use: {turn/clock: turn}`        uk.yaml:12:3
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: say `use: {turn/clock: clock}` at uk.yaml:12:3; or say `use: {clock: clock}` at uk.yaml:6:3; or leave out the need `clock` at uk.yaml:6:3
[4]
$ ls
main.cpp
recipes
uk.yaml
