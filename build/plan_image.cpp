// The actions that make the image of the objects: archive, link, strip; and the files of the bundle.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/file.hpp"
#include "build/image_note.hpp"
#include "build/planner.hpp"
#include "targets/bundle.hpp"

namespace uk::build {

using base::fail;
using base::result;

namespace {

constexpr std::size_t most_alone = 256; // objects of the application
constexpr unsigned char boundary = 4; // of 256: an archive has 64 members on average

object add_archive(planner& p, const std::string& component, const std::string& name, std::span<const object> members) {
    const std::string path = fmt::format("lib/{}.a", name);
    action a;
    a.component = component;
    a.label = "archive " + name + ".a";
    a.arguments = {p.what.tools->ar, "rcsD", path};
    for (const object& one : members) {
        a.arguments.push_back(one.path);
        a.inputs.push_back({one.path, one.from});
    }
    a.outputs = {path};
    return {path, {p.add(std::move(a)), path}};
}

// Objects of C code, as one archive for each component: linked only where something asks for them.
std::vector<object> add_archives(planner& p) {
    std::map<std::string, std::vector<object>> by_component;
    for (const object& one : p.objects) {
        if (one.library) by_component[p.result.actions[one.from.action].component].push_back(one);
    }
    std::vector<object> archives;
    for (auto& [component, members] : by_component) {
        std::ranges::sort(members, {}, &object::path);
        archives.push_back(add_archive(p, component, component, members));
    }
    return archives;
}

// An application of many objects is linked from archives of some, all of whose members go in, in the same order: when one object changes, the
// linker isn't given each of the others. Where an archive ends, the member's own path says, so that a new file moves no others.
void gather_objects(planner& p) {
    constexpr std::string_view place = "obj/application/";
    const auto is_own = [&](const object& one) { return one.path.starts_with(place); };
    const auto first = std::ranges::find_if(p.objects, is_own);
    const auto last = std::ranges::find_if_not(first, p.objects.end(), is_own);
    if (static_cast<std::size_t>(last - first) <= most_alone) return;
    std::vector<object> gathered{p.objects.begin(), first};
    for (auto at = first; at != last;) {
        auto end = std::next(at);
        while (end != last && base::digest_of(end->path).hash.bytes[0] >= boundary) ++end;
        const std::string name = "application/" + at->path.substr(place.size());
        gathered.push_back(add_archive(p, "application", name, {at, end}));
        gathered.back().whole = true;
        at = end;
    }
    gathered.insert(gathered.end(), last, p.objects.end());
    p.objects = std::move(gathered);
}

} // namespace

std::vector<object> planner::add_note_and_archives() {
    std::map<std::string, base::sha256> trees;
    for (const auto& [component, tree] : what.sources) trees[component] = tree.tree;
    const generated_file note = note_source(image_note(image, answer_digest(*what.answer, trees)));
    action assemble;
    assemble.component = "image";
    assemble.label = "note";
    assemble.arguments = {what.tools->c, "-c", "gen/note.S", "-o", "obj/image/note.o"};
    assemble.inputs = {{"gen/note.S", build::generated{note.content}}};
    assemble.outputs = {"obj/image/note.o"};
    objects.push_back({"obj/image/note.o", {add(std::move(assemble)), "obj/image/note.o"}});

    std::ranges::sort(objects, {}, &object::path);
    std::vector<object> archives = add_archives(*this);
    gather_objects(*this);
    return archives;
}

result<void> planner::add_link(const std::string& label, const std::vector<object>& archives,
                               const std::string& folder) {
    const registry::recipe& target = recipe(what.answer->target);
    action link;
    link.component = "image";
    link.label = label;
    link.keep_errors = true;
    link.arguments = link_flags(flags);
    if (!target.target->layout.empty()) {
        const std::filesystem::path layout =
            what.answer->component(what.answer->target)->entry->folder / target.target->layout;
        if (!std::filesystem::is_regular_file(layout)) {
            return fail(base::status::input, target.where, "the layout `{}` of target `{}` isn't beside its recipe",
                        target.target->layout, target.name);
        }
        link.inputs.push_back({"layout.ld", host_file{layout}});
        link.arguments.push_back("-Wl,-T,layout.ld");
    }
    link.arguments.insert(link.arguments.end(), {"-o", "image"});
    for (const object& one : objects) {
        if (one.library) continue;
        if (one.whole) link.arguments.push_back("-Wl,--whole-archive");
        link.arguments.push_back(one.path);
        if (one.whole) link.arguments.push_back("-Wl,--no-whole-archive");
        link.inputs.push_back({one.path, one.from});
    }
    link.arguments.push_back("-Wl,--start-group");
    for (const object& one : archives) {
        link.arguments.push_back(one.path);
        link.inputs.push_back({one.path, one.from});
    }
    link.arguments.insert(link.arguments.end(), {what.tools->library_folder + "/libgcc.a", "-Wl,--end-group"});
    link.outputs = {"image"};
    const std::size_t linked = add(std::move(link));

    action strip;
    strip.component = "image";
    strip.label = "strip";
    strip.arguments = {what.tools->strip, "-s", "-R", ".comment", "-o", "stripped", "image"};
    strip.inputs = {{"image", output_of{linked, "image"}, true}};
    strip.outputs = {"stripped"};
    const std::size_t stripped = add(std::move(strip));

    const targets::run_configuration how = targets::configure_run(*what.manifest, *what.variant, *what.answer);
    result.results.push_back({folder + how.image, output_of{stripped, "stripped"}, true});
    result.results.push_back({folder + what.manifest->name + ".debug", output_of{linked, "image"}, true});
    result.results.push_back({folder + "run.yaml", build::generated{targets::write_run_yaml(how)}});
    if (std::ranges::find(target.target->package, "xl") != target.target->package.end())
        result.results.push_back(
            {folder + what.manifest->name + ".xl", build::generated{targets::write_xl(how, what.manifest->name)}});
    std::ranges::sort(result.results, {}, &result_file::path);
    return {};
}

result<void> planner::add_image() { return add_link("link", add_note_and_archives(), what.variant->name + "/"); }

} // namespace uk::build
