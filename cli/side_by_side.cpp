#include "cli/side_by_side.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.hpp"

namespace uk::cli {

using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

using clock = std::chrono::steady_clock;

constexpr int look_again = 100; // milliseconds: a Ctrl-C between two looks interrupts no call
constexpr std::chrono::seconds patience{5};

// One of a program's two outputs: whole lines are passed on, with the name in front.
struct stream {
    int from = -1, to = -1;
    std::string front, line;

    void pass(std::string_view text) {
        for (const char c : text) {
            line += c;
            if (c == '\n') flush();
        }
    }
    void flush() {
        if (line.empty()) return;
        if (line.back() != '\n') line += '\n';
        const std::string whole = front + line;
        line.clear();
        for (std::string_view rest = whole; !rest.empty();) {
            const ssize_t n = ::write(to, rest.data(), rest.size());
            if (n < 0 && errno != EINTR) return;
            if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void end() {
        flush();
        if (from >= 0) ::close(from);
        from = -1;
    }
};

struct running {
    pid_t id = -1;
    int status = 0;
    std::array<stream, 2> streams;
};

[[noreturn]] void become(const named_program& what, int nothing, int output, int errors, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) ::signal(signal, SIG_DFL);
    std::vector<char*> arguments;
    for (const std::string& word : what.words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    if (::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(errors, STDERR_FILENO) >= 0)
        ::execv(arguments.front(), arguments.data());
    ::_exit(126);
}

result<running> start(const named_program& what, std::string front) {
    std::array<int, 2> out{-1, -1}, err{-1, -1};
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const pid_t parent = ::getpid();
    const bool ready = nothing >= 0 && ::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(err.data(), O_CLOEXEC) == 0;
    const pid_t id = ready ? ::fork() : -1;
    const int reason = errno;
    if (id == 0) become(what, nothing, out[1], err[1], parent);
    for (const int one : {nothing, out[1], err[1]}) {
        if (one >= 0) ::close(one);
    }
    if (id > 0)
        return running{id, 0, {stream{out[0], STDOUT_FILENO, front, ""}, stream{err[0], STDERR_FILENO, front, ""}}};
    for (const int one : {out[0], err[0]}) {
        if (one >= 0) ::close(one);
    }
    return fail(status::environment, {}, "can't start `{}`: {}", what.name, std::strerror(reason));
}

// Hands a Ctrl-C on, once; kills what doesn't listen.
void look(const std::vector<running>& all, std::optional<clock::time_point>& asked) {
    if (!base::is_interrupted()) return;
    const bool first = !asked;
    if (first) asked = clock::now();
    const bool late = clock::now() - *asked > patience;
    for (const running& one : all) {
        if (one.id > 0 && (first || late)) ::kill(one.id, late ? SIGKILL : SIGTERM);
    }
}

void read_from(stream& one) {
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(one.from, buffer.data(), buffer.size());
    if (n > 0) one.pass({buffer.data(), static_cast<std::size_t>(n)});
    else if (n == 0 || errno != EINTR) one.end();
}

void reap(std::vector<running>& all) {
    for (running& one : all) {
        int ended = 0;
        if (one.id <= 0 || ::waitpid(one.id, &ended, WNOHANG) != one.id) continue;
        one.id = -1;
        one.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    }
}

} // namespace

result<std::vector<int>> run_side_by_side(const std::vector<named_program>& programs, bool colour) {
    std::size_t width = 0;
    for (const named_program& one : programs) width = std::max(width, one.name.size());
    std::vector<running> all;
    std::optional<clock::time_point> asked;
    std::optional<error> trouble;
    for (std::size_t i = 0; i < programs.size() && !trouble; ++i) {
        std::string front = fmt::format("{:<{}} | ", programs[i].name, width);
        if (colour) front = fmt::format("\033[{}m{}\033[0m", 31 + (i + 1) % 6, front); // green first
        if (auto started = start(programs[i], std::move(front))) all.push_back(*std::move(started));
        else trouble = started.error();
    }
    if (trouble) {
        for (const running& one : all) ::kill(one.id, SIGTERM);
    }
    for (;;) {
        std::vector<pollfd> watched;
        std::vector<stream*> streams;
        bool lives = false;
        for (running& one : all) {
            lives = lives || one.id > 0;
            for (stream& each : one.streams) {
                if (each.from < 0) continue;
                watched.push_back({each.from, POLLIN, 0});
                streams.push_back(&each);
            }
        }
        // A grandchild that holds a pipe open isn't waited for.
        const int ready = ::poll(watched.data(), watched.size(), lives ? look_again : 0);
        if (ready <= 0 && !lives) break;
        for (std::size_t i = 0; ready > 0 && i < watched.size(); ++i) {
            if (watched[i].revents) read_from(*streams[i]);
        }
        look(all, asked);
        reap(all);
    }
    std::vector<int> statuses;
    for (running& one : all) {
        for (stream& each : one.streams) each.end();
        statuses.push_back(one.status);
    }
    if (trouble) return *std::move(trouble);
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    return statuses;
}

} // namespace uk::cli
