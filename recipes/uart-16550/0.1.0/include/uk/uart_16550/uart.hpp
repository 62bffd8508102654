// implements console: the 16550 serial port of a PC (TI PC16550D). What fits into its transmitter goes there at once; only when
// the line is slower than the text, and for input, interrupts are used. Lines end with CR LF on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/result.hpp>

#include <uart-16550/config.hpp>

namespace uk::uart_16550 {

using settings = config::uart_16550::settings;

class uart {
  public:
    constexpr explicit uart(const settings& how)
        : base_{static_cast<std::uint16_t>(how.base)}, irq_{static_cast<unsigned>(how.irq)} {}
    uart(const uart&) = delete;
    uart& operator=(const uart&) = delete;

    /// Errors: not_found when there is no such port.
    [[gnu::cold]] result<void> open();
    [[gnu::cold]] void close();

    result<void> write(std::string_view text);
    result<std::size_t> read(std::span<std::byte> in);

  private:
    /// Waits for room in the transmitter; returns how many bytes fit.
    result<std::size_t> room();
    result<void> send(std::string_view text);
    [[gnu::cold]] result<void> connect();
    void enable(std::uint8_t interrupts);
    void handle_interrupt();
    void receive();

    std::uint16_t base_;
    unsigned irq_;
    std::uint8_t enabled_ = 0; // interrupts
    bool connected_ = false;
    bool writing_ = false; // a write that blocks isn't torn apart by another fiber's
    fiber::event written_;
    fiber::event transmitter_empty_;
    fiber::event received_;
    std::uint16_t first_ = 0; // of what was received
    std::uint16_t count_ = 0;
    std::byte buffer_[128]{};
};

} // namespace uk::uart_16550
