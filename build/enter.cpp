#include "build/enter.hpp"

#include <array>
#include <cstdlib>
#include <set>

#include <unistd.h>

#include "base/process.hpp"
#include "base/text.hpp"
#include "build/terminal.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::result;

namespace {

constexpr std::array programs = {
    "bash", "sh",   "env",     "awk",  "basename", "cat",     "chmod",   "cmp",  "cp",   "cut",       "diff", "dirname",
    "du",   "echo", "find",    "grep", "head",     "hexdump", "install", "kill", "less", "ln",        "ls",   "mkdir",
    "mv",   "nm",   "objdump", "od",   "printf",   "pwd",     "readelf", "rm",   "sed",  "sha256sum", "size", "sleep",
    "sort", "stat", "strings", "stty", "tail",     "tee",     "touch",   "tr",   "true", "uniq",      "wc",   "xargs"};

// /bin and others are links into /usr: two names of one place.
std::string placed(const fs::path& path) {
    const std::string text = path.string();
    for (const char* link : {"/bin/", "/lib/", "/lib64/", "/sbin/"}) {
        if (text.starts_with(link)) return "/usr" + text;
    }
    return text;
}

// ldd prints `name => /path (0x…)` or `/lib64/ld-… (0x…)`.
result<void> add_libraries(const std::vector<std::string>& of, std::vector<fs::path>& to) {
    std::vector<std::string> words{"ldd"};
    words.insert(words.end(), of.begin(), of.end());
    const base::finished listed = TRY(base::run({.arguments = words, .environment = {}, .folder = {}, .input = {}}));
    for (std::string_view line : base::split(listed.output, '\n')) {
        if (!line.starts_with('\t')) continue; // the program that follows
        if (const auto arrow = line.find("=> "); arrow != std::string_view::npos) line.remove_prefix(arrow + 3);
        line = base::trim(line);
        if (line.starts_with('/')) to.emplace_back(line.substr(0, line.find(' ')));
    }
    return {};
}

// What the room has in addition, each at its own place.
result<void> add_tools(std::vector<fs::path>& mounts) {
    std::vector<std::string> found;
    for (const char* name : programs) {
        if (const auto program = base::find_program(name); program && placed(*program).starts_with("/usr/bin/"))
            found.push_back(program->string());
    }
    std::vector<fs::path> more{found.begin(), found.end()};
    CHECK(add_libraries(found, more));
    std::error_code ignored;
    for (const char* folder : {"/usr/lib/terminfo", "/usr/share/terminfo"}) { // how terminals are spoken to
        if (fs::is_directory(folder, ignored)) more.emplace_back(folder);
    }
    std::set<std::string> known;
    for (const fs::path& mount : mounts) known.insert(placed(mount));
    for (const fs::path& one : more) {
        if (known.insert(placed(one)).second) mounts.push_back(one);
    }
    return {};
}

} // namespace

result<int> enter(sandbox_request room, const std::vector<std::string>& command) {
    CHECK(add_tools(room.mounts));
    const bool has_bash = base::find_program("bash").has_value();
    room.arguments = {"/usr/bin/env", "--"};
    const std::vector<std::string> shell =
        has_bash ? std::vector<std::string>{"bash", "--noprofile", "--norc"} : std::vector<std::string>{"sh"};
    const auto& words = command.empty() ? shell : command;
    room.arguments.insert(room.arguments.end(), words.begin(), words.end());
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) {
        room.streams = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
        const sandbox_result ended = TRY(run_in_sandbox(room));
        return ended.status;
    }
    const char* kind = std::getenv("TERM");
    room.environment.emplace("TERM", kind ? kind : "dumb");
    const inner_terminal inside = TRY(inner_terminal::open());
    room.streams = {inside.command_side(), inside.command_side(), inside.command_side()};
    room.is_terminal = true;
    const sandbox_result ended = TRY(run_in_sandbox(room));
    return ended.status;
}

} // namespace uk::build
