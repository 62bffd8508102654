// The Internet checksum (RFC 1071), eight bytes at a time.
#include "wire.hpp"

namespace uk::inet {
namespace {

/// Halves onto each other, down to 16 bits: with the carry, twice each half is one sum in the upper half.
u16 fold(u64 sum) {
    sum += std::rotr(sum, 32);
    auto word = static_cast<u32>(sum >> 32);
    word += std::rotr(word, 16);
    return static_cast<u16>(word >> 16);
}

/// The carry comes round.
[[gnu::always_inline]] inline void add_to(u64& sum, u64 word) {
    sum += word;
    sum += sum < word;
}

} // namespace

u16 sum(const void* data, std::size_t size) {
    const auto* at = static_cast<const u8*>(data);
    u64 sum = 0;
#ifdef __x86_64__
    // The processor's own carry goes from word to word, which no C++ says.
    for (; size >= 64; size -= 64, at += 64)
        asm("addq (%1), %0\n\tadcq 8(%1), %0\n\tadcq 16(%1), %0\n\tadcq 24(%1), %0\n\t"
            "adcq 32(%1), %0\n\tadcq 40(%1), %0\n\tadcq 48(%1), %0\n\tadcq 56(%1), %0\n\tadcq $0, %0"
            : "+r"(sum)
            : "r"(at), "m"(*reinterpret_cast<const u8(*)[64]>(at))
            : "cc");
#endif
    for (; size >= 8; size -= 8, at += 8) add_to(sum, load<u64>(at));
    u64 rest = 0; // the checksum doesn't mind which end comes first
    if (size & 4) rest = load<u32>(at), at += 4;
    if (size & 2) rest += load<u16>(at), at += 2;
    if (size & 1) rest += *at;
    add_to(sum, rest);
    return fold(sum);
}

u16 pseudo_sum(const address& from, const address& to, u8 protocol, std::size_t size) {
    u64 sum = std::byteswap(static_cast<u16>(size)) + u32{protocol} * 256;
    for (const u64 word : {from.high, from.low, to.high, to.low}) add_to(sum, word);
    return fold(sum);
}

} // namespace uk::inet
