#include "build/sandbox.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::result;
using base::status;

namespace {

constexpr int setup_failed = 250;      // of the process inside, with the reason in the pipe
constexpr std::size_t said_limit = 1 << 20;
constexpr unsigned inside_id = 1000;   // user and group, whoever runs uk

// What the process inside could not do; written into a pipe, read by the parent.
[[noreturn]] void give_up(int report, const char* step, const std::string& about = "") {
    const std::string text = fmt::format("{}{}{}: {}", step, about.empty() ? "" : " ", about, std::strerror(errno));
    [[maybe_unused]] const auto n = ::write(report, text.data(), text.size());
    ::_exit(setup_failed);
}

void write_map(int report, const char* file, const std::string& text) {
    const int f = ::open(file, O_WRONLY | O_CLOEXEC);
    if (f < 0 || ::write(f, text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up(report, "writing", file);
    ::close(f);
}

// `mkdir -p` below the new root, remembering what is there.
class room {
  public:
    room(int report, std::string root) : report_{report}, root_{std::move(root)} {}

    std::string operator()(std::string_view path) const { return root_ + "/" + std::string{path}; }

    void folder(std::string_view path) {
        if (path.empty() || !made_.insert(std::string{path}).second) return;
        if (const auto slash = path.rfind('/'); slash != std::string_view::npos) folder(path.substr(0, slash));
        if (::mkdir((*this)(path).c_str(), 0755) != 0 && errno != EEXIST) give_up(report_, "making the folder", std::string{path});
    }
    void folder_of(std::string_view path) {
        if (const auto slash = path.rfind('/'); slash != std::string_view::npos) folder(path.substr(0, slash));
    }
    // Binds a file or folder of the host, read-only.
    void bind(const std::string& from, std::string_view to) {
        const int tree = static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, from.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
        if (tree < 0) give_up(report_, "opening", from);
        struct mount_attr attributes {};
        attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
        if (from == "/dev/null") attributes.attr_set = MOUNT_ATTR_NOSUID;
        if (::syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0) give_up(report_, "protecting", from);
        struct stat s;
        if (::fstat(tree, &s) != 0) give_up(report_, "looking at", from);
        if (S_ISDIR(s.st_mode)) {
            folder(to);
        } else {
            folder_of(to);
            const int f = ::open((*this)(to).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
            if (f < 0) give_up(report_, "making", std::string{to});
            ::close(f);
        }
        if (::syscall(SYS_move_mount, tree, "", AT_FDCWD, (*this)(to).c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) give_up(report_, "showing", from);
        ::close(tree);
    }

  private:
    int report_;
    std::string root_;
    std::set<std::string> made_;
};

void copy_in(int report, const fs::path& from, const std::string& to, bool executable) {
    const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0) give_up(report, "reading the input", from);
    struct stat s;
    if (::fstat(in, &s) != 0) give_up(report, "reading the input", from);
    const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0755 : 0644);
    if (out < 0) give_up(report, "placing the input", from);
    for (off_t left = s.st_size; left > 0;) {
        const ssize_t n = ::sendfile(out, in, nullptr, static_cast<std::size_t>(left));
        if (n <= 0) give_up(report, "placing the input", from);
        left -= n;
    }
    ::close(in);
    ::close(out);
}

// Debian's /bin, /lib and so on are links into /usr: a path below them means the same below /usr.
std::string below_usr(const std::string& path) {
    for (const char* link : {"/bin/", "/lib/", "/lib64/", "/sbin/"}) {
        if (path.starts_with(link)) return "usr" + path;
    }
    return path.substr(1);
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> result;
    for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_words(const sandbox_request& what) {
    std::vector<std::string> words;
    for (const auto& [name, value] : what.environment) words.push_back(name + "=" + value);
    return words;
}

void redirect(int said) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(said, STDOUT_FILENO);
    ::dup2(said, STDERR_FILENO);
}

// Takes an output out, if it is what it should be: a regular file that lies where it says, through no link.
bool take_out(int build, const std::string& path, int scratch, const std::string& name, int report) {
    struct open_how_t {
        std::uint64_t flags, mode, resolve;
    } how{O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0, 0x04 /* RESOLVE_NO_SYMLINKS */ | 0x08 /* RESOLVE_BENEATH */ | 0x01 /* RESOLVE_NO_XDEV */};
    const int in = static_cast<int>(::syscall(SYS_openat2, build, path.c_str(), &how, sizeof how));
    if (in < 0) return false;
    struct stat s;
    if (::fstat(in, &s) != 0 || !S_ISREG(s.st_mode)) return ::close(in), false;
    const int out = ::openat(scratch, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (s.st_mode & S_IXUSR) ? 0755 : 0644);
    if (out < 0) give_up(report, "keeping the output", path);
    for (off_t left = s.st_size; left > 0;) {
        const ssize_t n = ::sendfile(out, in, nullptr, static_cast<std::size_t>(left));
        if (n <= 0) give_up(report, "keeping the output", path);
        left -= n;
    }
    ::close(in);
    ::close(out);
    return true;
}

// Process 1 of the new namespaces: builds the room, starts the command in it, waits, takes the outputs out.
[[noreturn]] void live_inside(const sandbox_request& what, int report, int said) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int scratch = ::open(what.scratch.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scratch < 0) give_up(report, "opening", what.scratch);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) give_up(report, "making mounts private");
    const std::string root = what.scratch.string();
    if (::mount("uk", root.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=50%,nr_inodes=0") != 0) give_up(report, "mounting a file system in memory");
    room here{report, root};
    here.folder("usr/bin"), here.folder("usr/lib"), here.folder("usr/lib64"), here.folder("build"), here.folder("tmp"), here.folder("dev");
    for (const char* link : {"bin", "lib", "lib64", "sbin"}) {
        if (::symlink((std::string{"usr/"} + link).c_str(), here(link).c_str()) != 0) give_up(report, "making the link", link);
    }
    here.bind("/dev/null", "dev/null");
    for (const fs::path& mount : what.mounts) here.bind(mount, below_usr(mount));
    for (const auto& folder : what.folders) here.bind(folder.from, "build/" + folder.path);
    for (const auto& file : what.files) {
        here.folder_of("build/" + file.path);
        copy_in(report, file.from, here("build/" + file.path), file.executable);
    }
    for (const std::string& output : what.outputs) here.folder_of("build/" + output);
    const int build = ::open(here("build").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (build < 0) give_up(report, "opening", "/build");
    if (::chdir(root.c_str()) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0) give_up(report, "changing the root");
    if (::umount2(".", MNT_DETACH) != 0 || ::chdir("/build") != 0) give_up(report, "leaving the host's root");

    const pid_t child = ::fork();
    if (child < 0) give_up(report, "starting the command");
    if (child == 0) {
        ::setsid(); // no terminal to push characters into
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        ::umask(022);
        redirect(said);
        const auto environment = environment_words(what);
        ::execve(what.arguments[0].c_str(), pointers(what.arguments).data(), pointers(environment).data());
        const std::string text = fmt::format("{}: {}\n", what.arguments[0], std::strerror(errno));
        [[maybe_unused]] const auto n = ::write(STDERR_FILENO, text.data(), text.size());
        ::_exit(127);
    }
    int ended = 0;
    while (true) { // as process 1 we inherit whatever the command leaves behind
        const pid_t pid = ::waitpid(-1, &ended, 0);
        if (pid == child) break;
        if (pid < 0 && errno != EINTR) give_up(report, "waiting for the command");
    }
    ::kill(-1, SIGKILL);
    for (std::size_t i = 0; i < what.outputs.size(); ++i) take_out(build, what.outputs[i], scratch, fmt::format("out{}", i), report);
    const int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    [[maybe_unused]] const auto n = ::write(report, &code, sizeof code);
    ::_exit(0);
}

// Enters the namespaces; its child is process 1 of them.
[[noreturn]] void enter(const sandbox_request& what, int report, int said) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGINT, SIG_IGN); // the parent decides what a Ctrl-C means
    const unsigned user = ::geteuid(), group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) != 0) give_up(report, "making namespaces");
    write_map(report, "/proc/self/setgroups", "deny");
    write_map(report, "/proc/self/uid_map", fmt::format("{} {} 1", inside_id, user));
    write_map(report, "/proc/self/gid_map", fmt::format("{} {} 1", inside_id, group));
    if (::sethostname("uk", 2) != 0 || ::setdomainname("uk", 2) != 0) give_up(report, "naming the host");
    const pid_t first = ::fork();
    if (first < 0) give_up(report, "making the first process");
    if (first == 0) live_inside(what, report, said);
    int ended = 0;
    while (::waitpid(first, &ended, 0) < 0 && errno == EINTR) {}
    ::_exit(WIFEXITED(ended) ? WEXITSTATUS(ended) : setup_failed);
}

