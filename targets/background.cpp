#include "targets/background.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.hpp"
#include "targets/listening.hpp"

namespace uk::targets {

using base::descriptor;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::chrono::milliseconds patience{5000}; // child.cpp kills an image that doesn't listen sooner

[[noreturn]] void live(const run_request& what, pid_t parent, const sigset_t& signals) {
    base::renew_interrupts();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM); // which ends the image and then this
    ::sigprocmask(SIG_SETMASK, &signals, nullptr);
    if (::getppid() != parent) ::_exit(running_failed);
    const result<int> ended = run(what);
    if (!ended && ended.error().kind() != status::interrupted) {
        const std::string text = base::render(ended.error(), false);
        std::fwrite(text.data(), 1, text.size(), stderr);
    }
    ::_exit(ended ? *ended : running_failed);
}

} // namespace

result<background> background::start(const run_request& what) {
    std::fflush(nullptr); // else the copy would say it, too
    sigset_t everything, before;
    sigfillset(&everything);
    ::sigprocmask(SIG_BLOCK, &everything, &before);
    const pid_t parent = ::getpid(), id = ::fork();
    const int reason = errno;
    if (id == 0) live(what, parent, before);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (id < 0) return fail(status::environment, {}, "the image can't be started: {}", std::strerror(reason));
    return background{id, descriptor{static_cast<int>(::syscall(SYS_pidfd_open, id, 0))}};
}

background::background(background&& other) noexcept
    : id_{std::exchange(other.id_, -1)}, handle_{std::move(other.handle_)} {}

background::~background() { end(); }

int background::wait() {
    int ended = 0;
    while (::waitpid(id_, &ended, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    handle_.close();
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
}

void background::end() {
    if (id_ < 0) return;
    const std::set<std::string> sockets = sockets_of(id_);
    ::kill(id_, SIGTERM);
    using clock = std::chrono::steady_clock;
    pollfd watched{handle_.number(), POLLIN, 0};
    for (const auto begin = clock::now(); watched.revents == 0;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(begin + patience - clock::now());
        if (left.count() <= 0) {
            ::kill(id_, SIGKILL);
            break;
        }
        ::poll(&watched, 1, static_cast<int>(left.count()));
    }
    wait();
    wait_until_gone(sockets, patience);
}

} // namespace uk::targets
