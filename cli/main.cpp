// uk: reads the command line, calls one verb, renders what went wrong, ends with its status.
#include <array>
#include <cstdio>
#include <cstdlib>

#include <malloc.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/process.hpp"
#include "cli/complete.hpp"
#include "cli/context.hpp"
#include "cli/errors.hpp"
#include "cli/version.hpp"
#include "cli/workspace.hpp"

namespace {

using namespace uk;

constexpr std::array<cli::verb_adder, 27> verbs = {
    cli::add_init,    cli::add_lock,       cli::add_add,     cli::add_remove, cli::add_update,  cli::add_outdated,
    cli::add_check,   cli::add_build,      cli::add_plan,    cli::add_log,    cli::add_shell,   cli::add_verify,
    cli::add_archive, cli::add_run,        cli::add_dev,     cli::add_test,   cli::add_inspect, cli::add_graph,
    cli::add_tree,    cli::add_why,        cli::add_why_not, cli::add_solve,  cli::add_targets, cli::add_cache,
    cli::add_doctor,  cli::add_completion, cli::add_man};

constexpr const char* footer =
    "\nExamples:\n"
    "  uk init site && cd site       a new application\n"
    "  uk build                      build it for every target of uk.yaml\n"
    "  uk run --target kvm           run it in a virtual machine\n"
    "\nState lives in $UK_HOME, else in $XDG_CACHE_HOME/uk, else in ~/.cache/uk.\n"
    "Exit statuses: 0 done, 1 failed, 2 usage, 3 wrong input, 4 no resolution, 5 source, 6 lock out of date,\n"
    "7 this machine lacks something, 130 interrupted; `uk run` ends with the image's own,\n"
    "`uk shell` with the shell's.";

} // namespace

int main(int count, char** words) {
    // What is kept of builds is long and read, changed and written: room that was given back would come as new pages.
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    cli::context context;
    context.terminal = isatty(STDERR_FILENO) && std::getenv("TERM") && std::string_view{std::getenv("TERM")} != "dumb";
    const char* no_colour = std::getenv("NO_COLOR");
    context.colour = context.terminal && !(no_colour && *no_colour);

    CLI::App app{"uk builds an operating system around an application", "uk"};
    app.set_version_flag("--version", cli::version_text);
    app.require_subcommand(1);
    app.fallthrough();
    app.option_defaults()->always_capture_default(false);
    app.add_option("-C", context.folder, "Work in this folder")->type_name("DIR");
    app.add_option("-p,--project", context.project, "Work on this application of a workspace")
        ->type_name("APPLICATION");
    app.add_flag("--json", context.json, "Print the result as JSON");
    app.footer(footer);
    cli::verb chosen;
    for (const cli::verb_adder add : verbs) add(app, chosen);

    // What the scripts of `uk completion` ask; no verb, because the words behind it are another command line's.
    if (count > 2 && std::string_view{words[1]} == "complete" && std::string_view{words[2]} == "--") {
        context.print(cli::complete(app, context, {words + 3, words + count}));
        return 0;
    }

    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& problem) {
        if (problem.get_exit_code() == 0) return app.exit(problem); // --help, --version
        return cli::report(context, cli::usage_error(app, problem, {words + 1, words + count}));
    }

    base::catch_interrupts();
    const base::result<int> ended = cli::in_workspace(context, app.get_subcommands().front()->get_name(), chosen);
    if (!ended) return cli::report(context, ended.error());
    return *ended;
}
