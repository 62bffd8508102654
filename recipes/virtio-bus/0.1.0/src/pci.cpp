// Devices on PCI (virtio 1.2, 4.1), by configuration mechanism 1 (PCI 3.0, 3.2.2.3.2). The firmware has placed their registers.
#include <carrier.hpp>

#include <uk/kvm/device_memory.hpp>
#include <uk/platform.hpp>
#include <uk/x86_64/ports.hpp>

namespace uk::virtio_bus::pci {
namespace {

constexpr std::uint16_t address_port = 0xcf8, data_port = 0xcfc;

// Configuration space (PCI 3.0, 6.1).
constexpr unsigned identity = 0x0, command = 0x4, header_type = 0xc, first_bar = 0x10, bus_numbers = 0x18;
constexpr unsigned subsystem = 0x2c, first_capability = 0x34;
constexpr std::uint32_t has_capabilities = 1u << 20, use_memory_and_master = 6, no_line_interrupt = 1u << 10;
constexpr std::uint16_t virtio_vendor = 0x1af4, first_transitional = 0x1000, first_modern = 0x1040, end_modern = 0x1080;

constexpr std::uint8_t vendor_capability = 0x09, message_capability = 0x11;
constexpr std::uint32_t messages_on = 1u << 31,
                        messages_masked = 1u << 30; // in a word together with the capability's first two bytes

enum structure : std::uint8_t { common = 1, notification = 2, device_specific = 4 };

enum offset : std::size_t { // of the common configuration (4.1.4.3)
    device_feature_select = 0,
    device_feature = 4,
    driver_feature_select = 8,
    driver_feature = 12,
    config_vector = 16,
    device_status = 20,
    config_generation = 21,
    queue_select = 22,
    queue_size = 24,
    queue_vector = 26,
    queue_enable = 28,
    queue_notify_offset = 30,
    queue_descriptors = 32,
    queue_available = 40,
    queue_used = 48,
    common_size = 56,
};
constexpr std::uint16_t no_vector = 0xffff;

std::uint32_t read(std::uint16_t function, unsigned where) {
    x86_64::out32(address_port, 0x80000000u | std::uint32_t{function} << 8 | (where & 0xfc));
    return x86_64::in32(data_port);
}

void write(std::uint16_t function, unsigned where, std::uint32_t value) {
    x86_64::out32(address_port, 0x80000000u | std::uint32_t{function} << 8 | (where & 0xfc));
    x86_64::out32(data_port, value);
}

std::uint32_t type_of(std::uint16_t function, std::uint32_t id) {
    if ((id & 0xffff) != virtio_vendor) return 0;
    const std::uint32_t device = id >> 16;
    if (device >= first_modern && device < end_modern) return device - first_modern;
    return device >= first_transitional && device < first_modern ? read(function, subsystem) >> 16 : 0;
}

/// What is looked for, and how many of them are still to be passed over.
struct search {
    std::uint32_t type;
    std::uint32_t left;
    std::uint16_t function;
};

bool find_on(unsigned bus, search& wanted) {
    for (unsigned slot = 0; slot < 32; ++slot) {
        unsigned functions = 1;
        for (unsigned f = 0; f < functions; ++f) {
            const auto function = static_cast<std::uint16_t>(bus << 8 | slot << 3 | f);
            const std::uint32_t id = read(function, identity);
            if ((id & 0xffff) == 0xffff) continue;
            const std::uint32_t header = read(function, header_type) >> 16;
            if (f == 0 && header & 0x80) functions = 8;
            if ((header & 0x7f) == 1) {
                const unsigned behind = read(function, bus_numbers) >> 8 & 0xff;
                if (behind > bus && find_on(behind, wanted)) return true;
            } else if (type_of(function, id) == wanted.type && wanted.left-- == 0) {
                wanted.function = function;
                return true;
            }
        }
    }
    return false;
}

/// `size` bytes at `from` in the memory of a base address register; null when there is no such memory.
volatile std::byte* in_bar(std::uint16_t function, unsigned bar, std::uint64_t from, std::size_t size) {
    if (bar > 5) return nullptr;
    const std::uint32_t low = read(function, first_bar + 4 * bar);
    if (low & 1) return nullptr; // ports
    std::uint64_t address = low & ~0xfu;
    if ((low & 6) == 4 && bar < 5) address |= std::uint64_t{read(function, first_bar + 4 * bar + 4)} << 32;
    return address ? kvm::device_memory(address + from, size) : nullptr;
}

void take_structure(port& p, unsigned capability, std::uint8_t kind) {
    const unsigned bar = read(p.function, capability + 4) & 0xff;
    const std::uint32_t from = read(p.function, capability + 8), size = read(p.function, capability + 12);
    if (kind == common && !p.registers && size >= common_size) {
        p.registers = in_bar(p.function, bar, from, size);
    } else if (kind == notification && !p.notifications && size >= 2) {
        p.notifications = in_bar(p.function, bar, from, size);
        p.notifications_size = size;
        p.notification_step = read(p.function, capability + 16);
    } else if (kind == device_specific && !p.own) {
        p.own = in_bar(p.function, bar, from, size);
        p.own_size = p.own ? size : 0;
    }
}

void take_messages(port& p, unsigned capability) {
    const std::uint32_t head = read(p.function, capability), table = read(p.function, capability + 4);
    p.message_count = (head >> 16 & 0x7ff) + 1;
    p.messages = in_bar(p.function, table & 7, table & ~7u, 16 * p.message_count);
    p.message_capability = static_cast<std::uint16_t>(capability);
}

} // namespace

bool present() { return (read(0, identity) & 0xffff) != 0xffff; }

result<void> find(virtio::device_type type, std::uint32_t index, port& out) {
    search wanted{static_cast<std::uint32_t>(type), index, 0};
    if (!find_on(0, wanted)) return error::not_found;
    out.how = port::kind::pci;
    out.function = wanted.function;
    const std::uint32_t had = read(out.function, command);
    write(out.function, command, (had & 0xffff) | use_memory_and_master | no_line_interrupt);
    unsigned capability = had & has_capabilities ? read(out.function, first_capability) & 0xfc : 0;
    for (int most = 48; capability >= 0x40 && most > 0; --most) {
        const std::uint32_t head = read(out.function, capability);
        if ((head & 0xff) == vendor_capability) take_structure(out, capability, static_cast<std::uint8_t>(head >> 24));
        if ((head & 0xff) == message_capability) take_messages(out, capability);
        capability = head >> 8 & 0xfc;
    }
    if (out.registers && out.notifications && out.messages) return {};
    platform::write_text(out.messages
                             ? "uk: a PCI device has no modern virtio interface (QEMU: `disable-modern=off`)\n"
                             : "uk: a virtio device has no message interrupts (QEMU: leave out `vectors=0`)\n");
    return error::unsupported;
}

result<std::uint64_t> negotiate(port& p, std::uint64_t features) {
    std::uint64_t offered = 0;
    for (std::uint32_t half = 2; half-- > 0;) {
        at<std::uint32_t>(p.registers, device_feature_select) = half;
        offered = offered << 32 | at<std::uint32_t>(p.registers, device_feature);
    }
    if (!(offered & version_1)) return error::io;
    const std::uint64_t agreed = offered & (features | version_1);
    for (std::uint32_t half = 0; half < 2; ++half) {
        at<std::uint32_t>(p.registers, driver_feature_select) = half;
        at<std::uint32_t>(p.registers, driver_feature) = static_cast<std::uint32_t>(agreed >> 32 * half);
    }
    return agreed;
}

std::uint16_t queue_limit(port& p, std::uint16_t queue) {
    at<std::uint16_t>(p.registers, queue_select) = queue;
    return at<std::uint16_t>(p.registers, queue_size);
}

result<void> add_queue(port& p, std::uint16_t queue, const virtio::queue_place& place) {
    if (queue >= p.message_count) return error::unsupported;
    const virtio::interrupt_handler handler = p.handlers[queue];
    const auto message = kvm::connect_message(handler.call, handler.context);
    if (!message) return message.error();
    p.message[queue] = *message;
    volatile std::byte* const entry = p.messages + 16 * queue;
    write_wide(entry, 0, 4, message->address);
    at<std::uint32_t>(entry, 8) = message->data;
    at<std::uint32_t>(entry, 12) = 0; // not masked
    write(p.function, p.message_capability, (read(p.function, p.message_capability) & ~messages_masked) | messages_on);

    at<std::uint16_t>(p.registers, queue_select) = queue;
    at<std::uint16_t>(p.registers, config_vector) = no_vector;
    at<std::uint16_t>(p.registers, queue_vector) = queue;
    if (at<std::uint16_t>(p.registers, queue_vector) != queue) return error::io;
    const std::uint64_t notify =
        std::uint64_t{at<std::uint16_t>(p.registers, queue_notify_offset)} * p.notification_step;
    if (notify + 2 > p.notifications_size) return error::io;
    p.notification[queue] = p.notifications + notify;
    at<std::uint16_t>(p.registers, queue_size) = place.size;
    write_wide(p.registers, queue_descriptors, queue_descriptors + 4, address_of(place.descriptors));
    write_wide(p.registers, queue_available, queue_available + 4, address_of(place.available));
    write_wide(p.registers, queue_used, queue_used + 4, address_of(place.used));
    at<std::uint16_t>(p.registers, queue_enable) = 1;
    return {};
}

void set_status(port& p, std::uint8_t status) { at<std::uint8_t>(p.registers, device_status) = status; }

std::uint8_t status(port& p) { return at<std::uint8_t>(p.registers, device_status); }

std::uint8_t generation(port& p) { return at<std::uint8_t>(p.registers, config_generation); }

void disconnect(port& p) {
    write(p.function, p.message_capability, read(p.function, p.message_capability) & ~messages_on);
    for (kvm::interrupt_message& m : p.message) {
        kvm::disconnect_message(m);
        m = {};
    }
    for (virtio::interrupt_handler& h : p.handlers) h = {};
}

} // namespace uk::virtio_bus::pci