std::string read_said(int file) {
    std::string text(said_limit, '\0');
    const ssize_t n = ::pread(file, text.data(), text.size(), 0);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
}

std::string what_allows_it(const std::string& reason) {
    if (reason.starts_with("making namespaces") || reason.starts_with("writing"))
        return "the kernel must let ordinary users make user namespaces: see `sysctl kernel.unprivileged_userns_clone` (1), "
               "`user.max_user_namespaces` (not 0), `kernel.apparmor_restrict_unprivileged_userns` (0); in a container, allow unshare and mount. "
               "`--sandbox=off` builds without protection";
    return "`uk doctor` tries it step by step; `--sandbox=off` builds without protection";
}

// Waits for `child`, ends it on Ctrl-C. Returns its wait status.
result<int> wait_for(pid_t child) {
    int ended = 0;
    bool stopped = false;
    while (true) {
        const pid_t pid = ::waitpid(child, &ended, 0);
        if (pid == child) break;
        if (pid < 0 && errno != EINTR) return base::fail(status::environment, {}, "waiting for a command failed: {}", std::strerror(errno));
        if (base::is_interrupted() && !stopped) {
            stopped = true;
            ::kill(child, SIGKILL); // and with it, by the death signal, everything inside
        }
    }
    if (stopped || base::is_interrupted()) return base::error{status::interrupted, "interrupted"};
    return ended;
}

} // namespace

