// A device's registers, where they lie in physical memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace uk::kvm {

/// Makes the whole pages around `size` bytes at a physical address usable, uncached, for ever; null when there is no table
/// page left to do it with.
[[gnu::cold]] volatile std::byte* device_memory(std::uint64_t address, std::size_t size);

} // namespace uk::kvm
