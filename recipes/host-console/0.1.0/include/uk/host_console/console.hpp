// implements console: standard input and output of the host process, terminal, pipe or file.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <uk/bytes.hpp>
#include <uk/fiber.hpp>
#include <uk/hosted/descriptor.hpp>
#include <uk/result.hpp>

namespace uk::host_console {

class console {
  public:
    console() = default;
    console(const console&) = delete;
    console& operator=(const console&) = delete;

    result<void> write(std::string_view text) {
        while (writing_) UK_TRY(written_.wait());
        writing_ = true;
        const auto answer = hosted::write(output_, bytes_of(text));
        writing_ = false;
        written_.signal();
        return answer;
    }

    result<std::size_t> read(std::span<std::byte> in) { return hosted::read(input_, in); }

  private:
    hosted::readiness input_{0, hosted::direction::in};
    hosted::readiness output_{1, hosted::direction::out};
    bool writing_ = false; // a write that blocks isn't torn apart by another fiber's
    fiber::event written_;
};

} // namespace uk::host_console
