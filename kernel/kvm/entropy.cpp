// The machine's own entropy: the processor's generator, else a seed that QEMU hands over
// (-fw_cfg name=opt/uk/seed,file=FILE; QEMU docs/specs/fw_cfg.rst), each byte of which is given out once.
#include <uk/platform.hpp>

#include <cstring>

#include <uk/x86_64/ports.hpp>
#include <x86_64/random.hpp>

namespace uk::platform {
namespace {

constexpr std::uint16_t selector = 0x510, data = 0x511;
constexpr std::uint16_t signature_key = 0x00, directory_key = 0x19;
constexpr char seed_name[56] = "opt/uk/seed";

std::uint32_t big_endian(int bytes) {
    std::uint32_t value = 0;
    while (bytes-- > 0) value = value << 8 | x86_64::in8(data);
    return value;
}

struct seed {
    bool sought = false;
    std::uint32_t left = 0; // bytes that the data port still has
};
constinit seed from_qemu{};

/// Leaves the data port at the seed's first byte, and returns its size; 0 if there is none.
std::uint32_t find_seed() {
    x86_64::out16(selector, signature_key);
    if (big_endian(4) != 0x51454d55) return 0; // "QEMU"
    x86_64::out16(selector, directory_key);
    for (std::uint32_t count = big_endian(4); count > 0; --count) {
        const std::uint32_t size = big_endian(4);
        const auto key = static_cast<std::uint16_t>(big_endian(2));
        big_endian(2);
        char name[sizeof seed_name];
        for (char& c : name) c = static_cast<char>(x86_64::in8(data));
        if (std::memcmp(name, seed_name, std::strlen(seed_name) + 1) != 0) continue;
        x86_64::out16(selector, key);
        return size;
    }
    return 0;
}

} // namespace

result<void> entropy(std::span<std::byte> out) {
    if (x86_64::hardware_random(out)) return {};
    if (!from_qemu.sought) from_qemu = {true, find_seed()};
    if (from_qemu.left < out.size()) return error::unsupported;
    from_qemu.left -= static_cast<std::uint32_t>(out.size());
    for (std::byte& b : out) b = std::byte{x86_64::in8(data)};
    return {};
}

} // namespace uk::platform
