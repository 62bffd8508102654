// Runs one command where it sees nothing but its inputs and the toolchain: namespaces of its own (user, mount, process, IPC,
// host name, network), a root in memory, no network, fixed names and numbers. Needs no root and no daemon.
//
// The room, unless varied: /build (in memory: the inputs, and room for outputs), /tmp, the toolchain's files at their own places, read-only,
// /dev/null, and nothing else of the host. docs/explanation/build.md says what that protects from.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace uk::build {

/// What a command sees around it that is none of its own. As it stands here for every build; `uk verify` varies it.
struct surroundings {
    std::string folder = "build"; ///< where it works, in the root
    std::string host = "uk"; ///< host and domain
    unsigned id = 1000; ///< user and group, whoever runs uk
    unsigned mask = 022; ///< umask
    std::int64_t file_time = 315532800; ///< of placed files, in seconds: 1980-01-01, as SOURCE_DATE_EPOCH says
    std::int64_t up_for = 0; ///< seconds that the machine seems to run longer
    bool one_processor = false;
    bool fixed_addresses = false; ///< no randomization of addresses
};

struct sandbox_request {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment; ///< all of it
    std::vector<std::filesystem::path> mounts; ///< of the host, shown read-only at the same path

    struct file {
        std::string path; ///< relative to /build
        std::string_view content; ///< the caller's
        bool executable = false;
        std::optional<std::int64_t> time = {}; ///< in place of surroundings::file_time
    };
    struct folder {
        std::string path;
        std::filesystem::path from; ///< shown read-only
    };
    std::vector<file> files;
    std::vector<folder> folders;
    std::vector<std::string> outputs; ///< files; their folders are made beforehand
    std::vector<std::string> output_folders; ///< made beforehand; every file below them is an output
    std::vector<std::string> empty_folders; ///< made beforehand
    bool note_reads = false; ///< which of `files` are read?
    surroundings around = {};
    /// Of this process, for standard input, output and error, in place of an empty input and of `said`.
    std::optional<std::array<int, 3>> streams = {};
    bool is_terminal = false; ///< they are a terminal that nobody else has: it becomes the command's own
    int stop = -1; ///< once this descriptor is readable the command is killed: interrupted
    std::filesystem::path place; ///< a folder of the host: the room is mounted over it, where only it sees it
};

/// A regular file that the command made; open for reading, for nobody else.
struct sandbox_output {
    std::string path;
    base::descriptor file;
    bool executable = false;
};

struct sandbox_result {
    int status = 0; ///< exit status, or 128 + signal
    std::string said; ///< standard output and error, the first MiB of it
    std::vector<sandbox_output> outputs; ///< sorted by path
    std::vector<std::string> read; ///< of the request's files, if that was asked for and it ended well; sorted
    std::string wrong; ///< an output that is missing or no regular file: which, and what it is
};

/// Errors: environment: the step of setting up that the kernel refused and what allows it; interrupted.
base::result<sandbox_result> run_in_sandbox(const sandbox_request& what);

/// The same without protection, in a folder made in `place`: for --sandbox=off.
base::result<sandbox_result> run_unprotected(const sandbox_request& what);

} // namespace uk::build
