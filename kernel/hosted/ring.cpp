// io_uring(7): requests are only queued; a look hands all of them over and collects, in one system call if any is needed. The
// ring itself is limited to the kinds of requests that the image names, so that it is no way around the filter (filter.cpp).
#include <uk/platform.hpp>

#include <uk/hosted/system_call.hpp>

#include <hosted/poller.hpp>

UK_HOSTED_CALLS(uk::hosted::call::io_uring_setup, uk::hosted::call::io_uring_enter, uk::hosted::call::io_uring_register,
                uk::hosted::call::mmap);
UK_HOSTED_REQUESTS(uk::hosted::request_code::poll);

extern "C" {
[[gnu::visibility("hidden")]] extern const uk::hosted::request_code __start_uk_hosted_requests[],
    __stop_uk_hosted_requests[];
}

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

struct completion {
    operation* user;
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

struct lent_buffers {
    std::uint64_t ring;
    std::uint32_t count;
    std::uint16_t group, flags;
    std::uint64_t reserved[3];
};

// Setup: completions are made only when we ask for them, by our one thread; bad requests don't hold up others.
constexpr std::uint32_t completion_size = 1u << 3, starts_disabled = 1u << 6, submits_all = 1u << 7,
                        tells_work = 1u << 9, one_issuer = 1u << 12, defers_work = 1u << 13;
constexpr std::uint32_t one_mapping = 1u << 0, takes_argument = 1u << 8; // features
constexpr std::uint32_t completions_overflowed = 1u << 1, has_work = 1u << 2; // the submission queue's flags
constexpr std::uint64_t submissions_at = 0x10000000;
constexpr std::uint16_t allow_registering = 0, allow_request = 1, allow_request_flags = 2;
constexpr long register_restrictions = 11, register_enable = 12, register_buffers = 22;
constexpr long get_events = 1, with_argument = 8;
constexpr std::uint32_t entry_count = 256, completion_count = 4096;
constexpr std::size_t most_restrictions = 32;

struct state {
    int descriptor = -1;
    std::uint32_t *head, *tail, *flags, *indices; // of submissions
    std::uint32_t mask = 0;
    request* requests;
    std::uint32_t *done_head, *done_tail;
    std::uint32_t done_mask = 0;
    completion* completions;
    bool defers = false; // so this Linux (6.1) also receives again and again into lent buffers
};

constinit state ring{};

std::byte* map(std::size_t size, std::uint64_t offset) {
    constexpr long read_write = 3, shared_populate = 0x8001;
    const long place = system_call(call::mmap, 0L, static_cast<long>(size), read_write, shared_populate,
                                   static_cast<long>(ring.descriptor), static_cast<long>(offset));
    return place < 0 && place > -4096 ? nullptr : reinterpret_cast<std::byte*>(place);
}

bool limit() {
    restriction only[most_restrictions];
    long count = 0;
    only[count++] = {allow_registering, register_buffers, 0, {}};
    only[count++] = {allow_request_flags, select_buffer | quiet_success, 0, {}};
    for (const request_code* c = __start_uk_hosted_requests; c != __stop_uk_hosted_requests; ++c)
        if (count < static_cast<long>(most_restrictions))
            only[count++] = {allow_request, static_cast<std::uint8_t>(*c), 0, {}};
    const long descriptor = ring.descriptor;
    return system_call(call::io_uring_register, descriptor, register_restrictions, &only[0], count) == 0 &&
           system_call(call::io_uring_register, descriptor, register_enable, 0L, 0L) == 0;
}

/// The best that this Linux knows.
long set_up(parameters& made) {
    constexpr std::uint32_t plain = starts_disabled | completion_size;
    for (const std::uint32_t flags : {plain | submits_all | tells_work | one_issuer | defers_work, plain}) {
        made = {};
        made.flags = flags;
        made.completions = completion_count;
        const long descriptor = system_call(call::io_uring_setup, static_cast<long>(entry_count), &made);
        if (descriptor >= 0 || descriptor != -EINVAL_) return descriptor;
    }
    return -EINVAL_;
}

std::uint32_t not_taken() { return *ring.tail - __atomic_load_n(ring.head, __ATOMIC_ACQUIRE); }

/// Hands over what is queued; with `least` 1 also waits.
long enter(long least, const wait_argument& how) {
    return system_call(call::io_uring_enter, static_cast<long>(ring.descriptor), static_cast<long>(not_taken()), least,
                       get_events | with_argument, &how, static_cast<long>(sizeof how));
}

void collect() {
    std::uint32_t head = *ring.done_head;
    while (head != __atomic_load_n(ring.done_tail, __ATOMIC_ACQUIRE)) {
        const completion one = ring.completions[head & ring.done_mask];
        __atomic_store_n(ring.done_head, ++head, __ATOMIC_RELEASE);
        one.user->answered(*one.user, one.result, one.flags);
    }
}

std::uint32_t flags() { return __atomic_load_n(ring.flags, __ATOMIC_RELAXED); }

} // namespace

