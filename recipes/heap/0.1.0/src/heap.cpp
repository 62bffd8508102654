#include "heap.hpp"

#include <bit>

namespace uk::heap {

namespace {

constexpr std::uint32_t most_units = 0xfffffff0;
constexpr std::uint32_t too_many_units = 0xffffffff;

} // namespace

// --- headers --------------------------------------------------------------------------------------------------------

std::uint32_t heap::seal_of(const block& b) {
    const auto place = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&b) / unit);
    // Odd factors mix each word into all higher bits (2^32 over the golden ratio, and its square).
    return (b.units * 0x9e3779b1u ^ std::rotl(b.previous, 16)) * 0x85ebca77u ^ b.state ^ place;
}

void heap::write(block* b, std::uint32_t units, std::uint32_t previous, std::uint32_t state) {
    b->units = units;
    b->previous = previous;
    b->state = state;
    b->seal = seal_of(*b);
}

void heap::believe(const block* b) {
    if (b->seal != seal_of(*b)) report_corruption("heap: a block's header was overwritten", b + 1);
}

heap::block* heap::block_of(const void* memory) {
    auto* b = const_cast<block*>(static_cast<const block*>(memory)) - 1;
    if (reinterpret_cast<std::uintptr_t>(memory) % unit != 0)
        report_corruption("heap: free of something that malloc didn't give", memory);
    believe(b);
    if (b->state != used) report_corruption("heap: double free", memory);
    return b;
}

// --- size classes ---------------------------------------------------------------------------------------------------

heap::size_class heap::class_of(std::uint32_t units) {
    if (units < columns) return {0, units};
    const unsigned log = std::bit_width(units) - 1;
    return {log - column_bits + 1, (units >> (log - column_bits)) - columns};
}

std::uint32_t heap::units_for(std::size_t size) {
    if (size / unit >= most_units) return too_many_units;
    const auto units = static_cast<std::uint32_t>((size + unit - 1) / unit + 1);
    return units < least_units ? least_units : units;
}

/// Whether a link can be one.
bool heap::holds(const block* b) const {
    return b >= first_ && b < last_ && reinterpret_cast<std::uintptr_t>(b) % unit == 0;
}

void heap::insert(block* b) {
    const auto [row, column] = class_of(b->units);
    block*& head = free_[row][column];
    links_of(b) = {head, nullptr};
    if (head) links_of(head).previous = b;
    head = b;
    row_map_ |= 1u << row;
    column_map_[row] = static_cast<std::uint8_t>(column_map_[row] | 1u << column);
}

void heap::remove(block* b) {
    believe(b);
    const auto [row, column] = class_of(b->units);
    const links own = links_of(b);
    const bool linked =
        (!own.next || (holds(own.next) && links_of(own.next).previous == b)) &&
        (own.previous ? holds(own.previous) && links_of(own.previous).next == b : free_[row][column] == b);
    if (!linked) report_corruption("heap: a block was written to after it was freed", b + 1);
    if (own.next) links_of(own.next).previous = own.previous;
    if (own.previous) {
        links_of(own.previous).next = own.next;
        return;
    }
    free_[row][column] = own.next;
    if (own.next) return;
    column_map_[row] = static_cast<std::uint8_t>(column_map_[row] & ~(1u << column));
    if (!column_map_[row]) row_map_ &= ~(1u << row);
}

/// A free block of at least `units`, taken out of its list.
heap::block* heap::find(std::uint32_t units) {
    auto [row, column] = class_of(units);
    // In its own class a block may be too small, unless the class is exact; in every higher one the first fits.
    for (block* b = free_[row][column]; b; b = links_of(b).next) {
        if (!holds(b)) report_corruption("heap: a block was written to after it was freed", b);
        if (b->units < units) continue;
        remove(b);
        return b;
    }
    const auto higher_columns = column_map_[row] & ~0u << (column + 1);
    if (higher_columns) {
        column = static_cast<unsigned>(std::countr_zero(higher_columns));
    } else {
        const auto higher_rows = row + 1 < 32 ? row_map_ & ~0u << (row + 1) : 0u;
        if (!higher_rows) return nullptr;
        row = static_cast<unsigned>(std::countr_zero(higher_rows));
        column = static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(column_map_[row])));
    }
    block* b = free_[row][column];
    remove(b);
    return b;
}

/// Shortens a used block to `units`; what is left over becomes free.
void heap::cut(block* b, std::uint32_t units) {
    const std::uint32_t rest = b->units - units;
    if (rest < least_units) return;
    write(b, units, b->previous, used);
    block* left = after(b);
    write(left, rest, units, unused);
    block* next = after(left);
    believe(next);
    write(next, next->units, rest, next->state);
    insert(join_next(left));
}

