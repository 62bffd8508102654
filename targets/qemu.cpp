#include "targets/qemu.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "targets/cable.hpp"
#include "targets/child.hpp"
#include "targets/console.hpp"
#include "targets/kvm_probe.hpp"
#include "targets/output.hpp"

namespace uk::targets {

using base::error;
using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

constexpr int exit_port = 0x501; // isa-debug-exit; kernel/kvm/end.cpp writes the status there

// Why the machine stopped: `reason` of the event SHUTDOWN (qapi/run-state.json, ShutdownCause). Empty: it wasn't said.
std::string shutdown_reason(std::string_view events) {
    const auto word = [](const json& in, const char* key) {
        const auto at = in.find(key);
        return at != in.end() && at->is_string() ? at->get<std::string>() : std::string{};
    };
    for (const std::string_view line : base::split(events, '\n')) {
        const json event = json::parse(line, nullptr, false);
        if (!event.is_object() || word(event, "event") != "SHUTDOWN") continue;
        const auto data = event.find("data");
        if (data != event.end() && data->is_object()) return word(*data, "reason");
    }
    return "";
}

// A virtio card for each of the image's, on QEMU's own network or a TAP interface; on the former the first gets what comes to
// published ports.
void add_cards(std::vector<std::string>& words, const run_request& what, const std::string& machine) {
    const std::vector<tap_cable> cables = plan_cables(what);
    for (std::size_t i = 0; i < what.how.cards.size(); ++i) {
        std::string network = fmt::format("user,id=net{}", i);
        if (what.tap) network = fmt::format("tap,id=net{},ifname={},script=no,downscript=no", i, cables[i].interface);
        for (const published_port& one : what.published) {
            if (i > 0 || what.tap) break;
            network += fmt::format(",hostfwd={}:{}:{}-:{}", one.guest.udp ? "udp" : "tcp", one.address,
                                   one.here ? one.here : one.guest.number, one.guest.number);
        }
        // A card's own boot code would need another package, and nothing boots from it.
        const std::string card = machine == "microvm" ? "virtio-net-device" : "virtio-net-pci,romfile=";
        const auto comma = card.find(',');
        words.insert(words.end(), {"-netdev", network, "-device",
                                   fmt::format("{},netdev=net{}{}", card.substr(0, comma), i,
                                               comma == std::string::npos ? "" : card.substr(comma))});
    }
}

} // namespace

result<std::vector<std::string>> qemu_command(const run_request& what) {
    const auto& machines = what.how.machines;
    const std::string machine = !what.machine.empty() ? what.machine : machines.empty() ? "" : machines.front();
    if (std::ranges::find(machines, machine) == machines.end())
        return fail(status::usage, {}, "the target has no machine `{}`{}", machine,
                    base::did_you_mean(machine, machines))
            .hint("there are " + base::join(machines, ", "));
    const std::string program = "qemu-system-" + what.how.architecture;
    if (!base::find_program(program))
        return error{
            status::environment, fmt::format("`{}` isn't there", program), {}, "sudo apt-get install qemu-system-x86"};
    const std::string accelerator = what.emulate || !kvm_works() ? "tcg" : "kvm";
    std::vector<std::string> words = {program,
                                      "-machine",
                                      machine,
                                      "-accel",
                                      accelerator,
                                      "-cpu",
                                      "max",
                                      "-m",
                                      fmt::format("{}k", std::max<std::uint64_t>(what.how.memory >> 10, 2048)),
                                      "-nodefaults",
                                      "-no-user-config",
                                      "-no-reboot",
                                      "-display",
                                      "none",
                                      "-serial",
                                      "stdio",
                                      "-device",
                                      fmt::format("isa-debug-exit,iobase={:#x},iosize=1", exit_port),
                                      "-kernel",
                                      (what.folder / what.how.image).string()};
    add_cards(words, what, machine);
    if (const std::string line = command_line(boot_parameters(what)); !line.empty())
        words.insert(words.end(), {"-append", line});
    return words;
}

// isa-debug-exit makes of the value v the status 2v + 1; v is never 0, so that 1 is a failure of QEMU's own.
qemu_end read_qemu_end(int wait_status, std::string_view events, int said) {
    if (WIFSIGNALED(wait_status)) return {running_failed, fmt::format("QEMU died of signal {}", WTERMSIG(wait_status))};
    const int code = WEXITSTATUS(wait_status);
    if (code > 1 && code % 2 == 1) return {code / 2, ""};
    if (code != 0) return {running_failed, "QEMU failed"};
    const std::string reason = shutdown_reason(events);
    if (reason == "guest-reset") return {machine_reset, "the machine was reset: the image died of a triple fault"};
    if (reason.starts_with("host-")) return {running_failed, "QEMU was told to end"};
    return {said, ""};
}

result<qemu_end> run_qemu(const run_request& what) {
    std::vector<std::string> words = TRY(qemu_command(what));
    std::array<int, 2> monitor{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, monitor.data()) != 0)
        return fail(status::environment, {}, "can't make a socket: {}", std::strerror(errno));
    // Events come once capabilities are agreed on (docs/interop/qmp-spec.txt); the machine waits for that, else one that is
    // reset at once would end unseen.
    constexpr std::string_view hello = "{\"execute\": \"qmp_capabilities\"}\n{\"execute\": \"cont\"}\n";
    const bool greeted = ::write(monitor[0], hello.data(), hello.size()) == static_cast<ssize_t>(hello.size());
    if (greeted)
        words.insert(words.end(), {"-S", "-chardev", fmt::format("socket,id=monitor,fd={}", monitor[1]), "-mon",
                                   "chardev=monitor,mode=control"});
    output_filter filter;
    const auto ended = run_at_terminal(
        {.words = words, .output = filter.sink(), .descriptor = monitor[1], .namespaces = what.namespaces});
    ::close(monitor[1]);
    std::string events;
    std::array<char, 4096> buffer;
    // All that it said is here already; the other end may still be open in something that it started.
    for (ssize_t n; (n = ::recv(monitor[0], buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;)
        events.append(buffer.data(), static_cast<std::size_t>(n));
    ::close(monitor[0]);
    const int wait_status = TRY(ended);
    return read_qemu_end(wait_status, events, filter.finish());
}

} // namespace uk::targets
