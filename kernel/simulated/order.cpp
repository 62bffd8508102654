// Steps: which fiber goes on, how long that takes, and when there were too many.
#include <uk/fiber.hpp>
#include <uk/platform.hpp>
#include <uk/simulated/chance.hpp>

#include <fiber/drawn_order.hpp>
#include <simulated/simulation.hpp>

namespace uk {
namespace {

constexpr duration least_step{100}, most_step{5'000}; // what a fiber computes between two blocking calls, as drawn

constinit simulated::chance source{0};
constinit bool begun = false;

std::size_t choose(std::size_t count) {
    switch (simulated::current.way) {
    case simulated::order::in_turn: return 0;
    case simulated::order::newest_first: return source.below(4) ? count - 1 : 0; // the oldest too, now and then
    case simulated::order::mostly_in_turn: return source.below(8) ? 0 : source.below(count);
    case simulated::order::any: break;
    }
    return source.below(count);
}

} // namespace

std::size_t fiber::draw_next(std::size_t count) {
    if (!begun) source = simulated::chance::of("steps");
    begun = true;
    simulated::run& run = simulated::current;
    run.now += source.between(least_step, most_step);
    if (++run.steps > run.steps_limit)
        platform::panic("the run takes more steps than `simulated.steps` allows: does something wait in a loop?");
    return choose(count);
}

} // namespace uk
