#include "build/sandbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <optional>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/process.hpp"
#include "build/sandbox_outputs.hpp"
#include "build/sandbox_room.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::descriptor;
using base::fail;
using base::result;
using base::status;
using room::message;
using room::script;
using room::step;

namespace {

constexpr std::size_t said_limit = 1 << 20;
constexpr int look_around_ms = 50;   // how soon a Ctrl-C is seen

// Debian's /bin, /lib and so on are links into /usr: a path below them means the same below /usr.
std::string below_usr(const std::string& path) {
    for (const char* link : {"/bin/", "/lib/", "/lib64/", "/sbin/"}) {
        if (path.starts_with(link)) return "usr" + path;
    }
    return path.substr(1);
}

// Writes the script's steps; knows which folders are there already.
class writer {
  public:
    writer(script& to, const std::string& build) : to_{to}, made_{build, "tmp"} {}

    void folder(std::string_view path) {
        if (path.empty() || made_.contains(path)) return;
        folder_of(path);
        made_.emplace(path);
        to_.steps.push_back({step::type::folder, std::string{path}, {}, {}});
    }
    void link(std::string path, std::string target) {
        folder_of(path);
        to_.steps.push_back({step::type::link, std::move(path), std::move(target), {}});
    }
    void file(std::string path, std::string_view content, bool executable, std::int64_t time) {
        folder_of(path);
        to_.steps.push_back({step::type::file, std::move(path), {}, content, executable, false, time});
    }
    void bind(std::string path, const fs::path& from) {
        folder_of(path);
        std::error_code ignored;
        const bool is_folder = fs::is_directory(from, ignored);
        if (is_folder) made_.insert(path);
        to_.steps.push_back({step::type::bind, std::move(path), from.string(), {}, false, is_folder});
    }

  private:
    void folder_of(std::string_view path) {
        if (const auto slash = path.rfind('/'); slash != std::string_view::npos) folder(path.substr(0, slash));
    }

    script& to_;
    std::set<std::string, std::less<>> made_;
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> all;
    for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
    all.push_back(nullptr);
    return all;
}

script make_script(const sandbox_request& what, const std::vector<std::string>& environment) {
    script made;
    made.place = what.place.string();
    const surroundings& around = what.around;
    made.user_map = fmt::format("{} {} 1", around.id, ::geteuid());
    made.group_map = fmt::format("{} {} 1", around.id, ::getegid());
    made.host = around.host;
    made.folder = around.folder;
    if (around.up_for != 0) made.time_offsets = fmt::format("monotonic {0} 0\nboottime {0} 0\n", around.up_for);
    made.mask = around.mask;
    made.one_processor = around.one_processor;
    made.fixed_addresses = around.fixed_addresses;
    if (what.streams) made.streams = *what.streams;
    made.is_terminal = what.is_terminal;
    made.arguments = pointers(what.arguments);
    made.environment = pointers(environment);
    writer to{made, around.folder};
    const std::string build = around.folder + "/";
    for (const char* folder : {"usr/bin", "usr/lib", "usr/lib64", "usr/sbin"}) to.folder(folder);
    for (const char* link : {"bin", "lib", "lib64", "sbin"}) to.link(link, std::string{"usr/"} + link);
    // What GCC looks at to believe PWD=/proc/self/cwd, so that this is what debug information says.
    to.link("proc/self/cwd", "/" + around.folder);
    to.bind("dev/null", "/dev/null");
    for (const fs::path& mount : what.mounts) to.bind(below_usr(mount.string()), mount);
    for (const auto& folder : what.folders) to.bind(build + folder.path, folder.from);
    for (const auto& file : what.files)
        to.file(build + file.path, file.content, file.executable, file.time.value_or(around.file_time));
    for (const std::string& output : what.outputs) {
        if (const auto slash = output.rfind('/'); slash != std::string::npos)
            to.folder(build + output.substr(0, slash));
    }
    for (const std::string& output : what.output_folders) to.folder(build + output);
    for (const std::string& folder : what.empty_folders) to.folder(build + folder);
    made.opened.assign(made.steps.size(), -1);
    return made;
}

std::string what_allows_it(std::string_view doing, int code) {
    if (doing.starts_with("making namespaces") || doing.starts_with("mapping")) {
        if (code == ENOSPC)
            return "the kernel's limit of namespaces is reached: `sysctl user.max_user_namespaces` (and max_mnt_, "
                   "max_net_, "
                   "max_pid_namespaces) must not be 0; `uk build --sandbox=off` builds without protection";
        return "the kernel must let ordinary users make user namespaces: `sysctl kernel.unprivileged_userns_clone=1`, "
               "`sysctl kernel.apparmor_restrict_unprivileged_userns=0` (where there are such); in a container, allow "
               "`unshare` and `mount`; `uk build --sandbox=off` builds without protection";
    }
    if (code == ENOSPC || code == ENOMEM) return "the action's files must fit into half of this machine's memory";
    return "in a container, allow `unshare`, `mount` and `pivot_root`; `uk build --sandbox=off` builds without "
           "protection";
}

base::error refused(std::string_view doing, std::string_view about, int code) {
    return fail(status::environment, {}, "the sandbox can't be set up: {}{}{}: {}", doing, about.empty() ? "" : " ",
                about, std::strerror(code))
        .hint(what_allows_it(doing, code));
}

// Process 1 of a room, and the thread that lends it memory: copying all of uk's for each action would take longer than many an
// action. It uses that thread's local storage (errno is there), so the thread waits, without any signal, until it is gone.
class host {
  public:
    /// `what` stays where it is as long as this lives.
    explicit host(script& what) {
        sigset_t everything, before;
        sigfillset(&everything);
        ::pthread_sigmask(SIG_BLOCK, &everything, &before);
        thread_ = std::jthread{[&] { lend(what); }};
        first_ = started_.get_future().get();
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    /// Negative: errno of what went wrong.
    pid_t first() const { return first_; }
    void wait() { thread_.join(); }

  private:
    void lend(script& what) {
        // A time of its own is the memory's: that of verify's actions is copied.
        const int memory = what.time_offsets.empty() ? CLONE_VM : 0;
        constexpr int rooms = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET;
        alignas(16) std::array<char, 65536> stack;
        const pid_t first = ::clone([](void* of) -> int { room::live(*static_cast<script*>(of)); },
                                    stack.data() + stack.size(), rooms | memory | SIGCHLD, &what);
        started_.set_value(first < 0 ? -errno : first);
        while (first > 0 && ::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
        }
    }

    std::promise<pid_t> started_;
    pid_t first_ = 0;
    std::jthread thread_;
};

// The parent's side of one room: what process 1 and the command say until both are gone.
class watcher {
  public:
    watcher(host& first, descriptor report, descriptor said, int stop)
        : first_{first}, stop_{stop}, report_{std::move(report)}, said_{std::move(said)} {}

