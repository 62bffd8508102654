#include "targets/child.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/process.hpp"

namespace uk::targets {

using base::descriptor;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

using clock = std::chrono::steady_clock;

constexpr int look_again = 100; // milliseconds: a Ctrl-C between two looks interrupts no call
constexpr std::chrono::seconds patience{2};

// Gives the terminal back as it was, whatever the program at it did. Only if it differs: setting it stops a background job.
class terminal_guard {
  public:
    terminal_guard() { known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0; }
    ~terminal_guard() {
        termios now{};
        if (known_ && ::tcgetattr(STDIN_FILENO, &now) == 0 && std::memcmp(&now, &before_, sizeof now) != 0)
            ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    terminal_guard(const terminal_guard&) = delete;
    terminal_guard& operator=(const terminal_guard&) = delete;

  private:
    termios before_{};
    bool known_ = false;
};

[[noreturn]] void become(const std::string& program, char* const* arguments, const child& what, int output, int report,
                         pid_t parent) {
    bool ready = true;
    for (const int space : what.namespaces) ready = ready && ::setns(space, 0) == 0;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM); // behind setns, which takes it back
    if (::getppid() != parent) ::_exit(1);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGHUP}) ::signal(signal, SIG_DFL);
    ready = ready && (output < 0 || ::dup2(output, STDOUT_FILENO) >= 0);
    if (what.descriptor >= 0) ready = ready && ::fcntl(what.descriptor, F_SETFD, 0) == 0;
    if (ready) ::execv(program.c_str(), arguments);
    const int reason = errno;
    if (::write(report, &reason, sizeof reason) < 0) ::_exit(1);
    ::_exit(1);
}

// Hands a Ctrl-C on, once; kills what doesn't listen.
class ender {
  public:
    explicit ender(pid_t id) : id_{id} {}
    void look() {
        if (!base::is_interrupted()) return;
        if (!asked_) ::kill(id_, SIGTERM);
        if (!asked_) asked_ = clock::now();
        if (clock::now() - *asked_ > patience) ::kill(id_, SIGKILL);
    }

  private:
    pid_t id_;
    std::optional<clock::time_point> asked_;
};

// Until it has ended and its output is read; a grandchild that holds the pipe open isn't waited for.
void wait_for(const child& what, int output, const descriptor& handle, ender& interrupts) {
    std::array<char, 4096> buffer;
    for (bool ended = false, open = output >= 0; !ended || open;) {
        pollfd watched[2] = {{open ? output : -1, POLLIN, 0}, {ended ? -1 : handle.number(), POLLIN, 0}};
        const int ready = ::poll(watched, 2, ended ? 0 : look_again);
        if (ready == 0 && ended) return;
        if (ready > 0 && watched[0].revents) {
            const ssize_t count = ::read(output, buffer.data(), buffer.size());
            if (count > 0) what.output({buffer.data(), static_cast<std::size_t>(count)});
            open = count > 0 || (count < 0 && errno == EINTR);
        }
        if (ready > 0 && watched[1].revents) ended = true;
        if (!ended) interrupts.look();
    }
}

} // namespace

result<int> run_at_terminal(const child& what) {
    const auto cannot = [&](std::string_view why) {
        return fail(status::environment, {}, "can't start `{}`: {}", what.words.front(), why);
    };
    const auto program = base::find_program(what.words.front());
    if (!program) return cannot("it isn't there, or is no program");
    std::vector<char*> arguments;
    for (const std::string& word : what.words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    std::array<int, 2> out{-1, -1}, report{-1, -1};
    if ((what.output && ::pipe2(out.data(), O_CLOEXEC) != 0) || ::pipe2(report.data(), O_CLOEXEC) != 0)
        return cannot(std::strerror(errno));
    descriptor out_read{out[0]}, out_write{out[1]}, report_read{report[0]}, report_write{report[1]};
    const terminal_guard guard;
    const pid_t parent = ::getpid(), id = ::fork();
    if (id < 0) return cannot(std::strerror(errno));
    if (id == 0) become(program->string(), arguments.data(), what, out[1], report[1], parent);
    out_write.close();
    report_write.close();

    int reason = 0;
    ssize_t count = 0;
    while ((count = ::read(report[0], &reason, sizeof reason)) < 0 && errno == EINTR) {
    }
    if (count == 0) {
        const descriptor handle{static_cast<int>(::syscall(SYS_pidfd_open, id, 0))};
        ender interrupts{id};
        wait_for(what, out[0], handle, interrupts);
    }
    int ended = 0;
    while (::waitpid(id, &ended, 0) < 0 && errno == EINTR) {
    }
    if (count > 0) return cannot(std::strerror(reason));
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    return ended;
}

} // namespace uk::targets