/// Makes a block and its free neighbour behind it one. Neither is in a list afterwards.
heap::block* heap::join_next(block* b) {
    block* next = after(b);
    believe(next);
    if (next->state != unused) return b;
    remove(next);
    write(b, b->units + next->units, b->previous, b->state);
    write(next, next->units, next->previous, merged);
    block* behind = after(b);
    believe(behind);
    write(behind, behind->units, b->units, behind->state);
    return b;
}

// --- the operations ---------------------------------------------------------------------------------------------------

void heap::start(std::span<std::byte> memory) {
    const auto begin = (reinterpret_cast<std::uintptr_t>(memory.data()) + unit - 1) & ~(unit - 1);
    const auto end = reinterpret_cast<std::uintptr_t>(memory.data() + memory.size());
    std::uintptr_t units = end > begin ? (end - begin) / unit : 0;
    if (units > most_units) units = most_units;
    if (units < least_units + 1) return;
    first_ = reinterpret_cast<block*>(begin);
    const auto free_units = static_cast<std::uint32_t>(units - 1);
    last_ = first_ + free_units;
    write(last_, 0, free_units, used);
    write(first_, free_units, 0, unused);
    insert(first_);
}

void* heap::allocate(std::size_t size) {
    const std::uint32_t units = units_for(size);
    if (units == too_many_units) return nullptr;
    block* b = find(units);
    if (!b) return nullptr;
    write(b, b->units, b->previous, used);
    cut(b, units);
    return b + 1;
}

void* heap::allocate_aligned(std::size_t alignment, std::size_t size) {
    if (alignment <= unit) return allocate(size);
    const std::uint32_t units = units_for(size);
    const std::size_t extra = alignment / unit + least_units;
    if (units == too_many_units || extra + units > most_units) return nullptr;
    block* b = find(units + static_cast<std::uint32_t>(extra));
    if (!b) return nullptr;
    write(b, b->units, b->previous, used);
    const auto memory = reinterpret_cast<std::uintptr_t>(b + 1);
    std::uintptr_t aligned = (memory + alignment - 1) & ~(alignment - 1);
    if (aligned != memory && aligned - memory < least_units * unit) aligned += alignment;
    if (aligned != memory) { // the part in front becomes a free block of its own
        const auto gap = static_cast<std::uint32_t>((aligned - memory) / unit);
        block* moved = b + gap;
        const std::uint32_t rest = b->units - gap;
        write(b, gap, b->previous, unused);
        write(moved, rest, gap, used);
        block* next = after(moved);
        believe(next);
        write(next, next->units, rest, next->state);
        insert(b); // its neighbour before it is in use: free ones are always joined
        b = moved;
    }
    cut(b, units);
    return b + 1;
}

void heap::free(void* memory) {
    if (!memory) return;
    block* b = block_of(memory);
    write(b, b->units, b->previous, unused);
    b = join_next(b);
    if (b->previous) {
        block* previous = before(b);
        believe(previous);
        if (previous->state == unused) {
            remove(previous);
            const std::uint32_t units = previous->units + b->units;
            write(b, b->units, b->previous, merged);
            write(previous, units, previous->previous, unused);
            block* behind = after(previous);
            believe(behind);
            write(behind, behind->units, units, behind->state);
            b = previous;
        }
    }
    insert(b);
}

bool heap::resize(void* memory, std::size_t size) {
    const std::uint32_t units = units_for(size);
    if (units == too_many_units) return false;
    block* b = block_of(memory);
    if (units > b->units) {
        const block* next = after(b);
        believe(next);
        if (next->state != unused || b->units + next->units < units) return false;
        join_next(b);
    }
    cut(b, units);
    return true;
}

std::size_t heap::usable_size(const void* memory) const { return (block_of(memory)->units - 1) * unit; }

std::size_t heap::check() const {
    std::size_t free_units = 0;
    std::uint32_t previous = 0;
    bool before_was_free = false;
    for (const block* b = first_; b && b != last_; b = after(b)) {
        believe(b);
        if (b->previous != previous) report_corruption("heap: neighbours disagree", b + 1);
        if (b->state == unused && before_was_free) report_corruption("heap: two free neighbours", b + 1);
        if (b->state != unused && b->state != used) report_corruption("heap: an unknown state", b + 1);
        before_was_free = b->state == unused;
        if (before_was_free) free_units += b->units;
        previous = b->units;
    }
    return free_units * unit;
}

} // namespace uk::heap
