// memcpy, always called: what GCC makes of it in small code copies single bytes.
#pragma once

#include <cstddef>

namespace uk {

void call_memcpy(void* to, const void* from, std::size_t size) __asm__("memcpy");

} // namespace uk
