#include <uk/needs.hpp>

uk::result<void> run(needs::console& console) { return console.write("hello\n"); }
