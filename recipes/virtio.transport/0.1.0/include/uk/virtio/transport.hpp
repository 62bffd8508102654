// signature virtio.transport 0.1: a bus that hands out the n-th virtio device of a type (OASIS virtio 1.2). One instance serves
// all drivers; what carries the device, PCI or memory, is its matter.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/result.hpp>

namespace uk::virtio {

/// Device types (virtio 1.2, 5).
enum class device_type : std::uint32_t { network = 1, block = 2, console = 3, entropy = 4, socket = 19 };

/// Where a split virtqueue lies (virtio 1.2, 2.7): the addresses of its three parts, as the device sees them.
struct queue_place {
    std::uint16_t size = 0; ///< descriptors; a power of two, at most what `queue_limit` said
    const void* descriptors = nullptr;
    const void* available = nullptr;
    const void* used = nullptr;
};

/// Called from an interrupt: records and signals, never blocks.
struct interrupt_handler {
    void (*call)(void* context) = nullptr;
    void* context = nullptr;
};

/// One device, for its driver alone. The order of calls is that of virtio 1.2, 3.1: negotiate, then queues and interrupts, then start.
template <class D>
concept VirtioDevice =
    std::movable<D> && requires(D& device, std::uint64_t features, std::uint16_t queue, queue_place place,
                                interrupt_handler handler, std::size_t offset, std::span<std::byte> out) {
        /// Resets the device and agrees on features: `features` and what it offers. VIRTIO_F_VERSION_1 is the transport's
        /// own matter; its bit in the answer says whether the device is a modern one. Errors: io (the device refuses).
        { device.negotiate(features) } -> std::same_as<result<std::uint64_t>>;
        /// The most descriptors that queue may have; 0: there is no such queue.
        { device.queue_limit(queue) } -> std::same_as<std::uint16_t>;
        /// Gives the device a queue; its interrupts go to `handler` (several queues may share an interrupt: a handler looks
        /// whether there is something to do). Errors: invalid, unsupported, io.
        { device.add_queue(queue, place, handler) } -> std::same_as<result<void>>;
        /// The driver is ready: the device may use its queues.
        { device.start() } -> std::same_as<result<void>>;
        /// Tells the device that the queue has new available buffers.
        { device.notify(queue) } -> std::same_as<void>;
        /// Copies from the device's own configuration, little-endian, again if it changed meanwhile. Errors: invalid, beyond its end.
        { device.configuration(offset, out) } -> std::same_as<result<void>>;
        /// Stops the device: it uses no memory of ours afterwards.
        { device.stop() } -> std::same_as<void>;
    };

template <class T>
concept Transport = VirtioDevice<typename T::device> && requires(T& transport, device_type type, std::uint32_t index) {
    /// The device of that type with that number, counted from 0 in the bus's own order. Errors: not_found, busy (it has a driver).
    { transport.find(type, index) } -> std::same_as<result<typename T::device>>;
};

} // namespace uk::virtio
