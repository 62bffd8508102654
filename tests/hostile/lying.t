# An implementation that lies about its signature: what it lacks, by name, not a page of template errors.

$ uk init hello --template minimal && cd hello
$ mkdir -p recipes/liar/0.1.0/include && cat > recipes/liar/0.1.0/recipe.yaml <<END
> name: liar
> version: 0.1.0
> kind: component
> category: library
> summary: Says that it is a clock
> license: Apache-2.0
> implements:
>   time.clock 0.1: {class: liar::clock, header: liar.hpp}
> requires: [core: ^0.1]
> headers: [include]
> END
$ cat > recipes/liar/0.1.0/include/liar.hpp <<END
> #pragma once
> #include <uk/time.hpp>
> namespace liar {
> struct clock {
>     uk::instant now() { return {}; }
>     int wall() { return 0; }
>     uk::duration resolution() { return uk::duration{1}; }
> };
> } // namespace liar
> END
$ sed -i 's/^targets:/  clock: {signature: time.clock ^0.1, use: liar}\ntargets:/' uk.yaml && sed -i 's/console& console)/console\& console, needs::clock\&)/' main.cpp && uk check --target kvm
$ uk build --target kvm; ls

# An operation that isn't there at all.
$ sed -i '/int wall/d' recipes/liar/0.1.0/include/liar.hpp && uk check --target hosted

# A class that isn't there.
$ sed -i 's/struct clock/struct clocks/' recipes/liar/0.1.0/include/liar.hpp && uk check --target hosted
