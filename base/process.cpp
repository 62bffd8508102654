#include "base/process.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/text.hpp"

namespace uk::base {

namespace {

using clock = std::chrono::steady_clock;

// A signal handler can reach nothing else than statics. The descriptor stays readable once a signal came, so that every
// poll of every thread sees it.
std::atomic<int> interrupts{0};
std::atomic<int> interrupt_event{-1};
std::atomic<int> ending_at_once{0};
std::atomic<std::int64_t> first_interrupt{0}; // milliseconds

// One Ctrl-C may come twice, to the process and to its group, as `timeout` sends it.
constexpr std::int64_t one_interrupt = 200; // milliseconds

void on_interrupt(int) {
    const int saved = errno;
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const std::int64_t time = now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
    std::int64_t none = 0;
    first_interrupt.compare_exchange_strong(none, time);
    ++interrupts;
    const bool again = time - first_interrupt.load() > one_interrupt;
    if (again || ending_at_once.load() > 0) ::_exit(static_cast<int>(status::interrupted));
    const std::uint64_t one = 1;
    if (::write(interrupt_event, &one, sizeof one) < 0) errno = saved;
    errno = saved;
}

struct pipe_ends {
    descriptor read, write;

    bool make() {
        int both[2];
        if (::pipe2(both, O_CLOEXEC) != 0) return false;
        read = descriptor{both[0]};
        write = descriptor{both[1]};
        return true;
    }
};

// Everything that the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct prepared {
    std::string program, folder;
    std::vector<char*> arguments, environment;
    std::vector<std::string> environment_text;
    bool own_group = false;
    int input = -1, output = -1, errors = -1, report = -1;
};

[[noreturn]] void become(const prepared& what, pid_t parent) {
    const auto give_up = [&] {
        const int reason = errno;
        if (::write(what.report, &reason, sizeof reason) < 0) ::_exit(127);
        ::_exit(127);
    };
    // No orphans, even if uk is killed. The parent may be gone already.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    if (what.own_group) ::setpgid(0, 0);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGHUP}) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (!what.folder.empty() && ::chdir(what.folder.c_str()) != 0) give_up();
    if (what.input >= 0 && ::dup2(what.input, 0) < 0) give_up();
    if (what.output >= 0 && ::dup2(what.output, 1) < 0) give_up();
    if (what.errors >= 0 && ::dup2(what.errors, 2) < 0) give_up();
    ::execve(what.program.c_str(), what.arguments.data(), what.environment.data());
    give_up();
    __builtin_unreachable();
}

error cannot_start(const command& what, std::string_view why) {
    return fail(status::environment, {}, "can't start `{}`: {}", what.arguments.empty() ? "" : what.arguments[0], why);
}

result<prepared> prepare(const command& what) {
    if (what.arguments.empty()) return error{status::internal, "a command without a program"};
    prepared made;
    made.program = what.arguments[0];
    if (made.program.find('/') == std::string::npos) {
        const auto found = find_program(made.program);
        if (!found) return cannot_start(what, "it is not in PATH");
        made.program = found->string();
    }
    made.folder = what.folder.string();
    made.own_group = !what.inherit_output;
    for (const auto& argument : what.arguments) made.arguments.push_back(const_cast<char*>(argument.c_str()));
    made.arguments.push_back(nullptr);
    if (what.environment) {
        for (const auto& [name, value] : *what.environment) made.environment_text.push_back(name + "=" + value);
        for (auto& one : made.environment_text) made.environment.push_back(one.data());
    } else {
        for (char** one = environ; *one != nullptr; ++one) made.environment.push_back(*one);
    }
    made.environment.push_back(nullptr);
    return made;
}

// A memory file needs no writer beside it, and raises no SIGPIPE when the child doesn't read it.
descriptor open_input(const command& what) {
    if (what.input.empty()) return descriptor{what.inherit_output ? -1 : ::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    descriptor made{::memfd_create("input", MFD_CLOEXEC)};
    std::string_view rest = what.input;
    while (made.is_open() && !rest.empty()) {
        const auto count = ::write(made.number(), rest.data(), rest.size());
        if (count < 0 && errno != EINTR) return descriptor{};
        if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    }
    ::lseek(made.number(), 0, SEEK_SET);
    return made;
}

// Reads what is there; false at the end.
bool drain(const descriptor& from, std::string& into) {
    char buffer[16384];
    const auto count = ::read(from.number(), buffer, sizeof buffer);
    if (count > 0) into.append(buffer, static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

// A running child: waits for its end while its output is read, and ends it when it has to.
class child {
  public:
    child(pid_t id, bool own_group, int timeout_seconds)
        : id_{id}, own_group_{own_group}, handle_{static_cast<int>(::syscall(SYS_pidfd_open, id, 0))} {
        if (timeout_seconds > 0) deadline_ = clock::now() + std::chrono::seconds{timeout_seconds};
    }

    bool timed_out() const { return timed_out_; }

    finished wait(descriptor& output, descriptor& errors) {
        finished done;
        bool ended = false;
        while (!ended || output.is_open() || errors.is_open()) {
            // When the child is gone, only what is already in the pipes counts: a daemon that it left may hold them open.
            pollfd watched[4] = {{output.number(), POLLIN, 0},
                                 {errors.number(), POLLIN, 0},
                                 {ended ? -1 : handle_.number(), POLLIN, 0},
                                 {told_to_end_ ? -1 : interrupt_event.load(), POLLIN, 0}};
            const int ready = ::poll(watched, 4, ended ? 0 : patience());
            if (ready < 0 && errno != EINTR) break;
            if (ready == 0 && ended) break;
            if (ready > 0) {
                if (watched[0].revents && !drain(output, done.output)) output.close();
                if (watched[1].revents && !drain(errors, done.errors)) errors.close();
                if (watched[2].revents) ended = true;
            }
            if (!ended) end_if_due();
        }
        if (own_group_) ::kill(-id_, SIGKILL); // whatever it left behind
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
        }
        done.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return done;
    }

  private:
    int patience() const {
        if (!deadline_) return -1;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*deadline_ - clock::now()).count() + 1;
        return static_cast<int>(std::max<long long>(0, std::min<long long>(left, 1'000'000)));
    }

    void end_if_due() {
        const bool due = deadline_ && clock::now() >= *deadline_;
        if (!due && !(is_interrupted() && !told_to_end_)) return;
        if (told_to_end_) {
            signal(SIGKILL);
            deadline_.reset();
            return;
        }
        timed_out_ = due;
        signal(SIGTERM);
        told_to_end_ = true;
        deadline_ = clock::now() + std::chrono::seconds{1};
    }

    void signal(int number) const { ::kill(own_group_ ? -id_ : id_, number); }

    pid_t id_;
    bool own_group_;
    descriptor handle_;
    std::optional<clock::time_point> deadline_;
    bool told_to_end_ = false, timed_out_ = false;
};

} // namespace

result<finished> run(const command& what) {
    prepared ready = TRY(prepare(what));
    pipe_ends output, errors, report;
    const descriptor input = open_input(what);
    const bool has_input = input.is_open() || (what.inherit_output && what.input.empty());
    if (!has_input || !report.make() || (!what.inherit_output && (!output.make() || !errors.make())))
        return cannot_start(what, std::strerror(errno));
    ready.input = input.number();
    ready.output = output.write.number();
    ready.errors = errors.write.number();
    ready.report = report.write.number();

    const pid_t parent = ::getpid();
    const pid_t id = ::fork();
    if (id < 0) return cannot_start(what, std::strerror(errno));
    if (id == 0) become(ready, parent);
    if (ready.own_group) ::setpgid(id, id); // both sides do: whoever comes first
    output.write.close();
    errors.write.close();
    report.write.close();

    int reason = 0;
    ssize_t count = 0;
    while ((count = ::read(report.read.number(), &reason, sizeof reason)) < 0 && errno == EINTR) {
    }
    if (count == sizeof reason) {
        while (::waitpid(id, nullptr, 0) < 0 && errno == EINTR) {
        }
        return cannot_start(what, std::strerror(reason));
    }
    child running{id, ready.own_group, what.timeout_seconds};
    auto done = running.wait(output.read, errors.read);
    if (running.timed_out())
        return fail(status::environment, {}, "`{}` did not end within {} seconds", what.arguments[0],
                    what.timeout_seconds);
    return done;
}

std::optional<std::filesystem::path> find_program(const std::string& name) {
    const auto is_program = [](const std::filesystem::path& file) {
        std::error_code problem;
        return std::filesystem::is_regular_file(file, problem) && ::access(file.c_str(), X_OK) == 0;
    };
    if (name.empty()) return std::nullopt;
    if (name.find('/') != std::string::npos)
        return is_program(name) ? std::optional{std::filesystem::path{name}} : std::nullopt;
    const char* folders = std::getenv("PATH");
    for (auto folder : split(folders ? folders : "/usr/local/bin:/usr/bin:/bin", ':')) {
        if (folder.empty()) continue; // the current folder is never searched
        const auto file = std::filesystem::path{folder} / name;
        if (is_program(file)) return file;
    }
    return std::nullopt;
}

void catch_interrupts() {
    if (interrupt_event.load() >= 0) return;
    interrupt_event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct sigaction action{};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool is_interrupted() { return interrupts.load() > 0; }

int interrupt_number() { return interrupt_event.load(); }

void renew_interrupts() {
    const int shared = interrupt_event.exchange(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (shared >= 0) ::close(shared);
    interrupts = 0;
    first_interrupt = 0;
}

at_once::at_once() { ++ending_at_once; }
at_once::~at_once() { --ending_at_once; }

} // namespace uk::base
