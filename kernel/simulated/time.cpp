// The virtual clock: it goes on a little with each step and each look at it, and jumps where a machine would sleep.
#include <uk/platform.hpp>
#include <uk/simulated/chance.hpp>

#include <simulated/simulation.hpp>
#include <x86_64/text.hpp>

namespace uk {
namespace {

constexpr duration look_takes{10}; // so that a loop that only waits for a time ends
constexpr duration boot_date = std::chrono::seconds{1'893'456'000}; // 2030-01-01
constexpr duration most_lateness = std::chrono::microseconds{50};

constinit simulated::chance lateness{0};

} // namespace

constinit simulated::run simulated::current;

void simulated::start_run() {
    lateness = chance::of("lateness");
    current.way = static_cast<order>(chance::of("order").below(4));
}

simulated::chance simulated::chance::of(std::string_view subject) {
    std::uint64_t mixed = current.seed;
    for (const char c : subject) mixed = chance{mixed ^ static_cast<unsigned char>(c)}.number();
    return chance{mixed};
}

std::uint64_t simulated::seed() { return current.seed; }
bool simulated::traced() { return current.traced; }

void simulated::trace(std::string_view what) {
    x86_64::line text;
    text.number(current.steps).add(" ").number(static_cast<std::uint64_t>(current.now.time_since_epoch().count()));
    platform::write_text(text.add(" ").add(what).add("\n").view());
}

instant platform::now() { return simulated::current.now += look_takes; }

result<wall_time> platform::wall_now() { return wall_time{boot_date + now().time_since_epoch()}; }

void platform::wait(instant deadline) {
    if (deadline == instant{}) return; // somebody can run
    if (deadline == never) simulated::deadlock();
    simulated::run& run = simulated::current;
    if (deadline > run.now) run.now = deadline;
    run.now += lateness.between(duration{}, most_lateness); // no machine is ever on time
    if (run.now.time_since_epoch() > run.limit)
        panic("the run goes on for longer than `simulated.limit` allows, in virtual time");
}

} // namespace uk
