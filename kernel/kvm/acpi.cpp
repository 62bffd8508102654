#include <kvm/acpi.hpp>

#include <cstring>

#include <uk/kvm/machine_description.hpp>
#include <uk/x86_64/ports.hpp>
#include <x86_64/paging.hpp>

namespace uk::kvm {
namespace {

using x86_64::access;

struct [[gnu::packed]] header {
    char signature[4];
    std::uint32_t length;
    std::uint8_t rest[28];
};

struct [[gnu::packed]] generic_address {
    std::uint8_t space; // 0 memory, 1 ports
    std::uint8_t bit_width, bit_offset, access_size;
    std::uint64_t address;
};

struct [[gnu::packed]] root_pointer {
    char signature[8];
    std::uint8_t checksum;
    char oem[6];
    std::uint8_t revision;
    std::uint32_t rsdt;
    std::uint32_t length;
    std::uint64_t xsdt;
};

struct [[gnu::packed]] fixed_table { // FADT; only what is read here is named
    header head;
    std::uint32_t facs, dsdt;
    std::uint8_t skip0[20];
    std::uint32_t pm1a_control; // offset 64
    std::uint8_t skip1[44];
    std::uint32_t flags; // offset 112
    std::uint8_t skip2[24];
    std::uint64_t x_dsdt; // offset 140
    std::uint8_t skip3[96];
    generic_address sleep_control; // offset 244
};
static_assert(offsetof(fixed_table, pm1a_control) == 64 && offsetof(fixed_table, flags) == 112);
static_assert(offsetof(fixed_table, x_dsdt) == 140 && offsetof(fixed_table, sleep_control) == 244);

constexpr std::uint32_t hardware_reduced = 1u << 20;
constexpr std::uint32_t longest_table = 1 << 20;

constinit std::uint64_t rsdp = 0;

/// Tables lie where the firmware put them, mostly where nothing is mapped.
[[gnu::cold, gnu::noinline]] const header* table_at(std::uint64_t address) {
    if (address < x86_64::page_size || !x86_64::map(address, address + sizeof(header), access::read)) return nullptr;
    const auto* table = reinterpret_cast<const header*>(address);
    if (table->length < sizeof(header) || table->length > longest_table) return nullptr;
    return x86_64::map(address, address + table->length, access::read) ? table : nullptr;
}

[[gnu::cold]] const fixed_table* find_fixed_table() {
    if (rsdp < x86_64::page_size || !x86_64::map(rsdp, rsdp + sizeof(root_pointer), access::read)) return nullptr;
    const auto& root = *reinterpret_cast<const root_pointer*>(rsdp);
    const bool wide = root.revision >= 2 && root.xsdt != 0;
    const header* list = table_at(wide ? root.xsdt : root.rsdt);
    if (!list) return nullptr;
    const std::size_t word = wide ? 8 : 4;
    const auto* bytes = reinterpret_cast<const unsigned char*>(list);
    for (std::size_t at = sizeof(header); at + word <= list->length; at += word) {
        std::uint64_t address = 0;
        std::memcpy(&address, bytes + at, word);
        const header* table = table_at(address);
        if (table && std::memcmp(table->signature, "FACP", 4) == 0) return reinterpret_cast<const fixed_table*>(table);
    }
    return nullptr;
}

[[gnu::cold]] const header* find_dsdt(const fixed_table& fixed) {
    const bool has_64 = fixed.head.length >= offsetof(fixed_table, x_dsdt) + 8 && fixed.x_dsdt;
    return table_at(has_64 ? fixed.x_dsdt : fixed.dsdt);
}

/// The first element of the package `_S5`: what to write for "off". AML: name, PackageOp 0x12, length (1 to 4 bytes, the count
/// in the first one's upper bits), number of elements, then 0 (ZeroOp), 1 (OneOp) or 0x0a and a byte.
[[gnu::cold]] unsigned sleep_type_off(const header* dsdt) {
    if (!dsdt) return 0;
    const auto* aml = reinterpret_cast<const unsigned char*>(dsdt);
    for (std::size_t at = sizeof(header); at + 12 <= dsdt->length; ++at) {
        if (std::memcmp(aml + at, "_S5_\x12", 5) != 0) continue;
        at += 5;
        at += 1 + (aml[at] >> 6) + 1;
        if (aml[at] == 0x0a) ++at;
        return aml[at] & 7;
    }
    return 0;
}

} // namespace

void set_acpi_root(std::uint64_t address) { rsdp = address; }

std::span<const unsigned char> machine_description() {
    const fixed_table* fixed = find_fixed_table();
    const header* dsdt = fixed ? find_dsdt(*fixed) : nullptr;
    if (!dsdt) return {};
    return {reinterpret_cast<const unsigned char*>(dsdt), dsdt->length};
}

void acpi_power_off() {
    const fixed_table* fixed = find_fixed_table();
    if (!fixed) return;
    const std::uint32_t length = fixed->head.length;
    const unsigned type = sleep_type_off(find_dsdt(*fixed));

    if (fixed->flags & hardware_reduced) {
        if (length < offsetof(fixed_table, sleep_control) + sizeof(generic_address)) return;
        const generic_address sleep = fixed->sleep_control;
        const auto value = static_cast<std::uint8_t>(type << 2 | 0x20); // SLP_TYP, SLP_EN
        if (sleep.space == 1) {
            x86_64::out8(static_cast<std::uint16_t>(sleep.address), value);
        } else if (x86_64::map(sleep.address, sleep.address + 1, access::device)) {
            *reinterpret_cast<volatile std::uint8_t*>(sleep.address) = value;
        }
    } else if (fixed->pm1a_control) {
        const auto control = static_cast<std::uint16_t>(fixed->pm1a_control);
        x86_64::out16(control, static_cast<std::uint16_t>((x86_64::in16(control) & 0xc3ff) | type << 10 | 1 << 13));
    }
}

} // namespace uk::kvm
