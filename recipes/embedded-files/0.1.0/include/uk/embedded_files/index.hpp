// Looking up in a sorted index of embedded files.
#pragma once

#include <cstddef>
#include <string_view>

#include <uk/files.hpp>

namespace uk::embedded_files {

/// Place of the first file whose name is not before `name`; files.size() if there is none.
std::size_t first_from(file_index files, std::string_view name);

} // namespace uk::embedded_files
