// The readable end of an image: what happened, which fiber, where it came from.
#pragma once

#include <cstdint>
#include <string_view>

namespace uk::x86_64 {

/// Where the processor was. `instruction` 0: not known.
struct place {
    std::uint64_t instruction;
    std::uint64_t stack;
};

/// Says `why` and where, and ends the image with status 126. A panic inside a panic ends at once.
[[noreturn, gnu::cold]] void panic_at(std::string_view why, place where);

} // namespace uk::x86_64
