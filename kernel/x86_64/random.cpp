#include <x86_64/random.hpp>

#include <cstdint>
#include <cstring>

#include <x86_64/cpu.hpp>

extern "C" {
std::uintptr_t __stack_chk_guard = 0xfb2a0d0a00;
}

namespace uk::x86_64 {
namespace {

// Intel SDM volume 1, 7.3.17: RDRAND that fails ten times in a row is broken; RDSEED may be empty for a while.
constexpr int tries = 10, seed_tries = 200;

enum class source { none, rdrand, rdseed };

source best_source() {
    if (cpuid(0).eax >= 7 && cpuid(7).ebx >> 18 & 1) return source::rdseed;
    return cpuid(1).ecx >> 30 & 1 ? source::rdrand : source::none;
}

bool word(source from, std::uint64_t& out) {
    bool good = false;
    for (int i = 0; !good && i < (from == source::rdseed ? seed_tries : tries); ++i) {
        if (from == source::rdseed) {
            asm volatile("rdseed %0" : "=r"(out), "=@ccc"(good));
        } else {
            asm volatile("rdrand %0" : "=r"(out), "=@ccc"(good));
        }
        if (!good) asm volatile("pause");
    }
    return good;
}

} // namespace

bool hardware_random(std::span<std::byte> out) {
    const source from = best_source();
    if (from == source::none) return false;
    while (!out.empty()) {
        std::uint64_t w;
        if (!word(from, w) && !(from == source::rdseed && word(source::rdrand, w))) return false;
        const std::size_t part = out.size() < sizeof w ? out.size() : sizeof w;
        std::memcpy(out.data(), &w, part);
        out = out.subspan(part);
    }
    return true;
}

[[gnu::no_stack_protector]] void seed_stack_guard() {
    std::uint64_t value = 0;
    if (const source from = best_source(); from == source::none || !word(from, value)) {
        for (int i = 0; i < 64; ++i)
            value = (value << 7 | value >> 57) ^ cycles() * 0x9e3779b97f4a7c15; // 2^64 / golden ratio
    }
    __stack_chk_guard = value & ~std::uintptr_t{0xff}; // a zero byte stops what copies text
}

} // namespace uk::x86_64