    void wait();
    result<sandbox_result> answer(const sandbox_request& what, const script& was);

  private:
    void listen();
    bool drain();

    host& first_;
    const int stop_;
    descriptor report_, said_, build_;
    std::string text_;
    std::optional<message> trouble_;
    std::optional<int> ended_;
    bool stopped_ = false;
};

void watcher::listen() {
    message said{};
    iovec part{&said, sizeof said};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr all{};
    all.msg_iov = &part;
    all.msg_iovlen = 1;
    all.msg_control = control;
    all.msg_controllen = sizeof control;
    const auto count = ::recvmsg(report_.number(), &all, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count != sizeof said) return report_.close();
    if (const cmsghdr* header = CMSG_FIRSTHDR(&all); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(header), sizeof number);
        build_ = descriptor{number};
    }
    if (said.kind == message::type::trouble) trouble_ = said;
    if (said.kind == message::type::ended) ended_ = said.code;
}

// False when nothing is left.
bool watcher::drain() {
    char buffer[16384];
    const auto count = ::read(said_.number(), buffer, sizeof buffer);
    if (count > 0) text_.append(buffer, std::min(static_cast<std::size_t>(count), said_limit - text_.size()));
    return count > 0 || (count < 0 && errno == EINTR);
}

void watcher::wait() {
    bool said_open = true;
    while (report_.is_open()) {
        pollfd watched[3] = {{report_.number(), POLLIN, 0},
                             {said_open ? said_.number() : -1, POLLIN, 0},
                             {stopped_ ? -1 : stop_, POLLIN, 0}};
        const int ready = ::poll(watched, 3, look_around_ms);
        if ((base::is_interrupted() || watched[2].revents != 0) && !stopped_) {
            stopped_ = true;
            ::kill(first_.first(), SIGKILL); // and with it, by the namespace, everything inside
        }
        if (ready <= 0) continue;
        if (watched[1].revents != 0 && !drain()) said_open = false;
        if (watched[0].revents != 0) listen();
    }
    // When this returns, nothing in the room lives any more, whatever the command left behind.
    first_.wait();
    while (said_open && drain()) {
    }
}

result<sandbox_result> watcher::answer(const sandbox_request& what, const script& was) {
    if (stopped_ || base::is_interrupted()) return base::error{status::interrupted, "interrupted"};
    if (trouble_) {
        const auto at = static_cast<std::size_t>(trouble_->at);
        std::string about;
        if (trouble_->at >= 0) about = was.steps[at].kind == step::type::bind ? was.steps[at].from : was.steps[at].to;
        return refused(trouble_->doing, about, trouble_->code);
    }
    if (!ended_ || !build_.is_open()) {
        return base::error{status::environment,
                           "the sandbox ended before its command did",
                           {},
                           "was it killed because memory ran out? `dmesg` says so"};
    }
    sandbox_result done;
    done.status = *ended_;
    done.said = std::move(text_);
    if (done.status == 0) take_outputs(build_.number(), what, done);
    if (done.status == 0 && what.note_reads) done.read = files_read(build_.number(), what);
    return done;
}

} // namespace

result<sandbox_result> run_in_sandbox(const sandbox_request& what) {
    std::vector<std::string> environment;
    for (const auto& [name, value] : what.environment) environment.push_back(name + "=" + value);
    script prepared = make_script(what, environment);

    std::array<int, 2> both{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both.data()) != 0)
        return refused("making a socket", "", errno);
    descriptor report{both[0]}, their_report{both[1]};
    if (::pipe2(both.data(), O_CLOEXEC) != 0) return refused("making a pipe", "", errno);
    descriptor said{both[0]}, their_said{both[1]};
    ::fcntl(said.number(), F_SETFL, O_NONBLOCK);
    prepared.report = their_report.number();
    prepared.said = their_said.number();

    host first{prepared};
    if (first.first() < 0) return refused("making namespaces", "", -first.first());
    their_report.close();
    their_said.close();

    watcher here{first, std::move(report), std::move(said), what.stop};
    here.wait();
    return here.answer(what, prepared);
}

} // namespace uk::build
