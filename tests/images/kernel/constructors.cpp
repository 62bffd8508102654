// Objects with static storage are constructed before the application runs, in the order of their definition, on the first fiber;
// what they need of the platform (memory, text) works already.
// expect-text: constructed: 1 2 300
// expect-no-text: too early
#include <cstdlib>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

namespace {

int next = 1;

struct numbered {
    numbered() : number{next++}, block{static_cast<char*>(std::malloc(100))} { block[0] = uk::fiber::name()[0]; }
    int number;
    char* block;
};

numbered first;
numbered second;
struct last {
    last() : number{second.number == 2 && first.block[0] == 'm' ? 300 : 0} {}
    int number;
} third;

[[gnu::constructor(200)]] void earlier() {
    if (next != 1 || first.number != 0) uk::platform::write_text("too early or too late\n");
}

} // namespace

uk::result<void> run() {
    if (first.number == 1 && second.number == 2 && third.number == 300)
        uk::platform::write_text("constructed: 1 2 300\n");
    return {};
}
