# An implementation that lies about its signature: what it lacks, by name, not a page of template errors.

$ set -o pipefail; uk init hello --template minimal && cd hello
hello/main.cpp
hello/uk.yaml
next: cd hello && uk build && uk run
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
$ sed -i 's/^targets:/  clock: {signature: time.clock ^0.1, use: liar}\ntargets:/' uk.yaml && sed -i 's/console& console)/console\& console, needs::clock\&)/' main.cpp && uk check --target kvm 2>&1 | grep -v '^\[[0-9]'
wrote uk.lock
error: time.clock/include/uk/time/clock.hpp:17:17: `liar 0.1.0` says that it implements `time.clock`, and does not
  filled by it   `clock` of the application hello
  operation      `clock.wall()` returns another type   time.clock/include/uk/time/clock.hpp:17:17
  expected       uk::result<std::chrono::time_point<std::chrono::_V2::system_clock, std::chrono::duration<long int, std::ratio<1, 1000000000> > > >
  found          int
  variant        kvm

hint: correct `liar`, or fill the need with another component by `use:`; `uk why liar` says why it was chosen
[1]
$ uk build --target kvm 2>&1 | grep -v '^\[[0-9]'; ls
error: time.clock/include/uk/time/clock.hpp:17:17: `liar 0.1.0` says that it implements `time.clock`, and does not
  filled by it   `clock` of the application hello
  operation      `clock.wall()` returns another type   time.clock/include/uk/time/clock.hpp:17:17
  expected       uk::result<std::chrono::time_point<std::chrono::_V2::system_clock, std::chrono::duration<long int, std::ratio<1, 1000000000> > > >
  found          int
  variant        kvm

hint: correct `liar`, or fill the need with another component by `use:`; `uk why liar` says why it was chosen
main.cpp
recipes
uk.lock
uk.yaml

# An operation that isn't there at all.
$ sed -i '/int wall/d' recipes/liar/0.1.0/include/liar.hpp && uk check --target hosted 2>&1 | grep -v '^\[[0-9]'
error: time.clock/include/uk/time/clock.hpp:17:17: `liar 0.1.0` says that it implements `time.clock`, and does not
  filled by it   `clock` of the application hello
  operation      `clock.wall()` is missing or can't be called so   time.clock/include/uk/time/clock.hpp:17:17
  found          `struct liar::clock` has no member named `wall`
  variant        hosted

hint: correct `liar`, or fill the need with another component by `use:`; `uk why liar` says why it was chosen
[1]

# A class that isn't there.
$ sed -i 's/struct clock/struct clocks/' recipes/liar/0.1.0/include/liar.hpp && uk check --target hosted 2>&1 | grep -v '^\[[0-9]'
error: gen/uk/needs.hpp:18:20: `clock` in namespace `liar` does not name a type; did you mean `clocks`?
  variant   hosted
error: gen/uk/needs.hpp:19:25: parse error in template argument list
  variant   hosted
error: gen/uk/needs.hpp:19:25: template argument 1 is invalid
  variant   hosted
error: gen/uk/needs.hpp:28:32: `liar` in namespace `uk::image::type` does not name a type
  variant   hosted
error: gen/uk/needs.hpp:33:47: `needs::clock` has not been declared
  variant   hosted
[1]
