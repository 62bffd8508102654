// A tree of files inside the image, as the build step `embed` lays it out: sorted by name, contents in read-only memory.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace uk {

/// One embedded file. `name` is relative to the embedded folder, with `/` between folders and no `.` or `..`.
/// Both views point into the image and stay valid for ever. The generator emits this layout as assembly:
/// four words (name, its length, contents, their length).
struct file {
    std::string_view name() const { return {name_, name_size_}; }
    std::span<const std::byte> contents() const { return {contents_, contents_size_}; }

    const char* name_;
    std::size_t name_size_;
    const std::byte* contents_;
    std::size_t contents_size_;
};

/// All files of one embedded folder, sorted by name as bytes.
using file_index = std::span<const file>;

} // namespace uk
