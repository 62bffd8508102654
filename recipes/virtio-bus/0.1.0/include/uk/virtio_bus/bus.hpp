// implements virtio.transport: the machine's virtio devices. With a PCI bus they are on it, and are modern (virtio 1.2, 4.1) with
// message interrupts; without one they lie in memory (4.2), modern or legacy. Which it is, is found out at the first `find`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <uk/virtio/transport.hpp>
#include <uk/virtio_bus/port.hpp>

namespace uk::virtio_bus {

class bus {
  public:
    class device {
      public:
        explicit device(port& p) : port_{&p} {}
        device(device&& other) : port_{std::exchange(other.port_, nullptr)} {}
        device& operator=(device&& other) {
            std::swap(port_, other.port_);
            return *this;
        }
        ~device() {
            if (port_) release();
        }

        [[gnu::cold]] result<std::uint64_t> negotiate(std::uint64_t features);
        [[gnu::cold]] std::uint16_t queue_limit(std::uint16_t queue);
        [[gnu::cold]] result<void> add_queue(std::uint16_t queue, virtio::queue_place place,
                                             virtio::interrupt_handler handler);
        [[gnu::cold]] result<void> start();
        void notify(std::uint16_t queue) {
            volatile std::byte* const at = port_->notification[queue];
            if (port_->how == port::kind::pci) *reinterpret_cast<volatile std::uint16_t*>(at) = queue;
            else *reinterpret_cast<volatile std::uint32_t*>(at) = queue;
        }
        [[gnu::cold]] result<void> configuration(std::size_t offset, std::span<std::byte> out);
        [[gnu::cold]] void stop();

      private:
        [[gnu::cold]] void release();

        port* port_;
    };

    constexpr bus() = default;
    bus(const bus&) = delete;
    bus& operator=(const bus&) = delete;

    /// Devices on PCI are counted bus by bus and slot by slot; those in memory in the order in which the loader's words or the
    /// firmware name them. With QEMU, index 0 is the first of its command line.
    /// Errors: not_found, busy, out_of_memory (more devices in use than `most_devices`), unsupported (a device without the modern
    /// interface or without message interrupts on PCI), io.
    [[gnu::cold]] result<device> find(virtio::device_type type, std::uint32_t index);

  private:
    port ports_[most_devices]{};
};

} // namespace uk::virtio_bus
