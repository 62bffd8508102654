#include <uk/uart_16550/uart.hpp>

#include <uk/kvm/irq.hpp>
#include <uk/x86_64/ports.hpp>

namespace uk::uart_16550 {
namespace {

using x86_64::in8;
using x86_64::out8;

enum reg : std::uint16_t {
    data = 0,
    interrupt_enable = 1,
    fifo_control = 2,
    modem_control = 4,
    line_status = 5,
    scratch = 7
};

constexpr std::uint8_t receive_interrupt = 1, transmit_interrupt = 2;
constexpr std::uint8_t fifo_on = 1;
constexpr std::uint8_t ready_and_interrupts = 0x0b; // DTR, RTS, OUT2: the last lets interrupts out
constexpr std::uint8_t received = 0x01, transmitter_empty = 0x20;
constexpr std::size_t fifo_size = 16;

} // namespace

result<void> uart::open() {
    out8(base_ + scratch, 0x5a);
    if (in8(base_ + scratch) != 0x5a) return error::not_found;
    out8(base_ + fifo_control, fifo_on);
    return {};
}

void uart::close() {
    if (!connected_) return;
    enable(0);
    kvm::disconnect_irq(irq_);
    connected_ = false;
}

result<void> uart::write(std::string_view text) {
    while (writing_) UK_TRY(written_.wait());
    writing_ = true;
    const auto answer = send(text);
    writing_ = false;
    written_.signal();
    return answer;
}

result<void> uart::send(std::string_view text) {
    bool after_return = false;
    while (!text.empty()) {
        auto free = room();
        if (!free) return free.error();
        for (std::size_t left = *free; left > 0 && !text.empty(); --left) {
            if (text.front() == '\n' && !after_return) {
                out8(base_ + data, '\r');
                after_return = true;
                continue;
            }
            out8(base_ + data, static_cast<std::uint8_t>(text.front()));
            text.remove_prefix(1);
            after_return = false;
        }
    }
    return {};
}

result<std::size_t> uart::room() {
    while (!(in8(base_ + line_status) & transmitter_empty)) {
        UK_TRY(connect());
        enable(enabled_ | transmit_interrupt); // interrupts at once if it has become empty meanwhile
        UK_TRY(transmitter_empty_.wait());
    }
    return fifo_size;
}

result<std::size_t> uart::read(std::span<std::byte> in) {
    if (in.empty()) return 0;
    UK_TRY(connect());
    while (count_ == 0) {
        enable(enabled_ | receive_interrupt);
        UK_TRY(received_.wait());
    }
    std::size_t n = 0;
    for (; n < in.size() && count_ > 0; --count_) {
        in[n++] = buffer_[first_];
        first_ = (first_ + 1) % sizeof buffer_;
    }
    return n;
}

result<void> uart::connect() {
    if (connected_) return {};
    const auto hook = [](void* self) { static_cast<uart*>(self)->handle_interrupt(); };
    UK_TRY(kvm::connect_irq(irq_, hook, this));
    out8(base_ + modem_control, ready_and_interrupts);
    connected_ = true;
    return {};
}

void uart::enable(std::uint8_t interrupts) {
    enabled_ = interrupts;
    out8(base_ + interrupt_enable, interrupts);
}

/// The line is edge-triggered: each cause must be gone when this returns, or no further interrupt comes.
void uart::handle_interrupt() {
    const std::uint8_t status = in8(base_ + line_status);
    if (enabled_ & receive_interrupt && status & received) receive();
    if (enabled_ & transmit_interrupt && status & transmitter_empty) {
        enable(enabled_ & ~transmit_interrupt);
        transmitter_empty_.signal();
    }
}

void uart::receive() {
    while (in8(base_ + line_status) & received) {
        if (count_ == sizeof buffer_) { // nobody reads: leave the rest to the port, whose other end then waits
            enable(enabled_ & ~receive_interrupt);
            break;
        }
        buffer_[(first_ + count_++) % sizeof buffer_] = std::byte{in8(base_ + data)};
    }
    received_.signal();
}

} // namespace uk::uart_16550
