// The two ways to reach a device, with one set of functions each; bus.cpp chooses by port::how.
#pragma once

#include <uk/virtio_bus/port.hpp>

namespace uk::virtio_bus {

// Device status (virtio 1.2, 2.1).
inline constexpr std::uint8_t acknowledged = 1, has_driver = 2, driver_ok = 4, features_ok = 8;
inline constexpr std::uint64_t version_1 = std::uint64_t{1} << 32; // VIRTIO_F_VERSION_1

template <class T>
volatile T& at(volatile std::byte* base, std::size_t offset) {
    return *reinterpret_cast<volatile T*>(base + offset);
}

/// Both parts of a 64-bit register.
inline void write_wide(volatile std::byte* base, std::size_t low, std::size_t high, std::uint64_t value) {
    at<std::uint32_t>(base, low) = static_cast<std::uint32_t>(value);
    at<std::uint32_t>(base, high) = static_cast<std::uint32_t>(value >> 32);
}

inline std::uint64_t address_of(const void* what) { return reinterpret_cast<std::uintptr_t>(what); }

namespace pci {
/// Whether the machine has a PCI bus.
bool present();
/// Fills `out` with the device of that type and number. Errors: those of bus::find.
result<void> find(virtio::device_type type, std::uint32_t index, port& out);
result<std::uint64_t> negotiate(port& p, std::uint64_t features);
std::uint16_t queue_limit(port& p, std::uint16_t queue);
result<void> add_queue(port& p, std::uint16_t queue, const virtio::queue_place& place);
void set_status(port& p, std::uint8_t status);
std::uint8_t status(port& p);
std::uint8_t generation(port& p);
void disconnect(port& p);
} // namespace pci

namespace memory {
result<void> find(virtio::device_type type, std::uint32_t index, port& out);
result<std::uint64_t> negotiate(port& p, std::uint64_t features);
std::uint16_t queue_limit(port& p, std::uint16_t queue);
result<void> add_queue(port& p, std::uint16_t queue, const virtio::queue_place& place);
void set_status(port& p, std::uint8_t status);
std::uint8_t status(port& p);
std::uint32_t generation(port& p);
void disconnect(port& p);
} // namespace memory

} // namespace uk::virtio_bus
