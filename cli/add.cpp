// uk add, uk remove: a line of uk.yaml more or less, everything else of it as it was, and the lock after it.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/moves.hpp"
#include "cli/session.hpp"
#include "registry/edit.hpp"
#include "resolver/resolver.hpp"

namespace uk::cli {

using base::json;
using base::result;
using base::status;
namespace fs = std::filesystem;

namespace {

std::string shown(const context& how) { return (how.folder / "uk.yaml").lexically_normal().string(); }

// Writes the manifest and resolves it; if that can't be done, it is as before.
result<json> take(context& how, build::store& store, const std::string& text, bool offline) {
    const fs::path file = how.folder / "uk.yaml";
    const std::string before = TRY(base::read_file(file));
    CHECK(base::write_file(file, text));
    const auto s = session::open(how, store, {.offline = offline, .renew = true});
    if (!s) {
        CHECK(base::write_file(file, before));
        return base::error{s.error()}.add_context("changing uk.yaml, which is as it was");
    }
    return moves_between(s->project.locked.value_or(resolver::lock{}), s->settled.lock);
}

// The version that it would have: the first of any variant.
result<registry::version> version_of(const build::project& project, const registry::dependency& wanted) {
    const registry::recipe manifest = requiring(project.manifest, wanted);
    const auto locked = resolver::part_of(project.locked.value_or(resolver::lock{}), project.application);
    for (const registry::variant& variant : manifest.variants) {
        const auto answer = TRY(resolver::resolve({.manifest = &manifest,
                                                   .components = &project.components,
                                                   .variant = &variant,
                                                   .locked = &locked,
                                                   .update = {}}));
        if (const auto* one = answer.component(wanted.name)) return one->id;
    }
    return *project.components.newest(wanted.name);
}

result<int> add(context& how, const std::string& what, bool offline) {
    const auto at = what.find('@');
    registry::dependency wanted{what.substr(0, at), {}, {"the command line", 0, 0}};
    if (at != std::string::npos) wanted.versions = TRY(registry::parse_requirement(what.substr(at + 1), wanted.where));
    build::store store = TRY(build::store::open(TRY(how.home())));
    const build::project project = TRY(project_now(how, store, offline));
    const std::vector<registry::version> versions = TRY(project.components.known_versions(wanted.name));
    const registry::recipe& newest = TRY(project.components.find(wanted.name, versions.front()))->content;
    if (newest.kind == registry::component_kind::signature)
        return base::fail(status::input, {}, "`{}` is a signature, which instances fill", wanted.name)
            .hint(
                fmt::format("`needs: {{LABEL: {} ^{}}}` in uk.yaml asks for one", wanted.name, newest.id.text_short()));
    if (newest.kind == registry::component_kind::toolchain)
        return base::fail(status::input, {}, "`{}` is a toolchain, which no image has in it", wanted.name)
            .hint(fmt::format("`toolchain: {} ^{}` in uk.yaml asks for it", wanted.name, newest.id.text_short()));
    const registry::version chosen = TRY(version_of(project, wanted));
    const std::string versions_text =
        at == std::string::npos ? fmt::format("^{}", chosen.text_short()) : wanted.versions.text();
    const std::string text = TRY(
        registry::add_require(TRY(base::read_file(how.folder / "uk.yaml")), shown(how), wanted.name, versions_text));
    const json moves = TRY(take(how, store, text, offline));
    how.say(fmt::format("uk.yaml requires `{}: {}`", wanted.name, versions_text));
    if (chosen != versions.front())
        how.say(fmt::format("there is {}: `uk why-not {}@{}`", versions.front().text(), wanted.name,
                            versions.front().text()));
    how.print(how.json ? moves.dump(2) + "\n" : moves_text(moves));
    return 0;
}

result<int> remove(context& how, const std::string& name, bool offline) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const std::string text =
        TRY(registry::remove_require(TRY(base::read_file(how.folder / "uk.yaml")), shown(how), name));
    const json moves = TRY(take(how, store, text, offline));
    how.say(fmt::format("uk.yaml doesn't require `{}` any more", name));
    how.print(how.json ? moves.dump(2) + "\n" : moves_text(moves));
    return 0;
}

struct options {
    std::string what;
    bool offline = false;
};

} // namespace

void add_add(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("add", "Require a component in uk.yaml");
    const auto asked = std::make_shared<options>();
    verb->add_option("component", asked->what, "Its name, and perhaps a requirement of its version")
        ->required()
        ->type_name("COMPONENT[@VERSIONS]");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer(
        "\nWhat is locked stays; the rest of uk.yaml is as it was.\n\nExamples:\n  uk add http\n  uk add http@^0.1");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return add(how, asked->what, asked->offline); }; });
}

void add_remove(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("remove", "Take a component's requirement out of uk.yaml");
    const auto asked = std::make_shared<options>();
    verb->add_option("component", asked->what, "Its name")->required()->type_name("COMPONENT");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer("\nExample:\n  uk remove http");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return remove(how, asked->what, asked->offline); }; });
}

} // namespace uk::cli
