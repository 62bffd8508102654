// The least class that is a Transport: code that compiles against it uses nothing else.
#pragma once

#include <uk/virtio/transport.hpp>

namespace uk::virtio {

class transport_archetype {
  public:
    class device {
      public:
        device() = delete;
        device(device&&);
        device& operator=(device&&);
        result<std::uint64_t> negotiate(std::uint64_t features);
        std::uint16_t queue_limit(std::uint16_t queue);
        result<void> add_queue(std::uint16_t queue, queue_place place, interrupt_handler handler);
        result<void> start();
        void notify(std::uint16_t queue);
        result<void> configuration(std::size_t offset, std::span<std::byte> out);
        void stop();
    };

    transport_archetype() = delete;
    transport_archetype(const transport_archetype&) = delete;
    transport_archetype& operator=(const transport_archetype&) = delete;

    result<device> find(device_type type, std::uint32_t index);
};

} // namespace uk::virtio
