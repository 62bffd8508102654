// implements console: the ring of a Xen guest. A full ring and an empty one block the fiber until the other end has an
// event.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/result.hpp>
#include <uk/xen/console.hpp>

namespace uk::xen_console {

class console {
  public:
    console() = default;
    console(const console&) = delete;
    console& operator=(const console&) = delete;

    result<void> open() { return xen::set_console_handler(happened, this); }
    void close() { (void)xen::set_console_handler(nullptr, nullptr); }

    result<void> write(std::string_view text) {
        while (writing_) UK_TRY(written_.wait());
        writing_ = true;
        const auto answer = write_all(text);
        writing_ = false;
        written_.signal();
        return answer;
    }

    result<std::size_t> read(std::span<std::byte> in) {
        for (;;) {
            if (const std::size_t count = xen::read_console(in); count > 0 || in.empty()) return count;
            UK_TRY(typed_.wait());
        }
    }

  private:
    result<void> write_all(std::string_view text) {
        for (;;) {
            text.remove_prefix(xen::write_console(text));
            if (text.empty()) return {};
            UK_TRY(room_.wait());
        }
    }

    static void happened(void* self) {
        static_cast<console*>(self)->room_.signal();
        static_cast<console*>(self)->typed_.signal();
    }

    bool writing_ = false; // a write that blocks isn't torn apart by another fiber's
    fiber::event written_, room_, typed_;
};

} // namespace uk::xen_console