result<sandbox_result> run_in_sandbox(const sandbox_request& what) {
    std::array<int, 2> report{};
    if (::pipe2(report.data(), O_CLOEXEC) != 0) return base::fail(status::environment, {}, "can't make a pipe: {}", std::strerror(errno));
    const int said = ::open((what.scratch / "said").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (said < 0) return base::fail(status::environment, {what.scratch.string(), 0, 0}, "can't be written: {}", std::strerror(errno));

    const pid_t child = ::fork();
    if (child == 0) enter(what, report[1], said);
    ::close(report[1]);
    const auto ended = child < 0 ? result<int>{base::fail(status::environment, {}, "can't start a process: {}", std::strerror(errno))} : wait_for(child);
    std::string reason(4096, '\0');
    const ssize_t n = ::read(report[0], reason.data(), reason.size());
    reason.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    ::close(report[0]);

    sandbox_result answer;
    answer.said = read_said(said);
    ::close(said);
    if (!ended) return ended.error();
    if (!WIFEXITED(*ended) || WEXITSTATUS(*ended) != 0 || reason.size() != sizeof(int)) {
        if (reason.empty()) reason = "the process inside was killed";
        return base::error{status::environment, "the sandbox can't be set up: " + reason, {}, what_allows_it(reason)};
    }
    std::memcpy(&answer.status, reason.data(), sizeof(int));
    for (std::size_t i = 0; i < what.outputs.size(); ++i) {
        const fs::path place = what.scratch / fmt::format("out{}", i);
        struct stat s;
        if (::lstat(place.c_str(), &s) == 0) answer.outputs.push_back({place, (s.st_mode & S_IXUSR) != 0});
        else answer.outputs.push_back({});
    }
    return answer;
}

result<sandbox_result> run_unprotected(const sandbox_request& what) {
    const fs::path root = what.scratch / "build";
    CHECK(base::make_folders(root));
    for (const auto& folder : what.folders) {
        CHECK(base::make_folders((root / folder.path).parent_path()));
        std::error_code error;
        fs::create_directory_symlink(fs::absolute(folder.from), root / folder.path, error);
        if (error) return base::fail(status::environment, {(root / folder.path).string(), 0, 0}, "can't be made: {}", error.message());
    }
    for (const auto& file : what.files) {
        CHECK(base::make_folders((root / file.path).parent_path()));
        const std::string content = TRY(base::read_file(file.from));
        CHECK(base::write_file(root / file.path, content, file.executable));
    }
    for (const std::string& output : what.outputs) CHECK(base::make_folders((root / output).parent_path()));
    const base::finished ended = TRY(base::run({.arguments = what.arguments, .environment = what.environment, .folder = root, .input = {}}));
    sandbox_result answer{.status = ended.status, .said = ended.output + ended.errors, .outputs = {}};
    for (const std::string& output : what.outputs) {
        struct stat s;
        if (::lstat((root / output).c_str(), &s) == 0 && S_ISREG(s.st_mode)) answer.outputs.push_back({root / output, (s.st_mode & S_IXUSR) != 0});
        else answer.outputs.push_back({});
    }
    return answer;
}

} // namespace uk::build
