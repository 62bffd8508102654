// uk run: builds one variant if it has to, and runs it. Ends with the image's own status.
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/build.hpp"
#include "cli/context.hpp"
#include "cli/side_by_side.hpp"
#include "targets/cable.hpp"
#include "targets/runner.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct options {
    std::string machine;
    bool all = false, dry_run = false, emulate = false, no_build = false, tap = false, locked = false, offline = false;
    std::vector<std::string> targets, parameters, publish;
};

// Those without `--target` mean the only variant, or the one named hosted.
result<std::vector<std::string>> variants_of(const context& how, const options& asked) {
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

// Where the image is reached. A process has this machine's own network: what it listens on is there without our help.
result<void> find_ports(const context& how, targets::run_request& request, bool dry_run) {
    const bool forwarded = !request.how.cards.empty() && (request.how.runner == "qemu" || request.tap);
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
    for (targets::published_port& one : request.published) {
        if (!forwarded) one.here = one.guest.number;
        how.say(targets::published_text(one));
    }
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

result<targets::run_request> request_of(const context& how, const options& asked, const std::string& variant) {
    targets::run_request request;
    request.folder = how.folder / "dist" / variant;
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

// Each variant is a `uk run` of its own; what differs between them, the ports of this machine, is chosen here.
result<int> run_several(context& how, const options& asked, const std::vector<std::string>& variants) {
    std::vector<targets::run_request> requests;
    std::set<std::uint16_t> taken;
    for (const std::string& variant : variants) {
        requests.push_back(TRY(request_of(how, asked, variant)));
        for (const targets::published_port& one : requests.back().published) {
            if (one.here != 0)
                return base::fail(base::status::usage, {}, "{} variants can't share the port {}", variants.size(),
                                  one.here)
                    .hint(fmt::format("`--publish {}` takes one for each", registry::port_text(one.guest)));
        }
        if (requests.back().how.runner != "process" || requests.back().tap) continue;
        for (const registry::port& one : requests.back().how.ports) taken.insert(one.number);
    }
    std::error_code error;
    const std::string program = std::filesystem::read_symlink("/proc/self/exe", error).string();
    std::vector<named_program> programs;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        std::vector<std::string> words = {program, "-C", how.folder.string(), "run", "--no-build", "-t", variants[i]};
        if (asked.emulate) words.push_back("--emulate");
        if (asked.dry_run) words.push_back("--dry-run");
        if (requests[i].tap) words.push_back("--tap");
        const targets::run_configuration& configuration = requests[i].how;
        if (configuration.runner == "qemu" && !asked.machine.empty())
            words.insert(words.end(), {"--machine", asked.machine});
        if ((configuration.runner == "qemu" || requests[i].tap) && !configuration.cards.empty()) {
            const auto ports =
                TRY(targets::choose_ports(targets::all_published(requests[i].published, configuration.ports), taken));
            for (const targets::published_port& one : ports) {
                taken.insert(one.here);
                words.insert(words.end(), {"--publish", targets::publish_argument(one)});
            }
        }
        words.push_back("--");
        words.insert(words.end(), asked.parameters.begin(), asked.parameters.end());
        programs.push_back({variants[i], std::move(words)});
    }
    const std::vector<int> statuses = TRY(run_side_by_side(programs, how.colour));
    int first = 0;
    json list = json::array();
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (first == 0) first = statuses[i];
        list.push_back({{"variant", variants[i]}, {"status", statuses[i]}});
        if (statuses[i] != 0) how.say(fmt::format("{} ended with status {}", variants[i], statuses[i]));
    }
    if (how.json) how.print(list.dump(2) + "\n");
    return first;
}

result<int> run(context& how, const options& asked) {
    const std::vector<std::string> variants = TRY(variants_of(how, asked));
    if (!asked.no_build)
        TRY(build_variants(how,
                           {.targets = variants, .locked = asked.locked, .offline = asked.offline, .quiet = true}));
    if (variants.size() > 1) return run_several(how, asked, variants);
    const std::string variant = variants.front();
    targets::run_request request = TRY(request_of(how, asked, variant));
    if (asked.tap && !request.tap) return no_tap(request.how, variant);
    TRY(find_ports(how, request, asked.dry_run));
    if (asked.dry_run) {
        const std::vector<std::string> words = TRY(targets::run_command(request));
        how.print(how.json ? json(words).dump(2) + "\n" : base::join(words, " ") + "\n");
        return 0;
    }
    const int status = TRY(targets::run(request));
    if (how.json) how.print(json{{"variant", variant}, {"status", status}}.dump(2) + "\n");
    return status;
}

} // namespace

void add_run(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("run", "Build variants and run them here");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml (none: the only one, or hosted); may be given several times")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->add_flag("--all", asked->all, "Every variant of uk.yaml, side by side");
    verb->add_option("-m,--machine", asked->machine, "Which of the target's machines: q35, microvm")
        ->type_name("MACHINE");
    verb->add_option(
            "-p,--publish", asked->publish,
            "A port of this machine for one of the image: 8080, 18080:8080, 0.0.0.0:80:8080, …/udp; may be given "
            "several times")
        ->type_name("PORT")
        ->allow_extra_args(false);
    verb->add_flag("--tap", asked->tap, "A network of its own with this machine, on a TAP interface; needs no root");
    verb->add_flag("--no-build", asked->no_build, "Run what dist/ holds");
    verb->add_flag("--dry-run", asked->dry_run, "Print the command instead of running it");
    verb->add_flag("--emulate", asked->emulate, "Don't use /dev/kvm");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_option("parameters", asked->parameters, "Boot parameters, behind `--`: --name=value")
        ->type_name("PARAMETER");
    verb->footer("\nThe exit status is the image's: 0 to 124 its own, 126 a panic, 127 it could not start,\n64 a wrong "
                 "parameter; 125 says that running itself failed.\n"
                 "Several variants run side by side, the name of each in front of its lines, until all have ended; "
                 "the\nstatus is then the first that isn't 0.\n\n"
                 "Examples:\n  uk run --target kvm\n  uk run --target kvm --machine microvm -- --greeting=hi\n  uk run "
                 "--target xen           on Debian's Xen in QEMU, where this machine has no Xen");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return run(how, *asked); }; });
}

} // namespace uk::cli
