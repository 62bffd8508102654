// One run: its parameters, its virtual clock, its steps. What the files of this platform share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/time.hpp>

#include <fiber/control_block.hpp>

namespace uk::simulated {

/// How the next fiber is chosen; drawn for each seed, since each finds other mistakes.
enum class order { in_turn, any, newest_first, mostly_in_turn };

struct run {
    std::uint64_t seed = 0;
    duration limit = std::chrono::hours{24};
    std::uint64_t steps_limit = 50'000'000;
    bool traced = false;

    instant now{};
    std::uint64_t steps = 0;
    order way = order::in_turn;
};

extern run current;

/// Reads what argv says about the run itself (`simulated.…`); the rest is the image's command line.
void read_run();
/// Draws what belongs to the seed.
void start_run();

/// Each stack that a fiber has, in the order in which they were made; null at the end.
struct stack_record {
    std::byte* place = nullptr;
    std::size_t size = 0;
    bool used = false;
    stack_record* next = nullptr;
};
const stack_record* first_stack_record();

/// No fiber can run, and nothing will ever happen: says who waits, and ends the image.
[[noreturn]] void deadlock();

} // namespace uk::simulated
