// uk run: builds one variant if it has to, and runs it. Ends with the image's own status.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/build.hpp"
#include "cli/context.hpp"
#include "targets/runner.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct options {
    std::string target, machine;
    bool dry_run = false, emulate = false, no_build = false, locked = false, offline = false;
    std::vector<std::string> parameters;
};

// Those without `--target` mean the only variant, or the one named hosted.
result<std::string> variant_of(const context& how, const options& asked) {
    const std::filesystem::path file = how.folder / "uk.yaml";
    const registry::recipe manifest = TRY(registry::parse_manifest(TRY(base::read_file(file)), "uk.yaml"));
    std::vector<std::string> names;
    for (const registry::variant& one : manifest.variants) names.push_back(one.name);
    if (asked.target.empty()) {
        if (names.size() == 1) return names.front();
        if (std::ranges::find(names, "hosted") != names.end()) return std::string{"hosted"};
        return base::error{base::status::usage,
                           "which variant?",
                           {},
                           fmt::format("`uk run --target {}`; there are {}", names.front(), base::join(names, ", "))};
    }
    if (std::ranges::find(names, asked.target) == names.end()) {
        return base::fail(base::status::usage, {}, "uk.yaml has no variant `{}`{}", asked.target,
                          base::did_you_mean(asked.target, names))
            .hint("there are " + base::join(names, ", "));
    }
    return asked.target;
}

result<int> run(context& how, const options& asked) {
    const std::string variant = TRY(variant_of(how, asked));
    if (!asked.no_build)
        TRY(build_variants(how,
                           {.targets = {variant}, .locked = asked.locked, .offline = asked.offline, .quiet = true}));
    targets::run_request request;
    request.folder = how.folder / "dist" / variant;
    const std::filesystem::path description = request.folder / "run.yaml";
    request.how = TRY(targets::read_run_yaml(
        TRY(base::read_file(description).context("reading how `{}` is run", variant)), description.string()));
    request.machine = asked.machine;
    request.parameters = asked.parameters;
    request.emulate = asked.emulate;
    request.cache = TRY(how.home()) / "runners";
    request.data = TRY(how.data_folder());
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
    CLI::App* const verb = app.add_subcommand("run", "Build one variant and run it here");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->target, "A variant of uk.yaml (none: the only one, or hosted)")
        ->type_name("VARIANT");
    verb->add_option("-m,--machine", asked->machine, "Which of the target's machines: q35, microvm")
        ->type_name("MACHINE");
    verb->add_flag("--no-build", asked->no_build, "Run what dist/ holds");
    verb->add_flag("--dry-run", asked->dry_run, "Print the command instead of running it");
    verb->add_flag("--emulate", asked->emulate, "Don't use /dev/kvm");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_option("parameters", asked->parameters, "Boot parameters, behind `--`: --name=value")
        ->type_name("PARAMETER");
    verb->footer("\nThe exit status is the image's: 0 to 124 its own, 126 a panic, 127 it could not start,\n64 a wrong "
                 "parameter; 125 says that running itself failed.\n\n"
                 "Examples:\n  uk run --target kvm\n  uk run --target kvm --machine microvm -- --greeting=hi\n  uk run "
                 "--target xen           on Debian's Xen in QEMU, where this machine has no Xen");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return run(how, *asked); }; });
}

} // namespace uk::cli
