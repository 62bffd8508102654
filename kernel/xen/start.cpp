// What a Xen guest finds out when it boots: the page shared with Xen, then the console.
#include <x86_64/machine.hpp>

#include <x86_64/paging.hpp>
#include <xen/console.hpp>
#include <xen/events.hpp>
#include <xen/hypercall.hpp>
#include <xen/shared_info.hpp>
#include <xen/time.hpp>

namespace uk {
namespace xen {

constinit volatile shared_info* shared = nullptr;

namespace {

// Where the shared page appears, in place of our own memory.
[[gnu::section(".bss.uk_tables")]] alignas(x86_64::page_size) constinit std::byte place[x86_64::page_size]{};

// memory.h: struct xen_add_to_physmap.
struct add_to_physmap {
    std::uint16_t domain;
    std::uint16_t size;
    std::uint32_t space;
    std::uint64_t index;
    std::uint64_t page;
};

void share_page() {
    // Xen takes the form of the page (32 or 64 bits) from the mode in which this is set; 0 is "no interrupt", see
    // events.cpp.
    set(parameter::callback_via, 0);
    constexpr std::uint32_t shared_info_space = 0; // XENMAPSPACE_shared_info
    add_to_physmap where{this_domain, 0, shared_info_space, 0,
                         reinterpret_cast<std::uint64_t>(place) / x86_64::page_size};
    if (hypercall(call::memory_op, memory_add_to_physmap, &where) == 0)
        shared = reinterpret_cast<volatile shared_info*>(place);
}

} // namespace
} // namespace xen

void machine::start(const x86_64::pvh::start_info&) {
    xen::share_page();
    xen::start_time();
    xen::start_console();
}

} // namespace uk
