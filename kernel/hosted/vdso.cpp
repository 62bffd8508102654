#include <hosted/vdso.hpp>

namespace uk::hosted {
namespace {

struct elf_header {
    unsigned char ident[16];
    std::uint16_t type, machine;
    std::uint32_t version;
    std::uint64_t entry, program_headers, section_headers;
    std::uint32_t flags;
    std::uint16_t size, program_header_size, program_header_count;
};

struct program_header {
    std::uint32_t type, flags;
    std::uint64_t offset, address, physical, file_size, memory_size, alignment;
};

struct dynamic_entry {
    std::uint64_t tag, value;
};

struct symbol {
    std::uint32_t name;
    std::uint8_t info, other;
    std::uint16_t section;
    std::uint64_t value, size;
};

constexpr std::uint32_t pt_load = 1, pt_dynamic = 2;
constexpr std::uint64_t dt_hash = 4, dt_strings = 5, dt_symbols = 6, dt_gnu_hash = 0x6ffffef5;

/// Symbols of the table. The old hash table says it; GNU's is walked to its last chain.
std::uint32_t count_symbols(const std::uint32_t* hash, const std::uint32_t* gnu_hash) {
    if (hash) return hash[1];
    if (!gnu_hash) return 0;
    const std::uint32_t buckets = gnu_hash[0], first = gnu_hash[1], bloom_words = gnu_hash[2];
    const std::uint32_t* bucket = gnu_hash + 4 + 2 * bloom_words;
    const std::uint32_t* chain = bucket + buckets;
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < buckets; ++i)
        if (bucket[i] > last) last = bucket[i];
    if (last < first) return first;
    while (!(chain[last - first] & 1)) ++last;
    return last + 1;
}

} // namespace

std::uintptr_t find_in_vdso(std::uintptr_t base, std::string_view name) {
    const auto& elf = *reinterpret_cast<const elf_header*>(base);
    const auto* header = reinterpret_cast<const program_header*>(base + elf.program_headers);
    std::uintptr_t shift = base;
    const dynamic_entry* dynamic = nullptr;
    bool loaded = false;
    for (unsigned i = 0; i < elf.program_header_count; ++i) {
        if (header[i].type == pt_load && !loaded) {
            shift = base + header[i].offset - header[i].address;
            loaded = true;
        }
        if (header[i].type == pt_dynamic) dynamic = reinterpret_cast<const dynamic_entry*>(base + header[i].offset);
    }
    if (!loaded || !dynamic) return 0;
    const std::uint32_t *hash = nullptr, *gnu_hash = nullptr;
    const char* strings = nullptr;
    const symbol* symbols = nullptr;
    for (; dynamic->tag != 0; ++dynamic) {
        const std::uintptr_t place = shift + dynamic->value;
        if (dynamic->tag == dt_hash) hash = reinterpret_cast<const std::uint32_t*>(place);
        if (dynamic->tag == dt_gnu_hash) gnu_hash = reinterpret_cast<const std::uint32_t*>(place);
        if (dynamic->tag == dt_strings) strings = reinterpret_cast<const char*>(place);
        if (dynamic->tag == dt_symbols) symbols = reinterpret_cast<const symbol*>(place);
    }
    if (!strings || !symbols) return 0;
    const std::uint32_t count = count_symbols(hash, gnu_hash);
    for (std::uint32_t i = 0; i < count; ++i)
        if (symbols[i].section != 0 && name == strings + symbols[i].name) return shift + symbols[i].value;
    return 0;
}

} // namespace uk::hosted
