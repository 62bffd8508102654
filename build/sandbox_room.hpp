// The inside of a sandbox, as a list of steps. The process that follows it works in the memory of a program with several
// threads, so it may neither allocate nor lock nor write to anything shared: everything is prepared before, and each step is a system call.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uk::build::room {

struct step {
    enum class type {
        folder, ///< make `to`
        link, ///< make `to`, pointing to `from`
        file, ///< make `to` with `content`
        bind ///< show `from` of the host at `to`
    };
    type kind;
    std::string to; ///< relative to the root
    std::string from;
    std::string_view content;
    bool executable = false;
    bool is_folder = false; ///< bind
    std::int64_t time = 0; ///< file: seconds since 1970
};

struct script {
    std::string place; ///< where the root is mounted, out of everybody's sight
    std::string user_map, group_map, host;
    std::string folder; ///< in the root, where the command works
    std::string time_offsets; ///< for /proc/self/timens_offsets; empty: the host's time
    unsigned mask = 022;
    bool one_processor = false, fixed_addresses = false;
    std::vector<step> steps; ///< binds are opened before anything is mounted, then all happens in this order
    std::vector<char*> arguments, environment; ///< ending with null
    std::vector<int> opened; ///< as many as steps: room for the binds' descriptors
    int report = -1, said = -1;
    std::array<int, 3> streams{-1, -1, -1}; ///< standard input, output and error; -1: nothing, and twice `said`
    bool is_terminal = false; ///< streams are to be the command's terminal
};

/// What process 1 tells its parent, as one packet. With `ended` comes a descriptor of the folder.
struct message {
    enum class type { trouble, ended };
    type kind;
    int code = 0; ///< trouble: errno; ended: exit status, or 128 + signal
    int at = -1; ///< trouble: index of the step
    char doing[40] = {}; ///< trouble: the system's step
};

/// Process 1 of the new namespaces, on a stack of its own: makes the room, runs the command in it, ends when the command ends.
[[noreturn]] void live(script& what);

} // namespace uk::build::room
