#include <uk/kvm/device_memory.hpp>

#include <x86_64/paging.hpp>

namespace uk::kvm {

volatile std::byte* device_memory(std::uint64_t address, std::size_t size) {
    constexpr std::uint64_t end_of_addresses = std::uint64_t{1} << 47;
    if (address < x86_64::page_size || size > end_of_addresses || address > end_of_addresses - size) return nullptr;
    if (!x86_64::map(address, address + size, x86_64::access::device)) return nullptr;
    return reinterpret_cast<volatile std::byte*>(address);
}

} // namespace uk::kvm