bool open() {
    parameters made;
    const long descriptor = set_up(made);
    if (descriptor < 0) return false;
    if (!(made.features & one_mapping) || !(made.features & takes_argument)) return false;
    ring.descriptor = static_cast<int>(descriptor);
    ring.defers = made.flags & defers_work;
    const std::size_t submission_bytes = made.submission.c + made.submissions * sizeof(std::uint32_t);
    const std::size_t completion_bytes = made.completion.b + made.completions * sizeof(completion);
    std::byte* base = map(submission_bytes > completion_bytes ? submission_bytes : completion_bytes, 0);
    std::byte* entries = map(made.submissions * sizeof(request), submissions_at);
    if (!base || !entries || !limit()) return false;
    const auto word = [base](std::uint32_t offset) { return reinterpret_cast<std::uint32_t*>(base + offset); };
    ring.head = word(made.submission.head);
    ring.tail = word(made.submission.tail);
    ring.flags = word(made.submission.a);
    ring.mask = *word(made.submission.mask);
    ring.indices = word(made.submission.c);
    ring.requests = reinterpret_cast<request*>(entries);
    ring.done_head = word(made.completion.head);
    ring.done_tail = word(made.completion.tail);
    ring.done_mask = *word(made.completion.mask);
    ring.completions = reinterpret_cast<completion*>(base + made.completion.b);
    return true;
}

arming arm(readiness& what) {
    request* const r = poller::ask(request_code::poll, what.for_poller());
    if (!r) return arming::failed;
    r->descriptor = what.descriptor();
    r->how = static_cast<std::uint32_t>(what.way());
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
    if (least || not_taken() || flags() & (has_work | completions_overflowed)) enter(least, how);
    collect();
    while (flags() & completions_overflowed) {
        enter(0, {});
        collect();
    }
}

} // namespace uk::hosted::ring

namespace uk::hosted::poller {

request* ask(request_code code, operation& user) {
    using namespace ring;
    if (not_taken() > ring::ring.mask) {
        enter(0, {});
        if (not_taken() > ring::ring.mask) return nullptr;
    }
    const std::uint32_t tail = *ring::ring.tail, at = tail & ring::ring.mask;
    request* const r = &ring::ring.requests[at];
    *r = {};
    r->code = static_cast<std::uint8_t>(code);
    r->user = &user;
    ring::ring.indices[at] = at;
    // The host reads the request at the next `enter`, so whoever asked still has time to fill it.
    __atomic_store_n(ring::ring.tail, tail + 1, __ATOMIC_RELEASE);
    return r;
}

bool all_taken() { return ring::not_taken() == 0; }

bool lend_buffers(void* buffers, std::uint32_t count, std::uint16_t group) {
    if (!ring::ring.defers) return false;
    const ring::lent_buffers lent{reinterpret_cast<std::uint64_t>(buffers), count, group, 0, {}};
    return system_call(call::io_uring_register, static_cast<long>(ring::ring.descriptor), ring::register_buffers, &lent,
                       1L) == 0;
}

} // namespace uk::hosted::poller
