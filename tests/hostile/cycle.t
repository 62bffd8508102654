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
error: ./recipes/turn/0.1.0/recipe.yaml:11:3: nothing fills `clock` of `turn 0.1.0`: `time.clock ^0.1` on target `hosted`
  needed by   `turn 0.1.0`   ./recipes/turn/0.1.0/recipe.yaml:11:3
  looked at   `turn`: the wiring would be a cycle: turn → turn
  looked in   registry `builtin`
  while resolving the variant `hosted`

hint: name what is to fill it in a variant of uk.yaml: `use: {turn/clock: …}`
[4]
$ ls
main.cpp
recipes
uk.yaml
