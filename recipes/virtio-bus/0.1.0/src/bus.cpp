#include <uk/virtio_bus/bus.hpp>

#include <carrier.hpp>

namespace uk::virtio_bus {
namespace {

bool is_pci(const port& p) { return p.how == port::kind::pci; }

std::uint8_t status(port& p) { return is_pci(p) ? pci::status(p) : memory::status(p); }

void set_status(port& p, std::uint8_t status) {
    if (is_pci(p)) pci::set_status(p, status);
    else memory::set_status(p, status);
}

/// The widest pieces that the reader's own size allows: a device may insist on fields being read whole (virtio 1.2, 4.2.2.2).
void copy_out(volatile std::byte* from, std::span<std::byte> out) {
    if (out.size() == 2 || out.size() == 4) {
        const std::uint32_t value = out.size() == 2 ? at<std::uint16_t>(from, 0) : at<std::uint32_t>(from, 0);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>(value >> 8 * i);
        return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = from[i];
}

} // namespace

result<bus::device> bus::find(virtio::device_type type, std::uint32_t index) {
    port found;
    UK_TRY(pci::present() ? pci::find(type, index, found) : memory::find(type, index, found));
    port* free = nullptr;
    for (port& p : ports_) {
        if (p.how == port::kind::free) free = &p;
        else if (p.registers == found.registers) return error::busy;
    }
    if (!free) return error::out_of_memory;
    *free = found;
    return device{*free};
}

result<std::uint64_t> bus::device::negotiate(std::uint64_t features) {
    stop();
    set_status(*port_, acknowledged);
    set_status(*port_, acknowledged | has_driver);
    const auto agreed = is_pci(*port_) ? pci::negotiate(*port_, features) : memory::negotiate(*port_, features);
    if (!agreed || port_->how == port::kind::legacy_memory) return agreed;
    set_status(*port_, acknowledged | has_driver | features_ok);
    if (!(status(*port_) & features_ok)) return error::io;
    return agreed;
}

std::uint16_t bus::device::queue_limit(std::uint16_t queue) {
    if (queue >= most_queues) return 0;
    return is_pci(*port_) ? pci::queue_limit(*port_, queue) : memory::queue_limit(*port_, queue);
}

result<void> bus::device::add_queue(std::uint16_t queue, virtio::queue_place place, virtio::interrupt_handler handler) {
    const std::uint16_t limit = queue_limit(queue);
    if (limit == 0 || place.size == 0 || place.size > limit || (place.size & (place.size - 1))) return error::invalid;
    port_->handlers[queue] = handler;
    return is_pci(*port_) ? pci::add_queue(*port_, queue, place) : memory::add_queue(*port_, queue, place);
}

result<void> bus::device::start() {
    set_status(*port_, status(*port_) | driver_ok);
    return {};
}

result<void> bus::device::configuration(std::size_t offset, std::span<std::byte> out) {
    if (offset > port_->own_size || out.size() > port_->own_size - offset) return error::invalid;
    for (int tries = 0; tries < 16; ++tries) {
        const auto before = is_pci(*port_) ? pci::generation(*port_) : memory::generation(*port_);
        copy_out(port_->own + offset, out);
        const auto after = is_pci(*port_) ? pci::generation(*port_) : memory::generation(*port_);
        if (before == after) return {};
    }
    return error::io;
}

void bus::device::stop() {
    set_status(*port_, 0);
    for (int tries = 0; tries < 1000 && status(*port_); ++tries) asm volatile("pause"); // 0 says: the reset is complete
    if (is_pci(*port_)) pci::disconnect(*port_);
    else memory::disconnect(*port_);
}

void bus::device::release() {
    stop();
    port_->how = port::kind::free;
}

} // namespace uk::virtio_bus
