#include "build/sandbox_room.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace uk::build::room {

namespace {

constexpr const char* memory_limits = "mode=0755,size=50%,nr_inodes=1048576";

void send(int to, const message& what, int attached = -1) {
    iovec part{const_cast<message*>(&what), sizeof what};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr all{};
    all.msg_iov = &part;
    all.msg_iovlen = 1;
    if (attached >= 0) {
        all.msg_control = control;
        all.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&all);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &attached, sizeof attached);
    }
    if (::sendmsg(to, &all, MSG_NOSIGNAL) < 0) ::_exit(1); // nobody is waiting any more
}

class builder {
  public:
    explicit builder(script& what) : what_{what} {}

    void enter();
    void make();
    void leave_host();
    [[noreturn]] void run();

  private:
    [[noreturn]] void give_up(const char* doing, int at = -1) {
        message trouble{message::type::trouble, errno, at};
        std::strncpy(trouble.doing, doing, sizeof trouble.doing - 1);
        send(what_.report, trouble);
        ::_exit(1);
    }
    void close_others();
    void write_map(const char* file, std::string_view text, const char* doing);
    void limit_processors();
    void open_binds();
    void mount_memory(const char* at);
    void make_file(const step& one, int at);
    void show(const step& one, int at);
    [[noreturn]] void become_command();

    script& what_;
    int build_ = -1;
};

void builder::close_others() {
    std::array kept{what_.report, what_.said, what_.streams[0], what_.streams[1], what_.streams[2]};
    std::ranges::sort(kept);
    unsigned next = 0;
    for (const int one : kept) {
        if (one < 0) continue;
        const auto number = static_cast<unsigned>(one);
        if (number > next) ::syscall(SYS_close_range, next, number - 1, 0);
        next = number + 1;
    }
    ::syscall(SYS_close_range, next, ~0u, 0);
}

void builder::write_map(const char* file, std::string_view text, const char* doing) {
    const int f = ::open(file, O_WRONLY | O_CLOEXEC);
    if (f < 0 || ::write(f, text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up(doing);
    ::close(f);
}

void builder::enter() {
    ::setsid(); // a Ctrl-C is the parent's business
    close_others();
    write_map("/proc/self/setgroups", "deny", "mapping users");
    write_map("/proc/self/uid_map", what_.user_map, "mapping users");
    write_map("/proc/self/gid_map", what_.group_map, "mapping users");
    if (!what_.time_offsets.empty()) { // for processes made from now on
        if (::unshare(CLONE_NEWTIME) != 0) give_up("making a time namespace");
        write_map("/proc/self/timens_offsets", what_.time_offsets, "setting the time since boot");
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // and with this process, by the namespace, everything in the room
    ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
    if (::sethostname(what_.host.data(), what_.host.size()) != 0 ||
        ::setdomainname(what_.host.data(), what_.host.size()) != 0)
        give_up("naming the host");
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) give_up("making mounts private");
}

// Before the root is mounted: it may hide them.
void builder::open_binds() {
    for (std::size_t i = 0; i < what_.steps.size(); ++i) {
        const step& one = what_.steps[i];
        if (one.kind != step::type::bind) continue;
        const auto at = static_cast<int>(i);
        const auto flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | static_cast<unsigned>(AT_RECURSIVE);
        const int tree = static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, one.from.c_str(), flags));
        if (tree < 0) give_up("opening", at);
        mount_attr protection{};
        protection.attr_set = MOUNT_ATTR_NOSUID | (one.from == "/dev/null" ? 0 : MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV);
        if (::syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &protection, sizeof protection) != 0)
            give_up("protecting", at);
        what_.opened[i] = tree;
    }
}

void builder::mount_memory(const char* at) {
    if (::mount("uk", at, "tmpfs", MS_NOSUID | MS_NODEV, memory_limits) != 0)
        give_up("mounting a file system in memory");
}

void builder::make_file(const step& one, int at) {
    const int to =
        ::open(one.to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, one.executable ? 0555 : 0444);
    if (to < 0) give_up("placing the input", at);
    for (std::string_view left = one.content; !left.empty();) {
        const auto count = ::write(to, left.data(), left.size());
        if (count < 0) give_up("placing the input", at);
        left.remove_prefix(static_cast<std::size_t>(count));
    }
    const timespec times[2] = {{one.time, 0}, {one.time, 0}};
    if (::futimens(to, times) != 0) give_up("placing the input", at);
    ::close(to);
}

