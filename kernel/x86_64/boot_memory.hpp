// What booting finds out about memory, once: where the heap is, and what the loader left.
#pragma once

#include <cstddef>

#include <memory/ram.hpp>
#include <x86_64/pvh.hpp>

namespace uk::x86_64 {

/// Switches to the image's own page tables, with the loader's structures (readable) and the heap mapped.
/// Returns false when the loader gave no memory that could be used.
[[gnu::cold]] bool start_memory(const pvh::start_info& info);

/// Takes whole pages from the beginning of the heap's range (which small pages map already), as long as nobody has called platform::heap(). Null when it is too late
/// or too much.
void* take_pages(std::size_t bytes);

/// Whether `take_pages` gave it.
bool was_taken(const void* page);

} // namespace uk::x86_64
