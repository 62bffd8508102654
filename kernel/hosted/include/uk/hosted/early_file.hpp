// Files of the host that a component needs. Opening is forbidden once the image runs, so each is named when the image is linked
// and opened before its first instruction: no fault in the image can reach any other file.
#pragma once

#include <cstdint>

namespace uk::hosted {

/// How it is opened (asm-generic/fcntl.h), never handed on to another program.
enum class open_as : std::int32_t { reader = 02000000, device = 02000000 | 04000 | 2 };

/// A file that is opened at start; made by UK_HOSTED_FILE only.
struct early_file {
    const char* path;
    open_as how;
    std::int32_t descriptor = -1; ///< a negated errno where it couldn't be opened
};

} // namespace uk::hosted

/// Defines `name`, an early_file. Once per file of code.
#define UK_HOSTED_FILE(name, path, how)                                                                                \
    alignas(8) [[gnu::section("uk_hosted_files"), gnu::used]] static constinit ::uk::hosted::early_file name {         \
        path, how                                                                                                      \
    }
