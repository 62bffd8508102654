// Which memory is ours: the largest range of RAM that holds nothing else. Plain values, so that it is tested anywhere.
#pragma once

#include <cstdint>
#include <span>

namespace uk::memory {

/// Physical or virtual, from `begin` up to but without `end`.
struct range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    constexpr std::uint64_t size() const { return end > begin ? end - begin : 0; }
    friend constexpr bool operator==(range, range) = default;
};

/// The largest page-aligned range within one of `ram` that touches none of `taken`. Empty when there is none.
[[gnu::cold]] range largest_free(std::span<const range> ram, std::span<const range> taken);

} // namespace uk::memory
