// Nothing but what the image is known to need: a seccomp filter (seccomp(2)) that every thread of control keeps until its
// end. What it forbids arrives as a signal, which becomes a panic (faults.cpp). Memory can't be made executable any more.
// Where the host has no seccomp, the image runs without.
#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>

#include <cstddef>

UK_HOSTED_CALLS(uk::hosted::call::seccomp); // which can only forbid more

extern "C" {
[[gnu::visibility("hidden")]] extern const uk::hosted::allowed_call __start_uk_hosted_calls[], __stop_uk_hosted_calls[];
}

namespace uk::hosted {
namespace {

// linux/filter.h, linux/seccomp.h, linux/audit.h
struct instruction {
    std::uint16_t code;
    std::uint8_t if_true, if_false;
    std::uint32_t value;
};

struct program {
    std::uint16_t length;
    const instruction* code;
};

constexpr std::uint16_t load = 0x20, jump_if_equal = 0x15, jump_if_any_bit = 0x45, give = 0x06;
constexpr std::uint32_t number_at = 0, architecture_at = 4, first_argument_at = 16;
constexpr std::uint32_t argument_size = 8;
constexpr std::uint32_t x86_64_architecture = 0xc000003e;
constexpr std::uint32_t allow = 0x7fff0000, signal = 0x00030000, kill = 0x80000000;
constexpr std::uint32_t prot_exec = 4;
constexpr std::size_t most_calls = 64;

class filter {
  public:
    void add(std::uint16_t code, std::uint32_t value, std::uint8_t if_true = 0, std::uint8_t if_false = 0) {
        code_[length_++] = {code, if_true, if_false, value};
    }
    bool has_room() const { return length_ + 5 < sizeof code_ / sizeof *code_; }
    program view() const { return {static_cast<std::uint16_t>(length_), code_}; }

  private:
    instruction code_[4 + 5 * most_calls + 1];
    std::size_t length_ = 0;
};

void install(const filter& rules) {
    constexpr long filter_mode = 1;
    const program made = rules.view();
    system_call(call::seccomp, filter_mode, 0L, &made);
}

bool came_before(const allowed_call* one) {
    for (const allowed_call* other = __start_uk_hosted_calls; other != one; ++other)
        if (*other == *one) return true;
    return false;
}

/// Gives the call its answer if it is that one; else goes on, with the number loaded again.
void add(filter& rules, const allowed_call& one) {
    const auto number = static_cast<std::uint32_t>(one.number);
    if (one.number == call::mmap || one.number == call::mprotect) {
        rules.add(jump_if_equal, number, 0, 4);
        rules.add(load, first_argument_at + 2 * argument_size);
        rules.add(jump_if_any_bit, prot_exec, 0, 1);
        rules.add(give, signal);
        rules.add(give, allow);
    } else if (one.argument != allowed_call::any_argument) {
        rules.add(jump_if_equal, number, 0, 4);
        rules.add(load, first_argument_at + one.argument * argument_size);
        rules.add(jump_if_equal, one.value, 0, 1);
        rules.add(give, allow);
        rules.add(load, number_at);
    } else {
        rules.add(jump_if_equal, number, 0, 1);
        rules.add(give, allow);
    }
}

} // namespace

void forbid_other_calls() {
    filter rules;
    rules.add(load, architecture_at);
    rules.add(jump_if_equal, x86_64_architecture, 1, 0);
    rules.add(give, kill);
    rules.add(load, number_at);
    for (const allowed_call* c = __start_uk_hosted_calls; c != __stop_uk_hosted_calls && rules.has_room(); ++c)
        if (!came_before(c)) add(rules, *c);
    rules.add(give, signal);

    constexpr long no_new_privileges = 38;
    if (system_call(call::prctl, no_new_privileges, 1L, 0L, 0L, 0L) == 0) install(rules);
}

void forbid_more_rings() {
    constexpr std::uint32_t lend_buffers = 22; // the ring itself allows it only where it is needed
    filter rules;
    rules.add(load, number_at);
    rules.add(jump_if_equal, static_cast<std::uint32_t>(call::io_uring_setup), 3, 0);
    rules.add(jump_if_equal, static_cast<std::uint32_t>(call::io_uring_register), 0, 3);
    rules.add(load, first_argument_at + argument_size);
    rules.add(jump_if_equal, lend_buffers, 1, 0);
    rules.add(give, signal);
    rules.add(give, allow);
    install(rules);
}

} // namespace uk::hosted
