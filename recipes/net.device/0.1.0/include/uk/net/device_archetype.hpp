// The least class that is a Device: code that compiles against it uses nothing else.
#pragma once

#include <uk/net/device.hpp>

namespace uk::net {

class device_archetype {
  public:
    class frame {
      public:
        frame() = delete;
        frame(frame&&);
        frame& operator=(frame&&);
        std::span<std::byte> bytes();
        bool verified() const;
    };

    device_archetype() = delete;
    device_archetype(const device_archetype&) = delete;
    device_archetype& operator=(const device_archetype&) = delete;

    mac_address address();
    std::size_t mtu();
    bool finishes_checksums();
    result<void> send(frame_pieces pieces, unfinished_checksum checksum);
    result<void> sendable();
    result<frame> receive();
};

} // namespace uk::net
