// The C functions of the allocator signature, over the platform's memory.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <uk/platform.hpp>

#include "heap.hpp"

namespace uk::heap {

void report_corruption(const char* what, const void* block) {
    char text[96];
    std::size_t size = 0;
    for (; *what && size < 64; ++what) text[size++] = *what;
    for (const char* at = ", at 0x"; *at; ++at) text[size++] = *at;
    for (int shift = 60; shift >= 0; shift -= 4)
        text[size++] = "0123456789abcdef"[reinterpret_cast<std::uintptr_t>(block) >> shift & 15];
    platform::panic({text, size});
}

namespace {

constinit heap shared;

heap& started() {
    if (!shared.is_started()) shared.start(platform::heap());
    return shared;
}

void* or_no_memory(void* memory) {
    if (!memory) errno = ENOMEM;
    return memory;
}

} // namespace
} // namespace uk::heap

extern "C" {

void* malloc(std::size_t size) { return uk::heap::or_no_memory(uk::heap::started().allocate(size)); }

void free(void* memory) { uk::heap::shared.free(memory); }

void* calloc(std::size_t count, std::size_t size) {
    std::size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return nullptr;
    }
    void* memory = malloc(bytes);
    if (memory) std::memset(memory, 0, bytes);
    return memory;
}

void* realloc(void* memory, std::size_t size) {
    if (!memory) return malloc(size);
    uk::heap::heap& from = uk::heap::shared;
    if (from.resize(memory, size)) return memory;
    void* moved = malloc(size);
    if (!moved) return nullptr;
    const std::size_t had = from.usable_size(memory);
    std::memcpy(moved, memory, had < size ? had : size);
    from.free(memory);
    return moved;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return nullptr;
    }
    return uk::heap::or_no_memory(uk::heap::started().allocate_aligned(alignment, size));
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
    if (alignment < sizeof(void*) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void* memory = uk::heap::started().allocate_aligned(alignment, size);
    if (!memory) return ENOMEM;
    *out = memory;
    return 0;
}

std::size_t malloc_usable_size(void* memory) { return memory ? uk::heap::shared.usable_size(memory) : 0; }
}
