// What compiled C++ calls behind the scenes, without an operating system: memory from the allocator component, errors
// that would be exceptions as a panic, no destruction at the end (an image ends by closing its instances).
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include <uk/platform.hpp>

namespace {

void* allocate(std::size_t size) {
    if (void* memory = std::malloc(size)) return memory;
    uk::platform::panic("out of memory");
}

void* allocate(std::size_t size, std::align_val_t alignment) {
    const auto align = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(align, (size + align - 1) & ~(align - 1))) return memory;
    uk::platform::panic("out of memory");
}

} // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return allocate(size, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace std {

const nothrow_t nothrow{};

void __throw_bad_alloc() { uk::platform::panic("out of memory"); }
void __throw_bad_array_new_length() { uk::platform::panic("array length out of range"); }
void __throw_bad_cast() { uk::platform::panic("bad_cast"); }
void __throw_bad_exception() { uk::platform::panic("bad_exception"); }
void __throw_bad_function_call() { uk::platform::panic("call of an empty std::function"); }
void __throw_bad_variant_access(const char* why) { uk::platform::panic(why); }
void __throw_domain_error(const char* why) { uk::platform::panic(why); }
void __throw_invalid_argument(const char* why) { uk::platform::panic(why); }
void __throw_length_error(const char* why) { uk::platform::panic(why); }
void __throw_logic_error(const char* why) { uk::platform::panic(why); }
void __throw_out_of_range(const char* why) { uk::platform::panic(why); }
void __throw_out_of_range_fmt(const char* why, ...) { uk::platform::panic(why); }
void __throw_overflow_error(const char* why) { uk::platform::panic(why); }
void __throw_range_error(const char* why) { uk::platform::panic(why); }
void __throw_runtime_error(const char* why) { uk::platform::panic(why); }
void __throw_system_error(int) { uk::platform::panic("system_error"); }
void __throw_underflow_error(const char* why) { uk::platform::panic(why); }

void terminate() noexcept { uk::platform::panic("std::terminate() was called"); }
void __glibcxx_assert_fail(const char*, int, const char*, const char* condition) noexcept {
    uk::platform::panic(condition);
}

// Without run-time type information make_shared asks this for its tag: the control block's own is the only one.
bool _Sp_make_shared_tag::_S_eq(const type_info&) noexcept { return false; }

} // namespace std

extern "C" {

void* __dso_handle = nullptr;

int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
void __cxa_pure_virtual() { uk::platform::panic("pure virtual function called"); }
void __cxa_deleted_virtual() { uk::platform::panic("deleted virtual function called"); }
int __cxa_guard_acquire(unsigned char* guard) { return *guard == 0; }
void __cxa_guard_release(unsigned char* guard) { *guard = 1; }
void __cxa_guard_abort(unsigned char*) {}
void __gxx_personality_v0() { uk::platform::panic("exception in code without exceptions"); }
void _Unwind_Resume() { uk::platform::panic("exception in code without exceptions"); }
}
