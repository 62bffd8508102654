#include "targets/runner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace uk::targets {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr int running_failed = 125;
constexpr int qemu_exit_port = 0x501; // isa-debug-exit; kernel/kvm writes the status there

// Parameters as one line, as images read it (uk/parameters.hpp): words with spaces in quotes.
std::string command_line(const run_request& what) {
    std::string line;
    for (const auto* list : {&what.how.parameters, &what.parameters}) {
        for (const std::string& word : *list) {
            line += line.empty() ? "" : " ";
            line += word.find(' ') == std::string::npos ? word : "\"" + word + "\"";
        }
    }
    return line;
}

bool can_use_kvm() {
    const int file = ::open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (file < 0) return false;
    constexpr unsigned long get_api_version = 0xAE00; // KVM_GET_API_VERSION, Documentation/virt/kvm/api.rst
    const bool usable = ::ioctl(file, get_api_version, 0) == 12;
    ::close(file);
    return usable;
}

result<std::vector<std::string>> qemu_command(const run_request& what) {
    const std::string program = "qemu-system-" + what.how.architecture;
    if (!base::find_program(program)) return error{status::environment, fmt::format("`{}` isn't there", program), {}, "sudo apt-get install qemu-system-x86"};
    const auto& machines = what.how.machines;
    const std::string machine = !what.machine.empty() ? what.machine : machines.empty() ? "q35" : machines.front();
    if (std::ranges::find(machines, machine) == machines.end())
        return fail(status::usage, {}, "the target has no machine `{}`{}", machine, base::did_you_mean(machine, machines)).hint("there are " + base::join(machines, ", "));
    const std::string accelerator = what.emulate || !can_use_kvm() ? "tcg" : "kvm";
    std::vector<std::string> words = {program, "-machine", machine, "-accel", accelerator, "-cpu", "max", "-m", fmt::format("{}k", std::max<std::uint64_t>(what.how.memory >> 10, 2048)),
                                      "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio", "-device",
                                      fmt::format("isa-debug-exit,iobase={:#x},iosize=1", qemu_exit_port), "-kernel", (what.folder / what.how.image).string()};
    if (const std::string line = command_line(what); !line.empty()) words.insert(words.end(), {"-append", line});
    return words;
}

result<std::vector<std::string>> xen_command(const run_request& what) {
    const fs::path tool = what.data / "targets/xen-in-qemu/xen-in-qemu";
    if (!fs::exists(tool)) return error{status::environment, "the runner for Xen isn't where uk was installed", {tool.string(), 0, 0}, "install uk whole: `cmake --install`"};
    const std::string name = fs::path{what.how.image}.stem().string();
    std::vector<std::string> words = {tool.string(), "run", (what.cache / "xen-in-qemu").string(), (what.folder / what.how.image).string(), (what.folder / (name + ".xl")).string()};
    if (const std::string line = command_line(what); !line.empty()) words.push_back(line);
    return words;
}

