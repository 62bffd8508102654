// What the process knows about itself, gathered once when it starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace uk::hosted {

struct process {
    std::uintptr_t image = 0;      ///< where the image lies; addresses in messages are relative to it
    int argument_count = 0;        ///< argv, as Linux gave it
    const char* const* arguments = nullptr;
    std::uintptr_t vdso = 0;       ///< the kernel's own library, or 0
    const void* random = nullptr;  ///< sixteen random bytes
};

extern process self;

/// Below each stack. It costs addresses only, so it is wide: a large local array doesn't step over it.
inline constexpr std::size_t stack_guard_size = 64 * 1024;

/// start.cpp's steps, each in the file of its subject.
void start_clock();         ///< time.cpp
void catch_faults();        ///< faults.cpp
void open_files();          ///< files.cpp
void forbid_other_calls();  ///< filter.cpp

/// The ring that is open stays the only one (filter.cpp): another would be a way around every filter.
void forbid_more_rings();

/// Says `why` and where, and ends the process with status 126. `instruction` 0: not known.
[[noreturn]] void panic_at(std::string_view why, std::uintptr_t instruction, std::uintptr_t stack);

} // namespace uk::hosted
