// Devices in memory (virtio 1.2, 4.2; the legacy interface, version 1, is its 4.2.4).
#include <carrier.hpp>

#include <places.hpp>

#include <uk/kvm/device_memory.hpp>

namespace uk::virtio_bus::memory {
namespace {

enum offset : std::size_t {
    magic = 0x0,
    version = 0x4,
    device_id = 0x8,
    device_features = 0x10,
    device_features_select = 0x14,
    driver_features = 0x20,
    driver_features_select = 0x24,
    legacy_page_size = 0x28,
    queue_select = 0x30,
    queue_size_max = 0x34,
    queue_size = 0x38,
    legacy_queue_align = 0x3c,
    legacy_queue_page = 0x40,
    queue_ready = 0x44,
    queue_notify = 0x50,
    interrupt_status = 0x60,
    interrupt_acknowledge = 0x64,
    device_status = 0x70,
    queue_descriptors = 0x80,
    queue_available = 0x90,
    queue_used = 0xa0,
    config_generation = 0xfc,
    configuration = 0x100,
};

constexpr std::uint32_t right_magic = 0x74726976;
constexpr std::size_t least_size = 0x200;
constexpr std::uint64_t legacy_page = 4096;

volatile std::uint32_t& reg(port& p, std::size_t o) { return at<std::uint32_t>(p.registers, o); }

/// The line stays up until what raised it is acknowledged; only then the queues are looked at, so that nothing is missed.
void handle(void* context) {
    port& p = *static_cast<port*>(context);
    reg(p, interrupt_acknowledge) = reg(p, interrupt_status);
    for (const virtio::interrupt_handler& h : p.handlers)
        if (h.call) h.call(h.context);
}

/// The legacy interface has one address for all three parts: the rest follows from a page and an alignment. False: they lie otherwise.
bool add_legacy(port& p, const virtio::queue_place& place) {
    const std::uint64_t descriptors = address_of(place.descriptors), available = address_of(place.available);
    const std::uint64_t end = available + 6 + 2 * std::uint64_t{place.size}, used = address_of(place.used);
    std::uint64_t align = 4;
    while (align < legacy_page && ((end + align - 1) & ~(align - 1)) != used) align *= 2;
    if (((end + align - 1) & ~(align - 1)) != used || available != descriptors + 16 * std::uint64_t{place.size} ||
        descriptors % legacy_page != 0)
        return false;
    reg(p, legacy_queue_align) = static_cast<std::uint32_t>(align);
    reg(p, legacy_queue_page) = static_cast<std::uint32_t>(descriptors / legacy_page);
    return true;
}

} // namespace

result<void> find(virtio::device_type type, std::uint32_t index, port& out) {
    const places all = find_places();
    for (std::size_t i = 0; i < all.count; ++i) {
        const place& one = all.at[i];
        volatile std::byte* const registers =
            one.size >= least_size ? kvm::device_memory(one.address, one.size) : nullptr;
        if (!registers || at<std::uint32_t>(registers, magic) != right_magic) continue;
        if (at<std::uint32_t>(registers, device_id) != static_cast<std::uint32_t>(type)) continue;
        if (index-- > 0) continue;
        const std::uint32_t which = at<std::uint32_t>(registers, version);
        if (which != 1 && which != 2) return error::unsupported;
        out.how = which == 1 ? port::kind::legacy_memory : port::kind::memory;
        out.line = one.line;
        out.registers = registers;
        out.own = registers + configuration;
        out.own_size = one.size - configuration;
        return {};
    }
    return error::not_found;
}

result<std::uint64_t> negotiate(port& p, std::uint64_t features) {
    const bool legacy = p.how == port::kind::legacy_memory;
    std::uint64_t offered = 0;
    for (std::uint32_t half = legacy ? 1 : 2; half-- > 0;) {
        reg(p, device_features_select) = half;
        offered = offered << 32 | reg(p, device_features);
    }
    if (legacy) reg(p, legacy_page_size) = legacy_page;
    else if (!(offered & version_1)) return error::io;
    const std::uint64_t agreed = offered & (features | version_1);
    for (std::uint32_t half = 0; half < (legacy ? 1u : 2u); ++half) {
        reg(p, driver_features_select) = half;
        reg(p, driver_features) = static_cast<std::uint32_t>(agreed >> 32 * half);
    }
    return agreed;
}

std::uint16_t queue_limit(port& p, std::uint16_t queue) {
    reg(p, queue_select) = queue;
    const std::uint32_t most = reg(p, queue_size_max);
    return most > 0x8000 ? 0x8000 : static_cast<std::uint16_t>(most);
}

result<void> add_queue(port& p, std::uint16_t queue, const virtio::queue_place& place) {
    if (!p.connected) UK_TRY(kvm::connect_irq(p.line, handle, &p, kvm::trigger::level));
    p.connected = true;
    p.notification[queue] = p.registers + queue_notify;
    reg(p, queue_select) = queue;
    reg(p, queue_size) = place.size;
    if (p.how == port::kind::legacy_memory) {
        if (!add_legacy(p, place)) return error::invalid;
        return {};
    }
    write_wide(p.registers, queue_descriptors, queue_descriptors + 4, address_of(place.descriptors));
    write_wide(p.registers, queue_available, queue_available + 4, address_of(place.available));
    write_wide(p.registers, queue_used, queue_used + 4, address_of(place.used));
    reg(p, queue_ready) = 1;
    return {};
}

void set_status(port& p, std::uint8_t status) { reg(p, device_status) = status; }

std::uint8_t status(port& p) { return static_cast<std::uint8_t>(reg(p, device_status)); }

std::uint32_t generation(port& p) { return p.how == port::kind::memory ? reg(p, config_generation) : 0; }

void disconnect(port& p) {
    if (p.connected) kvm::disconnect_irq(p.line);
    p.connected = false;
    for (virtio::interrupt_handler& h : p.handlers) h = {};
}

} // namespace uk::virtio_bus::memory