void builder::show(const step& one, int at) {
    if (!one.is_folder) {
        const int file = ::open(one.to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0444);
        if (file < 0) give_up("making a place for", at);
        ::close(file);
    } else if (::mkdir(one.to.c_str(), 0755) != 0 && errno != EEXIST) {
        give_up("making a place for", at);
    }
    const int tree = what_.opened[static_cast<std::size_t>(at)];
    if (::syscall(SYS_move_mount, tree, "", AT_FDCWD, one.to.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        give_up("showing", at);
    ::close(tree);
}

void builder::make() {
    ::umask(0022);
    open_binds();
    mount_memory(what_.place.c_str());
    if (::chdir(what_.place.c_str()) != 0) give_up("entering the room");
    for (const char* folder : {what_.folder.c_str(), "tmp"}) {
        if (::mkdir(folder, 0755) != 0) give_up("making the room");
        mount_memory(folder);
    }
    for (std::size_t i = 0; i < what_.steps.size(); ++i) {
        const step& one = what_.steps[i];
        const auto at = static_cast<int>(i);
        switch (one.kind) {
        case step::type::folder:
            if (::mkdir(one.to.c_str(), 0755) != 0 && errno != EEXIST) give_up("making a folder", at);
            break;
        case step::type::link:
            if (::symlink(one.from.c_str(), one.to.c_str()) != 0) give_up("making a link", at);
            break;
        case step::type::file: make_file(one, at); break;
        case step::type::bind: show(one, at); break;
        }
    }
}

void builder::leave_host() {
    if (::syscall(SYS_pivot_root, ".", ".") != 0) give_up("changing the root");
    if (::umount2(".", MNT_DETACH) != 0 || ::chdir("/") != 0) give_up("leaving the host's root");
    mount_attr read_only{};
    read_only.attr_set = MOUNT_ATTR_RDONLY;
    if (::syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &read_only, sizeof read_only) != 0)
        give_up("protecting the root");
    if (::chdir(what_.folder.c_str()) != 0) give_up("entering the folder");
    build_ = ::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (build_ < 0) give_up("opening the folder");
}

void builder::limit_processors() {
    cpu_set_t all, first;
    CPU_ZERO(&first);
    if (::sched_getaffinity(0, sizeof all, &all) != 0) return;
    int cpu = 0;
    while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &all)) ++cpu;
    CPU_SET(cpu, &first);
    ::sched_setaffinity(0, sizeof first, &first);
}

void builder::become_command() {
    ::setsid(); // no terminal to push characters into
    const struct sigaction usual{};
    for (int signal = 1; signal < SIGRTMIN; ++signal) ::sigaction(signal, &usual, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    constexpr rlimit no_core{0, 0}, processes{1024, 1024};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::setrlimit(RLIMIT_NPROC, &processes); // counted in this user namespace alone
    if (what_.one_processor) limit_processors();
    if (what_.fixed_addresses) ::personality(ADDR_NO_RANDOMIZE);
    ::umask(what_.mask);
    const bool own = what_.streams[0] >= 0;
    ::dup2(own ? what_.streams[0] : ::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(own ? what_.streams[1] : what_.said, STDOUT_FILENO);
    ::dup2(own ? what_.streams[2] : what_.said, STDERR_FILENO);
    if (what_.is_terminal) ::ioctl(STDIN_FILENO, TIOCSCTTY, 0);
    ::syscall(SYS_close_range, 3u, ~0u, 0);
    ::execve(what_.arguments[0], what_.arguments.data(), what_.environment.data());
    const char* reason = std::strerror(errno);
    for (const char* text : {static_cast<const char*>(what_.arguments[0]), ": ", reason, "\n"}) {
        if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) break;
    }
    ::_exit(127);
}

void builder::run() {
    const pid_t child = ::vfork(); // until it is the command it borrows our memory, which is uk's
    if (child < 0) give_up("starting the command");
    if (child == 0) become_command();
    ::close(what_.said);
    int ended = 0;
    while (true) { // as process 1 we inherit whatever the command leaves behind
        const pid_t pid = ::waitpid(-1, &ended, 0);
        if (pid == child) break;
        if (pid < 0 && errno != EINTR) give_up("waiting for the command");
    }
    send(what_.report, {message::type::ended, WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended)}, build_);
    ::_exit(0); // what is left is killed with the namespace
}

} // namespace

void live(script& what) {
    builder here{what};
    here.enter();
    here.make();
    here.leave_host();
    here.run();
}

} // namespace uk::build::room
