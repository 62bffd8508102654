# uk test: an application's tests on its variants and on simulated seeds; what fails says where, with what, and how to see it again.
#: TIME = \s+[0-9]+(ms|s)\b
#: MILLISECONDS = (?<="milliseconds": )[0-9]+
#: STEPS = [0-9]+ steps, [0-9]+ ns

$ mkdir -p shop/src shop/tests && cd shop
$ cat > uk.yaml <<'END'
> name: shop
> sources: [src/*.cpp]
> tests: [tests/*]
> needs:
>   console: console ^0.1
> targets:
>   hosted:
>   kvm: {memory: 16MiB}
> END
$ cat > src/shop.hpp <<'END'
> #pragma once
> #include <uk/fiber.hpp>
> int price(int pieces);
> uk::result<void> open(int& stock);
> END
$ cat > src/main.cpp <<'END'
> #include <uk/needs.hpp>
> #include "shop.hpp"
> int price(int pieces) { return 3 * pieces; }
> // Planted: who sells relies on who delivers having been first.
> uk::result<void> open(int& stock) {
>     uk::fiber::scope fibers;
>     UK_TRY(fibers.spawn([&] { stock += 3; }));
>     UK_TRY(fibers.spawn([&]() -> uk::result<void> {
>         if (stock == 0) return uk::error::not_found;
>         --stock;
>         return {};
>     }));
>     return fibers.join();
> }
> uk::result<void> run(needs::console&) { return uk::ended(9); }
> END
$ cat > tests/most.hpp <<'END'
> #pragma once
> constexpr int most = 100;
> END
$ cat > tests/price.cpp <<'END'
> #include <uk/needs.hpp>
> #include <uk/test.hpp>
> #include "most.hpp"
> #include "shop.hpp"
> uk::result<void> run(needs::console&) {
>     UK_CHECK(price(2) == 6);
>     UK_CHECK(price(2) < most);
>     return {};
> }
> END
$ cat > tests/sale.cpp <<'END'
> #include <uk/needs.hpp>
> #include <uk/test.hpp>
> #include "shop.hpp"
> uk::result<void> run(needs::console&) {
>     int stock = 0;
>     UK_REQUIRE(open(stock));
>     UK_CHECK(stock == 2);
>     return {};
> }
> END

# The application's own `run` ends with 9 and isn't what is run. Which of two fibers is first, a seed decides.
$ uk test -t hosted -t kvm 2>/dev/null
passed  price  hosted<TIME>
passed  price  kvm<TIME>
passed  sale   hosted<TIME>
passed  sale   kvm<TIME>
4 passed, 0 failed
$ uk test -t hosted -t simulated 2>/dev/null
passed  price  hosted<TIME>
passed  price  simulated<TIME>  100 seeds
passed  sale   hosted<TIME>
FAILED  sale   simulated<TIME>  seed 3, status 1
    tests/sale.cpp:6: UK_REQUIRE(open(stock))
        with error not_found
    uk: simulated: seed 3, <STEPS>
    replay: uk test sale --seed 3
3 passed, 1 failed
[1]
$ again() { uk test sale --seed 3 2>/dev/null | sed 's/ *[0-9]*ms//'; }; diff <(again) <(again) && echo the same
the same
$ uk test sale --seed 2 --locked --offline
passed  sale  simulated<TIME>
1 passed, 0 failed
$ uk --json test sale -t simulated
{
  "failed": 1,
  "passed": 0,
  "tests": [
    {
      "milliseconds": <MILLISECONDS>,
      "output": "tests/sale.cpp:6: UK_REQUIRE(open(stock))\n    with error not_found\nuk: simulated: seed 3, <STEPS>\n",
      "passed": false,
      "replay": "uk test sale --seed 3",
      "seed": 3,
      "seeds": 2,
      "test": "sale",
      "variant": "simulated",
      "why": "status 1"
    }
  ]
}
[1]

# What is tested is not in the lock, and no test is in the application.
$ grep -c 'simulated\|test' uk.lock
0
[1]
$ uk build -t hosted >/dev/null 2>&1 && ./dist/hosted/shop
[9]
$ ls dist/.tests
price
sale

# A check that doesn't hold is said with its values; the rest of the test goes on, and `run` can't hide it.
$ cat > tests/price.cpp <<'END'
> #include <string_view>
> #include <uk/needs.hpp>
> #include <uk/test.hpp>
> #include "shop.hpp"
> uk::result<void> run(needs::console&) {
>     UK_CHECK(price(2) == 7);
>     const uk::result<int> late = uk::error::timed_out;
>     UK_CHECK(late);
>     const std::string_view text = "six";
>     if (!UK_CHECK(text == "seven")) UK_CHECK(text.size() == 5 && text.empty() == false);
>     return {};
> }
> END
$ uk test price -t hosted 2>&1 | grep -o 'use of deleted function' | head -1
use of deleted function
$ sed -i 's/text.size() == 5 && text.empty() == false/false/; s/UK_CHECK(late)/UK_REQUIRE(late)/' tests/price.cpp
$ uk test price -t hosted 2>/dev/null
FAILED  price  hosted<TIME>  status 1
    tests/price.cpp:6: UK_CHECK(price(2) == 7)
        with 6 == 7
    tests/price.cpp:8: UK_REQUIRE(late)
        with error timed_out
    replay: uk test price -t hosted
0 passed, 1 failed
[1]
$ printf '#include <uk/needs.hpp>\nuk::result<void> run(needs::console&) { return uk::ended(4); }\n' > tests/price.cpp
$ uk test price -t hosted 2>/dev/null
FAILED  price  hosted<TIME>  status 4
    replay: uk test price -t hosted
0 passed, 1 failed
[1]
$ printf '#include <uk/needs.hpp>\nuk::result<void> run(needs::console&) { return uk::error::closed; }\n' > tests/price.cpp
$ uk test price -t hosted 2>/dev/null
FAILED  price  hosted<TIME>  status 1
    uk: the application ended with `closed`: it has been closed
    replay: uk test price -t hosted
0 passed, 1 failed
[1]

# What is wrong before anything runs.
$ printf '#include <uk/needs.hpp>\n' > tests/price.cpp
$ uk test price -t hosted
error: tests/price.cpp: the test doesn't define `run` as the needs of `shop` ask for it

hint: define `uk::result<void> run(needs::console& console)` in it, behind `#include <uk/needs.hpp>`
[1]
$ uk test prize
error: there is no test `prize`; did you mean `price`?

hint: there are price, sale
[2]
$ uk test -t kmv
error: uk.yaml has no variant `kmv`; did you mean `kvm`?

hint: there are hosted, kvm, simulated
[2]
$ uk test --seed 3 -t hosted
error: a seed is for simulated variants, and none is chosen
[2]
$ uk test --seed 3 --seeds 3
error: --seeds excludes --seed

hint: `uk test --help` shows how it is used
[2]
$ mkdir tests/more && cp tests/sale.cpp tests/more && sed -i 's|tests/\*\]|tests/**]|' uk.yaml && uk test
error: uk.yaml:1:1: `tests/more/sale.cpp` and `tests/sale.cpp` are both named `sale`

hint: a test's name is that of its file; give each another one
[3]
$ sed -i '/^tests/d' uk.yaml && uk test
error: uk.yaml:1:1: `shop` has no tests

hint: `tests: [tests/*.cpp]` in uk.yaml names them; each file is a program with a `run` of its own
[3]

# An application that only this machine can run is tested without seeds.
$ sed -i 's|console: console.*|console: {signature: console ^0.1, use: host-console}|; s|^sources|tests: [tests/sale.cpp]\nsources|; /kvm/d' uk.yaml
$ uk test 2>&1 | grep -v '^\['
wrote uk.lock
simulated is left out: nothing can fill `console` of `shop` on target `simulated`
passed  sale  hosted<TIME>
1 passed, 0 failed
$ uk test --seed 1 2>&1 | grep 'error: '
error: uk.yaml:5:3: nothing can fill `console` of `shop` on target `simulated`
