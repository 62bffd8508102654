#include <places.hpp>

#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <uk/kvm/machine_description.hpp>
#include <uk/platform.hpp>

namespace uk::virtio_bus::memory {
namespace {

constexpr std::string_view word_begin = "virtio_mmio.device=";
constexpr std::string_view hardware_id = "LNRO0005"; // ACPI's name of such a device

void add(places& all, const place& one) {
    if (all.count < std::size(all.at)) all.at[all.count++] = one;
}

/// A number in C's notation, with K or M behind it; `text` loses it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    unsigned base = 10;
    if (text.starts_with("0x")) {
        base = 16;
        text.remove_prefix(2);
    }
    std::uint64_t number = 0;
    std::size_t taken = 0;
    for (; taken < text.size(); ++taken) {
        const char c = text[taken], lower = static_cast<char>(c | 0x20);
        const unsigned digit = c >= '0' && c <= '9'           ? static_cast<unsigned>(c - '0')
                               : lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a' + 10)
                                                              : 99;
        if (digit >= base) break;
        if (number >> 59) return std::nullopt;
        number = number * base + digit;
    }
    if (taken == 0) return std::nullopt;
    text.remove_prefix(taken);
    const unsigned shift = text.starts_with("K") ? 10 : text.starts_with("M") ? 20 : 0;
    if (shift) text.remove_prefix(1);
    return number << shift;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

void add_word(places& all, std::string_view text) {
    const auto size = take_number(text);
    if (!size || !take(text, '@')) return;
    const auto address = take_number(text);
    if (!address || !take(text, ':')) return;
    const auto line = take_number(text);
    if (line) add(all, {*address, *size, static_cast<unsigned>(*line)});
}

std::uint32_t word_at(const unsigned char* bytes) {
    std::uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Resource descriptors (ACPI 6.5, 6.4.3): Memory32Fixed, then an extended interrupt, as QEMU writes them behind the device's name.
/// Nothing is interpreted: the two are constants.
void add_described(places& all, std::span<const unsigned char> code) {
    constexpr unsigned char fixed_memory[] = {0x86, 9, 0}, interrupt[] = {0x89, 6, 0};
    constexpr std::size_t both = 12 + 9, near = 64;
    std::size_t since_name = near;
    for (std::size_t i = 0; i + both <= code.size(); ++i, ++since_name) {
        const unsigned char* const b = code.data() + i;
        if (std::memcmp(b, hardware_id.data(), hardware_id.size()) == 0) since_name = 0;
        if (since_name >= near || std::memcmp(b, fixed_memory, 3) != 0 || std::memcmp(b + 12, interrupt, 3) != 0)
            continue;
        add(all, {word_at(b + 4), word_at(b + 8), word_at(b + 17)});
        since_name = near;
    }
}

} // namespace

places find_places() {
    places all;
    std::string_view rest = platform::command_line();
    for (std::size_t at; (at = rest.find(word_begin)) != rest.npos;) {
        rest.remove_prefix(at + word_begin.size());
        add_word(all, rest);
    }
    if (all.count == 0) add_described(all, kvm::machine_description());
    return all;
}

} // namespace uk::virtio_bus::memory
