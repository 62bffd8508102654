// The console ring (xen/include/public/io/console.h) and text of last resort, which both go through it.
#include <xen/console.hpp>

#include <uk/platform.hpp>

#include <x86_64/paging.hpp>
#include <xen/events.hpp>
#include <xen/hypercall.hpp>
#include <xen/time.hpp>

namespace uk::xen {
namespace {

constexpr std::uint32_t in_size = 1024, out_size = 2048;
constexpr std::uint32_t longest_character = 2; // a newline

// Indexes count bytes for ever; each is written by one side only.
struct ring {
    std::byte in[in_size];
    char out[out_size];
    std::uint32_t in_taken, in_put, out_taken, out_put;
};

constinit volatile ring* console = nullptr;
constinit port console_port = 0;

/// How long the end waits for a console that takes nothing. xenconsoled pauses a busy one for up to 0.2 s.
constexpr duration patience = std::chrono::seconds{2};

void fence() { asm volatile("" : : : "memory"); } // x86 keeps stores in order

/// What the other end hasn't taken yet.
std::uint32_t out_used() {
    const std::uint32_t used = console->out_put - console->out_taken;
    return used < out_size ? used : out_size;
}

/// Sleeps until no more than `most` bytes wait to be taken. False when the other end takes nothing any more.
bool wait_for(std::uint32_t most) {
    bool had_event = false;
    std::uint32_t taken = console->out_taken;
    instant until = platform::now() + patience;
    while (out_used() > most && platform::now() < until) {
        sleep(&console_port, 1, system_time_at(until));
        had_event |= take_event(console_port);
        if (console->out_taken != taken) {
            taken = console->out_taken;
            until = platform::now() + patience;
        }
    }
    if (had_event) return_event(console_port); // a driver that waits must see it too
    return out_used() <= most;
}

} // namespace

void start_console() {
    const std::uint64_t page = get(parameter::console_page) * x86_64::page_size;
    if (page == 0 || !x86_64::map(page, page + sizeof(ring), x86_64::access::read_write)) return;
    console_port = static_cast<port>(get(parameter::console_port));
    console = reinterpret_cast<volatile ring*>(page);
}

std::size_t write_console(std::string_view text) {
    if (!console) return text.size();
    std::uint32_t put = console->out_put, room = out_size - out_used();
    std::size_t written = 0;
    for (; written < text.size(); ++written) {
        const char c = text[written];
        if (room < (c == '\n' ? 2u : 1u)) break;
        if (c == '\n') {
            console->out[put++ % out_size] = '\r';
            --room;
        }
        console->out[put++ % out_size] = c;
        --room;
    }
    fence();
    console->out_put = put;
    if (written > 0) notify(console_port);
    return written;
}

std::size_t read_console(std::span<std::byte> in) {
    if (!console) return 0;
    std::uint32_t taken = console->in_taken;
    const std::uint32_t put = console->in_put;
    std::size_t count = 0;
    fence();
    while (count < in.size() && taken != put) in[count++] = console->in[taken++ % in_size];
    fence();
    console->in_taken = taken;
    if (count > 0) notify(console_port);
    return count;
}

result<void> set_console_handler(void (*handler)(void*), void* context) {
    if (!console) return error::unsupported;
    return set_event_handler(console_port, handler, context);
}

void end_line() {
    if (console && console->out_put != 0 && console->out[(console->out_put - 1) % out_size] != '\n')
        platform::write_text("\n");
}

void drain_console() {
    if (console) wait_for(0);
}

} // namespace uk::xen

void uk::platform::write_text(std::string_view text) {
    for (;;) {
        text.remove_prefix(xen::write_console(text));
        if (text.empty() || !xen::wait_for(xen::out_size - xen::longest_character)) return;
    }
}
