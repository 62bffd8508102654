#include "cli/run_request.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "targets/cable.hpp"

namespace uk::cli {

using base::result;

void add_run_options(CLI::App& verb, run_options& asked) {
    verb.add_option("-m,--machine", asked.machine, "Which of the target's machines: q35, microvm")
        ->type_name("MACHINE");
    verb.add_option(
            "-p,--publish", asked.publish,
            "A port of this machine for one of the image: 8080, 18080:8080, 0.0.0.0:80:8080, …/udp; may be given "
            "several times")
        ->type_name("PORT")
        ->allow_extra_args(false);
    verb.add_flag("--tap", asked.tap, "A network of its own with this machine, on a TAP interface; needs no root");
    verb.add_flag("--emulate", asked.emulate, "Don't use /dev/kvm");
    verb.add_flag("--locked", asked.locked, "Fail instead of changing uk.lock");
    verb.add_flag("--offline", asked.offline, "Fetch nothing");
    verb.add_option("parameters", asked.parameters, "Boot parameters, behind `--`: --name=value")
        ->type_name("PARAMETER");
}

// Those without `--target` mean the only variant, or the one named hosted.
result<std::vector<std::string>> variants_of(const context& how, const run_options& asked) {
    const std::filesystem::path file = how.folder / "uk.yaml";
    const registry::recipe manifest = TRY(registry::parse_manifest(TRY(base::read_file(file)), "uk.yaml"));
    std::vector<std::string> names;
    for (const registry::variant& one : manifest.variants) names.push_back(one.name);
    if (asked.all) return names;
    if (asked.targets.empty()) {
        if (names.size() == 1) return names;
        if (std::ranges::find(names, "hosted") != names.end()) return std::vector<std::string>{"hosted"};
        return base::error{base::status::usage,
                           "which variant?",
                           {},
                           fmt::format("`uk run --target {}`; there are {}", names.front(), base::join(names, ", "))};
    }
    std::vector<std::string> chosen;
    for (const std::string& one : asked.targets) {
        if (std::ranges::find(names, one) == names.end()) {
            return base::fail(base::status::usage, {}, "uk.yaml has no variant `{}`{}", one,
                              base::did_you_mean(one, names))
                .hint("there are " + base::join(names, ", "));
        }
        if (std::ranges::find(chosen, one) == chosen.end()) chosen.push_back(one);
    }
    return chosen;
}

// A process has this machine's own network: what it listens on is there without our help.
static bool is_forwarded(const targets::run_request& request) {
    return !request.how.cards.empty() && (request.how.runner == "qemu" || request.tap);
}

result<void> choose_ports(targets::run_request& request, bool dry_run) {
    const bool forwarded = is_forwarded(request);
    if (!forwarded && !request.published.empty())
        return base::error{base::status::usage,
                           "there is nothing to publish a port of",
                           {},
                           request.how.runner == "process"
                               ? "a process is reached where it listens: leave `--publish` out"
                               : "`--publish` is for images with a network card, in QEMU"};
    if (!forwarded && request.how.runner != "process") return {};
    request.published = targets::all_published(request.published, request.how.ports);
    if (dry_run) return {};
    if (forwarded) request.published = TRY(targets::choose_ports(request.published));
    else
        for (targets::published_port& one : request.published) one.here = one.guest.number;
    return {};
}

bool has_tap(const targets::run_configuration& how) { return how.runner != "xen" && !how.cards.empty(); }

base::error no_tap(const targets::run_configuration& how, const std::string& variant) {
    if (how.runner == "xen")
        return base::error{base::status::usage, "Xen's guests have no TAP interface here", {}, "leave `--tap` out"};
    return base::fail(base::status::usage, {}, "the variant `{}` has no network card for `--tap`", variant)
        .hint(how.runner == "process"
                  ? "a process is on this machine's own network, unless its variant says `use: {LABEL: inet}`"
                  : "a card comes with a need of `net.stack` or `net.device`");
}

result<targets::run_request> request_of(const context& how, const run_options& asked, const std::string& variant,
                                        const std::filesystem::path& dist) {
    targets::run_request request;
    request.folder = (dist.empty() ? how.folder / "dist" : dist) / variant;
    const std::filesystem::path description = request.folder / "run.yaml";
    request.how = TRY(targets::read_run_yaml(
        TRY(base::read_file(description).context("reading how `{}` is run", variant)), description.string()));
    request.machine = asked.machine;
    request.parameters = asked.parameters;
    request.emulate = asked.emulate;
    request.tap = targets::needs_tap(request) || (asked.tap && has_tap(request.how));
    request.cache = TRY(how.home()) / "runners";
    request.data = TRY(how.data_folder());
    for (const std::string& text : asked.publish) request.published.push_back(TRY(targets::parse_publish(text)));
    return request;
}

} // namespace uk::cli
