// The least that a domain can be given: images begin at 1 MiB.
// targets: xen
// memory: 2MiB
// needs: console: console ^0.1
// expect-text: small is enough
#include <uk/needs.hpp>

uk::result<void> run(needs::console& console) { return console.write("small is enough\n"); }
