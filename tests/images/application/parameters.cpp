// Boot parameters of every type arrive, and defaults where nothing is said.
// needs: console: console ^0.1
// requires: print: ^0.1
// manifest: parameters: {count: {type: int, default: 3, range: [0, 10]}, room: {type: size, default: 1KiB}, wait: {type: duration, default: 5ms}, word: {type: text, default: nothing}, loud: {type: bool, default: false}, colour: {type: enum, choices: [red, green], default: red}, address: {type: ipv4-cidr, optional: true}, rest: {type: int, default: 42}}
// boot: --count=7 --room=2MiB --wait=1500ms --word=something --loud --colour=green --address=10.1.2.3/24
// expect-text: 7 2097152 1500000000 something true 1 10.1.2.3/24 42
#include <uk/needs.hpp>
#include <uk/print.hpp>

uk::result<void> run(needs::console& console, const app::parameters& p) {
    const uk::ipv4_cidr address = p.address.value_or(uk::ipv4_cidr{});
    return uk::print(console, "{} {} {} {} {} {} {}.{}.{}.{}/{} {}\n", p.count, p.room, p.wait.count(), p.word, p.loud,
                     static_cast<unsigned>(p.colour), address.address >> 24, address.address >> 16 & 255,
                     address.address >> 8 & 255, address.address & 255, address.prefix, p.rest);
}
