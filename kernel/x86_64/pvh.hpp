// What a PVH loader hands over: struct hvm_start_info, version 0 and 1 (xen/include/public/arch-x86/hvm/start_info.h).
#pragma once

#include <cstdint>

namespace uk::x86_64::pvh {

inline constexpr std::uint32_t magic = 0x336ec578;

struct start_info {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t flags;
    std::uint32_t module_count;
    std::uint64_t modules;      ///< physical address of `module`s
    std::uint64_t command_line; ///< physical address of a text that ends with 0; or 0
    std::uint64_t rsdp;         ///< physical address of ACPI's root pointer; or 0
    std::uint64_t memory_map;   ///< of `memory_range`s; from here on version 1
    std::uint32_t memory_map_count;
    std::uint32_t reserved;
};

struct module {
    std::uint64_t address;
    std::uint64_t size;
    std::uint64_t command_line;
    std::uint64_t reserved;
};

struct memory_range {
    std::uint64_t address;
    std::uint64_t size;
    std::uint32_t type; ///< as in E820
    std::uint32_t reserved;
};

inline constexpr std::uint32_t ram = 1;

} // namespace uk::x86_64::pvh
