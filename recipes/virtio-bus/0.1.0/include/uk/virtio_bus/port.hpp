// What the bus knows about a device in use. Stays where it is: interrupts point to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <uk/kvm/irq.hpp>
#include <uk/virtio/transport.hpp>

namespace uk::virtio_bus {

inline constexpr std::size_t most_devices = 4, most_queues = 4;

struct port {
    enum class kind : std::uint8_t { free, pci, memory, legacy_memory };

    kind how = kind::free;
    bool connected = false;                   ///< memory: the interrupt line
    std::uint16_t function = 0;               ///< PCI: bus, slot and function, as configuration space counts them
    std::uint16_t message_capability = 0;     ///< PCI: where MSI-X is in configuration space
    unsigned line = 0;                        ///< memory: interrupt line
    volatile std::byte* registers = nullptr;  ///< PCI: the common configuration; memory: all of it
    volatile std::byte* own = nullptr;        ///< the device's own configuration
    std::size_t own_size = 0;
    volatile std::byte* messages = nullptr;   ///< PCI: the table of MSI-X
    std::size_t message_count = 0;
    volatile std::byte* notifications = nullptr; ///< PCI
    std::uint32_t notification_step = 0;
    std::size_t notifications_size = 0;
    volatile std::byte* notification[most_queues]{};
    virtio::interrupt_handler handlers[most_queues]{};
    kvm::interrupt_message message[most_queues]{}; ///< PCI
};

} // namespace uk::virtio_bus
