#include <uk/simulated_network/weather.hpp>

#include <algorithm>

namespace uk::simulated_network {
namespace {

using namespace std::chrono_literals;
using choice = config::simulated_network::weather_choice;

choice kind_of(simulated::chance& from, choice said) {
    constexpr choice any[] = {choice::calm, choice::calm, choice::bad, choice::terrible};
    const choice drawn = any[from.below(4)];
    return said == choice::drawn ? drawn : said;
}

weather calm(simulated::chance& from) {
    return {.loss = from.between(0, 2'000), .delay = from.between(20us, 2ms), .jitter = from.between(0us, 200us)};
}

weather bad(simulated::chance& from) {
    return {.loss = from.between(0, 100'000),
            .duplication = from.between(0, 50'000),
            .corruption = from.between(0, 20'000),
            .reordering = from.between(0, 200'000),
            .delay = from.between(1ms, 200ms),
            .jitter = from.between(0ms, 100ms),
            .bandwidth = from.below(2) ? 0 : static_cast<std::uint64_t>(from.between(20'000, 2'000'000))};
}

weather terrible(simulated::chance& from) {
    weather w = bad(from);
    w.loss = from.between(50'000, 250'000);
    // Whole for two thirds of the time: where less arrives, TCP may well give up.
    w.partition_every = from.between(1s, 30s);
    w.partition_for = from.between(100ms, std::min<duration>(10s, w.partition_every / 2));
    return w;
}

template <class T, class U>
void take(T& to, const U& said) {
    if (said) to = static_cast<T>(*said);
}

} // namespace

weather draw(simulated::chance& from, const parameters& said) {
    weather w;
    switch (kind_of(from, said.weather)) {
    case choice::calm: w = calm(from); break;
    case choice::bad: w = bad(from); break;
    case choice::terrible: w = terrible(from); break;
    default: break;
    }
    take(w.loss, said.loss);
    take(w.duplication, said.duplication);
    take(w.corruption, said.corruption);
    take(w.reordering, said.reordering);
    take(w.delay, said.delay);
    take(w.jitter, said.jitter);
    take(w.bandwidth, said.bandwidth);
    take(w.partition_every, said.partition_every);
    take(w.partition_for, said.partition_for);
    return w;
}

} // namespace uk::simulated_network
