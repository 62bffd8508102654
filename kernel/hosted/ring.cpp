// Readiness through io_uring(7): one-shot polls. Arming only queues; a sleep hands the queue over, waits and collects, all
// in one system call. The ring itself is limited to polls, so that it is no way around the filter (filter.cpp).
#include <uk/platform.hpp>

#include <hosted/poller.hpp>
#include <hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::io_uring_setup, uk::hosted::call::io_uring_enter, uk::hosted::call::io_uring_register,
                uk::hosted::call::mmap);

namespace uk::hosted::ring {
namespace {

// linux/io_uring.h
struct queue_offsets {
    std::uint32_t head, tail, mask, entries, a, b, c, d;
    std::uint64_t user;
};

struct parameters {
    std::uint32_t submissions, completions, flags, cpu, idle, features, workers, reserved[3];
    queue_offsets submission, completion;
};
// The submission queue's fifth to seventh words are flags, dropped and the index array; the completion queue's are
// overflow and the entries.

struct submission {
    std::uint8_t operation, flags;
    std::uint16_t priority;
    std::int32_t descriptor;
    std::uint64_t offset, address;
    std::uint32_t length, events;
    readiness* user;
    std::uint64_t rest[3];
};

struct completion {
    readiness* user;
    std::int32_t result;
    std::uint32_t flags;
};

struct restriction {
    std::uint16_t kind;
    std::uint8_t value, reserved;
    std::uint32_t more[3];
};

struct wait_argument {
    std::uint64_t signals;
    std::uint32_t signals_size, minimum;
    const timespec* time;
};

constexpr std::uint32_t starts_disabled = 1u << 6;
constexpr std::uint32_t one_mapping = 1u << 0, takes_argument = 1u << 8; // features
constexpr std::uint64_t submissions_at = 0x10000000;
constexpr std::uint8_t poll_add = 6;
constexpr std::uint16_t allow_operation = 1;
constexpr long register_restrictions = 11, register_enable = 12;
constexpr long get_events = 1, with_argument = 8;
constexpr std::uint32_t entry_count = 64;

struct state {
    int descriptor = -1;
    std::uint32_t *head, *tail, *indices; // of submissions
    std::uint32_t mask = 0;
    std::uint32_t queued = 0;
    submission* submissions;
    std::uint32_t *done_head, *done_tail;
    std::uint32_t done_mask = 0;
    completion* completions;
};

constinit state ring{};

std::byte* map(std::size_t size, std::uint64_t offset) {
    constexpr long read_write = 3, shared_populate = 0x8001;
    const long place = system_call(call::mmap, 0L, static_cast<long>(size), read_write, shared_populate,
                                   static_cast<long>(ring.descriptor), static_cast<long>(offset));
    return place < 0 && place > -4096 ? nullptr : reinterpret_cast<std::byte*>(place);
}

bool limit_to_polls() {
    const restriction only{allow_operation, poll_add, 0, {}};
    const long descriptor = ring.descriptor;
    return system_call(call::io_uring_register, descriptor, register_restrictions, &only, 1L) == 0 &&
           system_call(call::io_uring_register, descriptor, register_enable, 0L, 0L) == 0;
}

/// Hands over what is queued; with `least` 1 also waits.
long enter(long least, const wait_argument& how) {
    const long count = ring.queued;
    ring.queued = 0;
    return system_call(call::io_uring_enter, static_cast<long>(ring.descriptor), count, least,
                       get_events | with_argument, &how, static_cast<long>(sizeof how));
}

void collect() {
    std::uint32_t head = *ring.done_head;
    while (head != __atomic_load_n(ring.done_tail, __ATOMIC_ACQUIRE)) {
        ring.completions[head & ring.done_mask].user->became_ready();
        __atomic_store_n(ring.done_head, ++head, __ATOMIC_RELEASE);
    }
}

} // namespace

bool open() {
    parameters made{};
    made.flags = starts_disabled;
    const long descriptor = system_call(call::io_uring_setup, static_cast<long>(entry_count), &made);
    if (descriptor < 0) return false;
    if (!(made.features & one_mapping) || !(made.features & takes_argument)) return false;
    ring.descriptor = static_cast<int>(descriptor);
    const std::size_t submission_bytes = made.submission.c + made.submissions * sizeof(std::uint32_t);
    const std::size_t completion_bytes = made.completion.b + made.completions * sizeof(completion);
    std::byte* base = map(submission_bytes > completion_bytes ? submission_bytes : completion_bytes, 0);
    std::byte* entries = map(made.submissions * sizeof(submission), submissions_at);
    if (!base || !entries || !limit_to_polls()) return false;
    const auto word = [base](std::uint32_t offset) { return reinterpret_cast<std::uint32_t*>(base + offset); };
    ring.head = word(made.submission.head);
    ring.tail = word(made.submission.tail);
    ring.mask = *word(made.submission.mask);
    ring.indices = word(made.submission.c);
    ring.submissions = reinterpret_cast<submission*>(entries);
    ring.done_head = word(made.completion.head);
    ring.done_tail = word(made.completion.tail);
    ring.done_mask = *word(made.completion.mask);
    ring.completions = reinterpret_cast<completion*>(base + made.completion.b);
    return true;
}

arming arm(readiness& what) {
    std::uint32_t tail = *ring.tail;
    if (tail - __atomic_load_n(ring.head, __ATOMIC_ACQUIRE) > ring.mask) {
        enter(0, {});
        if (tail - __atomic_load_n(ring.head, __ATOMIC_ACQUIRE) > ring.mask) return arming::failed;
    }
    const std::uint32_t at = tail & ring.mask;
    ring.submissions[at] = {};
    ring.submissions[at].operation = poll_add;
    ring.submissions[at].descriptor = what.descriptor();
    ring.submissions[at].events = static_cast<std::uint32_t>(what.way());
    ring.submissions[at].user = &what;
    ring.indices[at] = at;
    __atomic_store_n(ring.tail, tail + 1, __ATOMIC_RELEASE);
    ++ring.queued;
    return arming::armed;
}

void sleep(instant deadline) {
    timespec time{};
    wait_argument how{};
    long least = 1;
    if (deadline != never) {
        const duration left = deadline - platform::now();
        if (left <= duration::zero()) least = 0;
        time = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        if (least) how.time = &time;
    }
    if (least || ring.queued) enter(least, how);
    collect();
}

} // namespace uk::hosted::ring
