#include "build/terminal.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace uk::build {

using base::descriptor;
using base::result;

namespace {

constexpr int look_at_size_ms = 100;

base::error refused(const char* doing) {
    return base::fail(base::status::environment, {}, "a terminal for the shell can't be made: {}: {}", doing,
                      std::strerror(errno));
}

} // namespace

struct inner_terminal::state {
    descriptor ours, theirs, stop_read, stop_write;
    termios before{};
    winsize size{};
    std::jthread relay;

    void follow_size() {
        winsize now{};
        if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &now) != 0 || std::memcmp(&now, &size, sizeof now) == 0) return;
        size = now;
        ::ioctl(ours.number(), TIOCSWINSZ, &size);
    }

    // False when there is nothing more.
    static bool pass(int from, int to) {
        char buffer[4096];
        const auto count = ::read(from, buffer, sizeof buffer);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
        return count > 0 && base::write_all(to, {buffer, static_cast<std::size_t>(count)}) == 0;
    }

    void run() {
        pollfd all[] = {{STDIN_FILENO, POLLIN, 0}, {ours.number(), POLLIN, 0}, {stop_read.number(), POLLIN, 0}};
        while (true) {
            follow_size();
            if (::poll(all, 3, look_at_size_ms) < 0 && errno != EINTR) return;
            if (all[0].revents != 0 && !pass(STDIN_FILENO, ours.number())) all[0].fd = -1;
            if (all[1].revents != 0 && !pass(ours.number(), STDOUT_FILENO)) return;
            if (all[1].revents == 0 && all[2].revents != 0) return; // all that was printed has been shown
        }
    }
};

inner_terminal::inner_terminal(std::unique_ptr<state> s) : state_{std::move(s)} {}
inner_terminal::inner_terminal(inner_terminal&&) noexcept = default;

inner_terminal::~inner_terminal() {
    if (!state_) return;
    state_->stop_write.close();
    state_->relay.join();
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &state_->before);
}

result<inner_terminal> inner_terminal::open() {
    auto s = std::make_unique<state>();
    s->ours = descriptor{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (!s->ours.is_open() || ::grantpt(s->ours.number()) != 0 || ::unlockpt(s->ours.number()) != 0)
        return refused("opening one");
    char name[128];
    if (::ptsname_r(s->ours.number(), name, sizeof name) != 0) return refused("naming it");
    s->theirs = descriptor{::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)};
    int both[2];
    if (!s->theirs.is_open() || ::pipe2(both, O_CLOEXEC) != 0) return refused("opening its other side");
    s->stop_read = descriptor{both[0]};
    s->stop_write = descriptor{both[1]};
    if (::tcgetattr(STDIN_FILENO, &s->before) != 0) return refused("reading how this one is set");
    ::tcsetattr(s->theirs.number(), TCSANOW, &s->before);
    s->follow_size();
    termios raw = s->before;
    ::cfmakeraw(&raw);
    if (::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) return refused("setting this one");
    state* const here = s.get();
    s->relay = std::jthread{[here] { here->run(); }};
    return inner_terminal{std::move(s)};
}

int inner_terminal::command_side() const { return state_->theirs.number(); }

} // namespace uk::build
