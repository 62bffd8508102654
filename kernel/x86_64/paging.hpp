// Page tables: everything is mapped at its physical address, with no more rights than it needs, and nothing is both
// writable and executable. What nobody asked for is not mapped: page 0, guard pages, memory that is not ours.
#pragma once

#include <cstddef>
#include <cstdint>

namespace uk::x86_64 {

inline constexpr std::size_t page_size = 4096;
inline constexpr std::size_t large_page_size = 2 << 20;

enum class access : std::uint64_t {
    none = 0,
    execute = 0x1,
    read = 1ull << 63 | 0x1,
    read_write = 1ull << 63 | 0x3,
    device = 1ull << 63 | 0x1b, ///< read_write, uncached
};

/// Fills the tables with the image's own mapping: text r-x, constants r--, data rw-, guards and page 0 nothing.
[[gnu::cold]] void map_image();

/// Switches to the tables that `map_image` and `map` have filled.
void use_tables();

/// Maps whole pages around [begin, end), large ones where they fit. Takes table pages from a small reserve; returns false
/// when that is used up (`give_table_page` fills it).
bool map(std::uintptr_t begin, std::uintptr_t end, access rights);

/// Changes one page, splitting a large one around it, and forgets what the processor remembers of it.
/// Returns false when there is no table page to split with.
bool protect(std::uintptr_t page, access rights);

/// Whether the next `protect` of this page needs a page for a table.
bool needs_table_page(std::uintptr_t page);

/// Whether so few table pages are left that devices might not be mapped any more.
bool tables_are_short();

/// Adds one page (page-aligned, mapped, for ever ours) to the reserve.
void give_table_page(void* page);

} // namespace uk::x86_64
