// The Internet checksum (RFC 1071), eight bytes at a time.
#include "wire.hpp"

namespace uk::inet {

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
    const auto add = [&](u64 word) __attribute__((always_inline)) {
        sum += word;
        sum += sum < word; // the carry comes round
    };
    for (; size >= 8; size -= 8, at += 8) add(load<u64>(at));
    u64 rest = 0; // the checksum doesn't mind which end comes first
    for (std::size_t i = 0; i < size; ++i) rest |= u64{at[i]} << 8 * i;
    add(rest);
    // Halves onto each other, down to 16 bits: with the carry, twice each half is one sum in the upper half.
    sum += std::rotr(sum, 32);
    auto word = static_cast<u32>(sum >> 32);
    word += std::rotr(word, 16);
    return static_cast<u16>(word >> 16);
}

u16 pseudo_sum(const address& from, const address& to, u8 protocol, std::size_t size) {
    const address both[] = {from, to};
    return add(sum(both, sizeof both), std::byteswap(static_cast<u16>(size)) + u32{protocol} * 256);
}

} // namespace uk::inet