// Gives the terminal back as it was, whatever the program behind it did to it.
class terminal_guard {
  public:
    terminal_guard() { known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0; }
    ~terminal_guard() {
        if (known_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    terminal_guard(const terminal_guard&) = delete;
    terminal_guard& operator=(const terminal_guard&) = delete;

  private:
    termios before_{};
    bool known_ = false;
};

// Hands text on without carriage returns, and remembers the last line: a status may be said there.
class console_filter {
  public:
    void take(std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (c == '\r') continue;
            out += c;
            if (c == '\n') last_ = std::exchange(line_, {});
            else if (line_.size() < 256) line_ += c;
        }
        for (std::string_view left = out; !left.empty();) {
            const ssize_t n = ::write(STDOUT_FILENO, left.data(), left.size());
            if (n < 0 && errno != EINTR) return;
            if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    /// Of `uk: exit status N`; 0 if it isn't said.
    int said_status() const {
        constexpr std::string_view form = "uk: exit status ";
        const std::string& line = line_.empty() ? last_ : line_;
        return line.starts_with(form) ? std::atoi(line.c_str() + form.size()) : 0;
    }

  private:
    std::string line_, last_;
};

struct ended {
    int wait_status = 0;
    int said = 0;
};

// Runs it with our standard input, its output through the filter. Ctrl-C reaches it through the terminal, too.
result<ended> run_filtered(const std::vector<std::string>& words) {
    std::array<int, 2> out{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0) return fail(status::environment, {}, "can't make a pipe: {}", std::strerror(errno));
    const terminal_guard guard;
    const pid_t child = ::fork();
    if (child < 0) return fail(status::environment, {}, "can't start a process: {}", std::strerror(errno));
    if (child == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::signal(SIGPIPE, SIG_DFL);
        std::vector<char*> pointers;
        for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
        pointers.push_back(nullptr);
        ::execvp(pointers[0], pointers.data());
        ::_exit(127);
    }
    ::close(out[1]);
    console_filter filter;
    std::array<char, 4096> buffer;
    bool asked = false;
    while (true) {
        if (base::is_interrupted() && !asked) {
            asked = true;
            ::kill(child, SIGTERM);
        }
        const ssize_t n = ::read(out[0], buffer.data(), buffer.size());
        if (n > 0) filter.take({buffer.data(), static_cast<std::size_t>(n)});
        else if (n == 0 || errno != EINTR) break;
    }
    ::close(out[0]);
    ended e;
    while (::waitpid(child, &e.wait_status, 0) < 0 && errno == EINTR) {
        if (base::is_interrupted()) ::kill(child, SIGTERM);
    }
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    e.said = filter.said_status();
    return e;
}

// isa-debug-exit makes of the value v the status 2v + 1; a power-off is 0 (then the console's last line may say more).
int qemu_status(const ended& e) {
    if (!WIFEXITED(e.wait_status)) return running_failed;
    const int code = WEXITSTATUS(e.wait_status);
    if (code == 0) return e.said;
    if (code == 1 && e.said == 0) return running_failed; // QEMU's own failures; the value 0 is never written
    return code / 2;
}

result<int> run_process(const run_request& what) {
    const fs::path image = fs::absolute(what.folder / what.how.image);
    std::vector<std::string> words{image.string()};
    words.insert(words.end(), what.how.parameters.begin(), what.how.parameters.end());
    words.insert(words.end(), what.parameters.begin(), what.parameters.end());
    const pid_t child = ::fork();
    if (child < 0) return fail(status::environment, {}, "can't start a process: {}", std::strerror(errno));
    if (child == 0) {
        std::vector<char*> pointers;
        for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
        pointers.push_back(nullptr);
        ::execv(pointers[0], pointers.data());
        ::_exit(running_failed);
    }
    int wait_status = 0;
    while (::waitpid(child, &wait_status, 0) < 0 && errno == EINTR) {
        if (base::is_interrupted()) ::kill(child, SIGTERM);
    }
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

} // namespace

result<std::vector<std::string>> run_command(const run_request& what) {
    if (!fs::exists(what.folder / what.how.image))
        return fail(status::input, {(what.folder / what.how.image).string(), 0, 0}, "the image isn't there").hint("`uk build` makes it");
    if (what.how.runner != "qemu" && !what.machine.empty())
        return fail(status::usage, {}, "this variant runs on no machine of QEMU's; leave `--machine` out");
    if (what.how.runner == "qemu") return qemu_command(what);
    if (what.how.runner == "xen") return xen_command(what);
    if (what.how.runner != "process") return fail(status::input, {}, "this uk doesn't know the runner `{}`", what.how.runner);
    std::vector<std::string> words{(what.folder / what.how.image).string()};
    words.insert(words.end(), what.how.parameters.begin(), what.how.parameters.end());
    words.insert(words.end(), what.parameters.begin(), what.parameters.end());
    return words;
}

result<int> run(const run_request& what) {
    const std::vector<std::string> words = TRY(run_command(what));
    if (what.how.runner == "process") return run_process(what);
    if (what.how.runner == "qemu") return qemu_status(TRY(run_filtered(words)));

    // Xen: what the guest says last is its status; without it, anything but a power-off is the runner's trouble.
    CHECK(base::make_folders(what.cache));
    const ended e = TRY(run_filtered(words));
    if (e.said != 0) return e.said;
    return WIFEXITED(e.wait_status) && WEXITSTATUS(e.wait_status) == 0 ? 0 : running_failed;
}

} // namespace uk::targets
