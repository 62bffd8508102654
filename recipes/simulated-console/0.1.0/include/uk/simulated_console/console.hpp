// implements console: standard output, and an input that has ended.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/result.hpp>
#include <uk/simulated/chance.hpp>

namespace uk::simulated_console {

class console {
  public:
    console() = default;
    console(const console&) = delete;
    console& operator=(const console&) = delete;

    result<void> write(std::string_view text) {
        UK_TRY(fiber::yield()); // as where the other end is slow
        simulated::write_output(text);
        return {};
    }
    result<std::size_t> read(std::span<std::byte>) {
        UK_TRY(fiber::yield());
        return std::size_t{0};
    }
};

} // namespace uk::simulated_console
