// No page is both writable and executable, page 0 is not mapped, and the page shared with the console's other end is plain
// data: read out of the page tables that the processor uses.
// targets: xen
// expect-text: page rights: all of it holds
#include <cstdint>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

namespace {

constexpr std::uint64_t present = 1, writable = 2, large = 0x80, no_execute = 1ull << 63;
constexpr std::uint64_t address_bits = 0x000ffffffffff000;

int pages = 0, bad = 0, high = 0;

/// Tables are mapped where they are, like all memory.
void walk(std::uint64_t table, int level, std::uint64_t begin) {
    for (std::uint64_t i = 0; i < 512; ++i) {
        const std::uint64_t entry = reinterpret_cast<const volatile std::uint64_t*>(table & address_bits)[i];
        const std::uint64_t address = begin | i << (12 + 9 * level);
        if (!(entry & present)) continue;
        if (level > 0 && !(entry & large)) {
            walk(entry, level - 1, address);
            continue;
        }
        ++pages;
        bad += (entry & writable && !(entry & no_execute)) || address == 0;
        high += address >= 0xf0000000; // where Xen's own pages are
    }
}

} // namespace

uk::result<void> run() {
    std::uint64_t root;
    asm volatile("movq %%cr3, %0" : "=r"(root));
    walk(root, 3, 0);
    if (bad > 0 || pages < 10 || high != 1) return uk::ended(1);
    uk::platform::write_text("page rights: all of it holds\n");
    return {};
}
