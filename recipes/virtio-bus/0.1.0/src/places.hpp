// Where devices may lie in memory: what the loader says in words `virtio_mmio.device=SIZE@ADDRESS:LINE` of the command line
// (Linux: drivers/virtio/virtio_mmio.c), else what the firmware describes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace uk::virtio_bus::memory {

struct place {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    unsigned line = 0;
};

struct places {
    place at[32];
    std::size_t count = 0;
};

places find_places();

} // namespace uk::virtio_bus::memory
