// Reads images back: ELF headers, segments, symbols, and the note that uk put in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace uk::targets {

struct segment {
    std::uint64_t address = 0, file_size = 0, memory_size = 0;
    bool readable = false, writable = false, executable = false;
};

struct image_facts {
    std::string format;              ///< `ELF64 x86_64, static`
    std::uint64_t file_size = 0;
    std::uint64_t entry = 0;
    std::optional<std::uint64_t> pvh_entry; ///< Xen ELF note 18
    std::vector<segment> segments;
    std::optional<base::json> note;  ///< what uk put in
    base::sha256 hash;
};

/// Errors: input: not an ELF image, truncated, a header that points outside the file.
base::result<image_facts> inspect(const std::filesystem::path& image);

} // namespace uk::targets
