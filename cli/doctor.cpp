// uk doctor: what this machine has, and the command that installs what is missing.
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "build/engine.hpp"
#include "build/toolchain.hpp"
#include "build/workspace.hpp"
#include "cli/context.hpp"
#include "targets/kvm_probe.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct finding {
    std::string what, for_what, detail, remedy;
    bool ok = false, needed = true;
};

finding program(const std::string& name, const std::string& for_what, const std::string& package) {
    const auto found = base::find_program(name);
    return {name,
            for_what,
            found ? found->string() : "isn't there",
            found ? "" : "sudo apt-get install " + package,
            found.has_value(),
            false};
}

// What uk.yaml of this folder says, if there is one that can be read.
std::optional<registry::dependency> named_toolchain(const context& how) {
    if (const auto around = build::find_workspace(how.folder); around && *around) return (*around)->content.toolchain;
    const auto text = base::read_file(how.folder / "uk.yaml", 4 << 20);
    if (!text) return std::nullopt;
    const auto manifest = registry::parse_manifest(*text, "uk.yaml");
    return manifest ? manifest->toolchain : std::nullopt;
}

finding compiler(const context& how, build::store& store) {
    if (const auto named = named_toolchain(how))
        return {"compiler", "uk build", fmt::format("`{}` {}, as uk.yaml says", named->name, named->versions.text()),
                "", true};
    const auto tools = build::find_toolchain(store);
    if (!tools)
        return {"compiler", "uk build", tools.error().diagnostics().front().message,
                tools.error().diagnostics().front().hint, false};
    return {"compiler", "uk build", fmt::format("{} {} for {}", tools->name, tools->version, tools->architecture), "",
            true};
}

finding sandbox() {
    const auto works = build::check_sandbox();
    if (!works)
        return {"sandbox", "uk build", works.error().diagnostics().front().message,
                works.error().diagnostics().front().hint, false};
    return {"sandbox", "uk build", "namespaces of its own", "", true};
}

finding io_uring() {
    // With no parameters: EFAULT where it exists, ENOSYS or EPERM where it doesn't.
    const long r = ::syscall(SYS_io_uring_setup, 1, nullptr);
    const bool works = r >= 0 || errno == EFAULT;
    return {"io_uring", "hosted images", works ? "available" : "forbidden here: images use epoll instead",
            "",         works,           false};
}

finding kvm() {
    const bool works = targets::kvm_works();
    return {"/dev/kvm", "uk run", works ? "works" : "doesn't work here: QEMU emulates, which is slower",
            "",         works,    false};
}

result<int> doctor(context& how) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    std::vector<finding> all = {compiler(how, store),
                                sandbox(),
                                program("patch", "sources with patches", "patch"),
                                program("qemu-system-x86_64", "uk run --target kvm and xen", "qemu-system-x86"),
                                program("cpio", "uk run --target xen", "cpio"),
                                program("xz", "uk run --target xen", "xz-utils"),
                                program("apt-get", "sources from Debian", "apt"),
                                io_uring(),
                                kvm()};
    bool good = true;
    json list = json::array();
    std::string text;
    for (const finding& one : all) {
        good = good && (one.ok || !one.needed);
        list.push_back({{"what", one.what},
                        {"ok", one.ok},
                        {"needed", one.needed},
                        {"for", one.for_what},
                        {"detail", one.detail},
                        {"remedy", one.remedy}});
        text += fmt::format("{:<7} {:<19} {:<28} {}\n",
                            one.ok       ? "ok"
                            : one.needed ? "missing"
                                         : "without",
                            one.what, one.for_what, one.detail);
        if (!one.ok && !one.remedy.empty()) text += fmt::format("{:<8}{}\n", "", one.remedy);
    }
    how.print(how.json ? list.dump(2) + "\n" : text);
    return good ? 0 : static_cast<int>(base::status::environment);
}

} // namespace

void add_doctor(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("doctor", "Say what this machine lacks, and what installs it");
    verb->footer("\nStatus 7 if something that `uk build` needs is missing.\n\nExample:\n  uk doctor");
    verb->callback([&chosen] { chosen = doctor; });
}

} // namespace uk::cli
