// Runs one command where it sees nothing but its inputs and the toolchain: namespaces of its own (user, mount, process, IPC,
// host name, network), a root in memory, no network, fixed names and numbers. Needs no root and no daemon.
//
// The room: /build (a fresh file system in memory: the inputs, and room for outputs), the toolchain's files at their own
// places, read-only, /tmp, /dev/null. Nothing else of the host is there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::build {

struct sandbox_request {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;      ///< all of it
    std::vector<std::filesystem::path> mounts;           ///< of the host, shown read-only at the same path

    struct file {
        std::string path;                                ///< relative to /build
        std::filesystem::path from;                      ///< copied from here
        bool executable = false;
    };
    struct folder {
        std::string path;
        std::filesystem::path from;                      ///< shown read-only
    };
    std::vector<file> files;
    std::vector<folder> folders;
    std::vector<std::string> outputs;                    ///< files; their folders are made beforehand
    std::filesystem::path scratch;                       ///< an empty folder of the host: outputs arrive here, numbered, and `said`
};

struct sandbox_result {
    int status = 0;                                      ///< exit status, or 128 + signal
    std::string said;                                    ///< standard output and error, the first MiB of it
    /// For each of `outputs`: where it is now; empty if the command didn't make it.
    struct file {
        std::filesystem::path place;
        bool executable = false;
    };
    std::vector<file> outputs;
};

/// Errors: environment: the step of setting up that the kernel refused and what allows it; interrupted.
base::result<sandbox_result> run_in_sandbox(const sandbox_request& what);

/// The same without protection, in `scratch` itself: for --sandbox=off.
base::result<sandbox_result> run_unprotected(const sandbox_request& what);

} // namespace uk::build
