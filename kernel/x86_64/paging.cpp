// Four-level page tables (Intel SDM volume 3, 4.5). See paging.hpp.
#include <x86_64/paging.hpp>

#include <x86_64/layout.hpp>

namespace uk::x86_64 {
namespace {

using entry = std::uint64_t;

constexpr entry present = 1, writable = 2, large = 0x80;
constexpr entry address_bits = 0x000ffffffffff000;
constexpr std::size_t entries = 512;

struct alignas(page_size) table {
    entry at[entries];
};

// The root, one of each lower level, and enough for a few GiB; more comes from `give_table_page`. Some are kept for devices:
// a controller needs two or three.
constexpr std::size_t reserve = 12, kept_for_devices = 6;
[[gnu::section(".bss.uk_tables")]] table tables[reserve];
table* const root = tables;
std::size_t used = 1;
table* given = nullptr; // chained through their first word
std::size_t given_count = 0;

[[gnu::noinline]] table* new_table() {
    if (used < reserve) return &tables[used++];
    table* page = given;
    if (page) {
        given = reinterpret_cast<table*>(page->at[0]);
        page->at[0] = 0;
        --given_count;
    }
    return page;
}

table* below(entry e) { return reinterpret_cast<table*>(e & address_bits); }

/// The table that `slot` points to, made when it isn't there; a large page is split into small ones of the same rights.
[[gnu::noinline]] table* descend(entry& slot) {
    if (slot & present && !(slot & large)) return below(slot);
    table* made = new_table();
    if (!made) return nullptr;
    if (slot & large) {
        entry small = slot & ~large;
        for (entry& e : made->at) {
            e = small;
            small += page_size;
        }
    }
    slot = reinterpret_cast<std::uintptr_t>(made) | present | writable;
    return made;
}

/// The table whose entries are 2 MiB each, for the GiB around an address.
[[gnu::noinline]] table* directory(std::uintptr_t address) {
    table* third = descend(root->at[address >> 39 & 511]);
    return third ? descend(third->at[address >> 30 & 511]) : nullptr;
}

entry* large_slot(std::uintptr_t address) {
    table* second = directory(address);
    return second ? &second->at[address >> 21 & 511] : nullptr;
}

void forget(std::uintptr_t page) { asm volatile("invlpg (%0)" : : "r"(page) : "memory"); }

std::uintptr_t address_of(const char& symbol) { return reinterpret_cast<std::uintptr_t>(&symbol); }

} // namespace

bool map(std::uintptr_t begin, std::uintptr_t end, access rights) {
    const entry flags = static_cast<entry>(rights);
    begin &= ~(page_size - 1);
    end = (end + page_size - 1) & ~(page_size - 1);
    while (begin < end) {
        table* second = directory(begin);
        if (!second) return false;
        entry* slot = &second->at[begin >> 21 & 511];
        if (begin % large_page_size == 0) {
            for (entry* const stop = second->at + entries;
                 slot != stop && begin + large_page_size <= end && !(*slot & present); ++slot) {
                *slot = begin | flags | large;
                begin += large_page_size;
            }
            if (begin >= end || slot == second->at + entries) continue;
        }
        table* small = descend(*slot);
        if (!small) return false;
        const std::uintptr_t next = (begin | (large_page_size - 1)) + 1, stop = end < next ? end : next;
        entry* e = &small->at[begin / page_size % entries];
        entry value = begin | flags;
#pragma GCC unroll 4
        for (entry* const last = e + (stop - begin) / page_size; e != last; value += page_size) *e++ = value;
        begin = stop;
    }
    return true;
}

bool protect(std::uintptr_t page, access rights) {
    entry* slot = large_slot(page);
    table* small = slot ? descend(*slot) : nullptr;
    if (!small) return false;
    small->at[page / page_size % entries] = rights == access::none ? 0 : page | static_cast<entry>(rights);
    forget(page);
    return true;
}

[[gnu::noinline]] bool needs_table_page(std::uintptr_t page) {
    entry* slot = large_slot(page);
    return (!slot || !(*slot & present) || *slot & large) && tables_are_short();
}

bool tables_are_short() { return reserve - used + given_count < kept_for_devices; }

void give_table_page(void* page) {
    auto* fresh = static_cast<table*>(page);
    for (entry& e : fresh->at) e = 0;
    fresh->at[0] = reinterpret_cast<entry>(given);
    given = fresh;
    ++given_count;
}

void map_image() {
    map(address_of(uk_text_begin), address_of(uk_text_end), access::execute);
    map(address_of(uk_constants_begin), address_of(uk_constants_end), access::read);
    for (std::uintptr_t stack = address_of(uk_stacks_begin); stack < address_of(uk_stacks_end); stack += 2 * page_size)
        map(stack + page_size, stack + 2 * page_size, access::read_write); // the lower page of each pair is the guard
    map(address_of(uk_stacks_end), address_of(uk_image_end), access::read_write);
}

void use_tables() { asm volatile("movq %0, %%cr3" : : "r"(root) : "memory"); }

} // namespace uk::x86_64
