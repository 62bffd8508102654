// The conformance suite of entropy: that bytes come, all of them, and are no obvious pattern. It can't show that they are
// good; each check fails for a fair source less than once in 2^60 runs.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include <uk/conformance.hpp>
#include <uk/entropy/entropy.hpp>

namespace uk::entropy {

template <Entropy E>
void conformance(conformance_report& report, E& source) {
    std::array<std::byte, 4096> bytes{};
    report.check("filling nothing succeeds", source.fill(std::span<std::byte>{}).has_value());
    report.check("a page is filled", source.fill(bytes).has_value());

    std::array<int, 256> seen{};
    int ones = 0;
    for (const std::byte b : bytes) {
        ++seen[static_cast<unsigned char>(b)];
        ones += std::popcount(static_cast<unsigned char>(b));
    }
    // 16 of each value are expected; a deviation of 64 is beyond any chance. 16384 ones, standard deviation 90.5.
    bool even = true;
    for (const int count : seen) even &= count < 80;
    report.check("no value is much more frequent than others", even);
    report.check("ones and zeroes balance", ones > 16384 - 910 && ones < 16384 + 910);

    std::array<std::byte, 16> first{}, second{};
    report.check("short fillings succeed", source.fill(first).has_value() && source.fill(second).has_value());
    report.check("two fillings differ", first != second);

    std::array<std::byte, 18> guarded{};
    const bool filled = source.fill(std::span{guarded}.subspan(1, 16)).has_value();
    report.check("nothing outside is written", filled && guarded[0] == std::byte{0} && guarded[17] == std::byte{0});

    // Every single byte of a filling is written: over 64 odd-sized fillings each place is non-zero at least once.
    std::array<std::byte, 33> any{};
    for (int i = 0; i < 64; ++i) {
        std::array<std::byte, 33> part{};
        if (!source.fill(part)) break;
        for (std::size_t j = 0; j < part.size(); ++j) any[j] |= part[j];
    }
    bool all = true;
    for (const std::byte b : any) all &= b != std::byte{0};
    report.check("every byte is written", all);
}

} // namespace uk::entropy
