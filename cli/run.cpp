// uk run: builds one variant if it has to, and runs it. Ends with the image's own status.
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/build.hpp"
#include "cli/context.hpp"
#include "cli/run_request.hpp"
#include "cli/side_by_side.hpp"
#include "targets/cable.hpp"
#include "targets/runner.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct options : run_options {
    bool dry_run = false, no_build = false;
};

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
    CHECK(choose_ports(request, asked.dry_run));
    if (asked.dry_run) {
        const std::vector<std::string> words = TRY(targets::run_command(request));
        how.print(how.json ? json(words).dump(2) + "\n" : base::join(words, " ") + "\n");
        return 0;
    }
    for (const targets::published_port& one : request.published) how.say(targets::published_text(one));
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
    verb->add_flag("--no-build", asked->no_build, "Run what dist/ holds");
    verb->add_flag("--dry-run", asked->dry_run, "Print the command instead of running it");
    add_run_options(*verb, *asked);
    verb->footer("\nThe exit status is the image's: 0 to 124 its own, 126 a panic, 127 it could not start,\n64 a wrong "
                 "parameter; 125 says that running itself failed.\n"
                 "Several variants run side by side, the name of each in front of its lines, until all have ended; "
                 "the\nstatus is then the first that isn't 0.\n\n"
                 "Examples:\n  uk run --target kvm\n  uk run --target kvm --machine microvm -- --greeting=hi\n  uk run "
                 "--target xen           on Debian's Xen in QEMU, where this machine has no Xen");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return run(how, *asked); }; });
}

} // namespace uk::cli
