// From Linux's entry to the application: each line is one step. The image is a static PIE without a loader, so the first
// step is to relocate itself; until then nothing may go through a pointer that the linker wrote.
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>

extern "C" {
std::uintptr_t __stack_chk_guard = 0;
using uk_constructor = void (*)();
[[gnu::visibility("hidden")]] extern const uk_constructor __init_array_start[], __init_array_end[];
[[gnu::visibility("hidden")]] extern const char uk_relocated_begin, uk_relocated_end; // layout.ld
[[noreturn]] void uk_hosted_on_stack(void* end, void (*function)());
}

UK_HOSTED_CALLS(uk::hosted::call::mprotect);

namespace uk::hosted {

constinit process self;

namespace {

struct pair {
    std::uint64_t tag, value;
};

struct relocation {
    std::uint64_t offset, type, addend;
};

// ELF: dynamic tags and the relocation's type; the auxiliary vector's types (linux/auxvec.h).
constexpr std::uint64_t dt_rela = 7, dt_rela_size = 8, relative = 8;
constexpr std::uint64_t at_random = 25, at_vdso = 33;
constexpr std::uintptr_t page_mask = 4095;

/// Linked at 0 and loaded at `base`: adds the difference to every pointer in the image's data.
[[gnu::always_inline]] inline void relocate(std::uintptr_t base, const pair* dynamic) {
    std::uintptr_t table = 0, size = 0;
    for (; dynamic->tag != 0; ++dynamic) {
        if (dynamic->tag == dt_rela) table = base + dynamic->value;
        if (dynamic->tag == dt_rela_size) size = dynamic->value;
    }
    for (auto* r = reinterpret_cast<const relocation*>(table); size >= sizeof *r; ++r, size -= sizeof *r)
        if (r->type == relative) *reinterpret_cast<std::uint64_t*>(base + r->offset) = base + r->addend;
}

/// What only relocation had to write becomes read-only. It has pages of its own (recipes/hosted, layout.ld).
void protect_constants() {
    const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(&uk_relocated_begin) & ~page_mask;
    const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(&uk_relocated_end) + page_mask) & ~page_mask;
    constexpr long read_only = 1;
    system_call(call::mprotect, static_cast<long>(begin), static_cast<long>(end - begin), read_only);
}

[[noreturn]] void run_image() {
    for (auto* c = __init_array_start; c != __init_array_end; ++c) (*c)();
    platform::exit(image::main());
}

} // namespace
} // namespace uk::hosted

/// entry.S: on the stack that Linux gave.
extern "C" [[noreturn, gnu::used, gnu::no_stack_protector]] void
uk_hosted_start(const std::uint64_t* stack, std::uintptr_t base, const uk::hosted::pair* dynamic) {
    using namespace uk;
    using namespace uk::hosted;
    relocate(base, dynamic);
    self.image = base;
    self.argument_count = static_cast<int>(stack[0]);
    self.arguments = reinterpret_cast<const char* const*>(stack + 1);
    const std::uint64_t* environment = stack + 2 + stack[0];
    while (*environment != 0) ++environment;
    for (auto* entry = reinterpret_cast<const pair*>(environment + 1); entry->tag != 0; ++entry) {
        if (entry->tag == at_random) self.random = reinterpret_cast<const void*>(entry->value);
        if (entry->tag == at_vdso) self.vdso = entry->value;
    }
    // The lowest byte is zero: it stops what copies text.
    if (self.random) __stack_chk_guard = *static_cast<const std::uintptr_t*>(self.random) & ~std::uintptr_t{0xff};

    protect_constants();
    catch_faults();
    start_clock();
    const auto first = platform::allocate_stack(image::main_stack_size);
    if (!first) platform::panic("not enough memory for the first stack");
    fiber::first_stack(*first);
    open_files();
    forbid_other_calls();
    uk_hosted_on_stack(first->data() + (first->size() & ~std::size_t{15}), run_image);
}
