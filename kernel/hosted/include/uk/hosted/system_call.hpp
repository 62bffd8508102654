// Linux system calls by hand (x86_64: number in rax, up to six arguments, a negative errno back), and the numbers and
// constants that are used (linux/include/uapi). A file that makes a call names it with UK_HOSTED_CALLS: every other one is
// forbidden once the image runs (kernel/hosted/filter.cpp). For the platform and for components that are drivers of the host.
#pragma once

#include <cstdint>

namespace uk::hosted {

enum class call : std::uint32_t {
    read = 0,
    write = 1,
    open = 2,
    close = 3,
    fstat = 5,
    poll = 7,
    mmap = 9,
    mprotect = 10,
    munmap = 11,
    rt_sigaction = 13,
    rt_sigreturn = 15,
    ioctl = 16,
    writev = 20,
    pause = 34,
    socket = 41,
    connect = 42,
    sendto = 44,
    recvfrom = 45,
    shutdown = 48,
    bind = 49,
    listen = 50,
    getsockname = 51,
    getpeername = 52,
    setsockopt = 54,
    getsockopt = 55,
    sigaltstack = 131,
    prctl = 157,
    clock_gettime = 228,
    clock_nanosleep = 230,
    exit_group = 231,
    epoll_ctl = 233,
    epoll_pwait = 281,
    accept4 = 288,
    epoll_create1 = 291,
    seccomp = 317,
    getrandom = 318,
    preadv2 = 327,
    pwritev2 = 328,
    io_uring_setup = 425,
    io_uring_enter = 426,
    io_uring_register = 427,
    epoll_pwait2 = 441
};

enum : long { EINTR_ = 4, EAGAIN_ = 11, ENOMEM_ = 12, EINVAL_ = 22, ENOSYS_ = 38, EOPNOTSUPP_ = 95 };

/// A call that the filter lets through: whatever its arguments are, or only with one value of one of them, as far as the value's
/// 32 bits go.
struct allowed_call {
    call number;
    std::uint8_t argument = any_argument; // counted from 0
    std::uint32_t value = 0;

    static constexpr std::uint8_t any_argument = 255;
    constexpr allowed_call(call c) : number{c} {}
    constexpr allowed_call(call c, std::uint8_t which, std::uint32_t only) : number{c}, argument{which}, value{only} {}
    friend constexpr bool operator==(const allowed_call&, const allowed_call&) = default;
};

struct timespec {
    std::int64_t seconds, nanoseconds;
};

inline long as_word(long value) { return value; }
template <class T>
long as_word(T* pointer) {
    return reinterpret_cast<long>(pointer);
}

inline long raw_call(call number, long a, long b, long c, long d, long e, long f) {
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    long result;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(static_cast<long>(number)), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

/// The kernel's answer; -1 to -4095 is a negated errno.
template <class A = long, class B = long, class C = long, class D = long, class E = long, class F = long>
long system_call(call number, A a = {}, B b = {}, C c = {}, D d = {}, E e = {}, F f = {}) {
    return raw_call(number, as_word(a), as_word(b), as_word(c), as_word(d), as_word(e), as_word(f));
}

} // namespace uk::hosted

/// Says which calls a file makes, once per file: `call::read`, or `{call::ioctl, 1, what}` for one kind of it only.
#define UK_HOSTED_CALLS(...)                                                                                           \
    alignas(4) [[gnu::section("uk_hosted_calls"),                                                                      \
                 gnu::used]] static constexpr ::uk::hosted::allowed_call uk_hosted_calls_[] = {__VA_ARGS__}
