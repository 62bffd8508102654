// What `uk` would generate for an instance of embedded-files.
#pragma once

#include <uk/files.hpp>

namespace uk::config::embedded_files {

struct settings {
    file_index files;
};

} // namespace uk::config::embedded_files
