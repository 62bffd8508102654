// uk shell: enters the sandbox of an action.
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/enter.hpp"
#include "build/request.hpp"
#include "build/schedule.hpp"
#include "build/shell.hpp"
#include "cli/action_name.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::result;

namespace {

struct options {
    std::string action;
    std::vector<std::string> targets, command;
};

result<int> enter(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {}));
    const build::plan plan = TRY(s.plan_of(asked.targets));
    const build::forecast seen = TRY(build::look_ahead(plan, s.tools, store, true));
    const std::vector<std::size_t> found = TRY(find_actions(plan, seen, asked.action));
    const std::size_t index = found.front();
    if (found.size() > 1)
        how.say(fmt::format("of {} actions with this name, {}; the variant in front of the name tells them apart",
                            found.size(), base::printable(name_of(plan.actions[index]))));

    // What it reads is made first; itself it doesn't run.
    build::plan before = build::part_for(plan, index);
    const build::action mine = before.actions.back();
    before.actions.pop_back();
    build::outcome done = TRY(s.execute(before, 0, true));
    before.actions.push_back(mine);
    done.actions.emplace_back();
    const std::size_t last = before.actions.size() - 1;
    build::key_finder keys{before, s.tools, store, true};
    const build::keyed_action key = TRY(keys.key_of(last, done.actions));
    build::shared_contents shared; // the request's files are views of these
    std::deque<std::string> own;
    build::sandbox_request room =
        TRY(build::make_request({before, s.tools, store, done.actions, shared}, last, key, own));
    CHECK(store.flush());
    if (asked.command.empty())
        how.say(fmt::format("{}\nnothing that is done here stays; the command is\n{}", base::printable(name_of(mine)),
                            base::printable(build::shell_line(mine.arguments))));
    return build::enter(std::move(room), asked.command);
}

} // namespace

void add_shell(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("shell", "Enter an action's sandbox");
    const auto asked = std::make_shared<options>();
    verb->add_option("action", asked->action, "Its digest, or a part of its name as `uk plan` and progress show it")
        ->required()
        ->type_name("ACTION");
    verb->add_option("-t,--target", asked->targets, "Only of this variant of uk.yaml")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->add_option("command", asked->command, "What to run there instead of a shell, behind `--`")
        ->type_name("COMMAND");
    verb->footer(
        "\nThe action's inputs, environment and toolchain are there as when it runs, and beside them a shell and "
        "ordinary\ntools. What it reads of other actions is built before. The exit status is that of the shell or "
        "of the command.\n\nExamples:\n  uk shell 'compile main.cpp' -t kvm\n  uk shell 'compile main.cpp' -- ls -lR "
        ".");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return enter(how, *asked); }; });
}

} // namespace uk::cli
