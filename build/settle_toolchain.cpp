// Which toolchain a project is built with. It is chosen apart from what is in images: by its own requirement alone.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/project.hpp"

namespace uk::build {

using base::fail;
using base::result;
using base::status;

namespace {

// The locked version while it will do, else the newest that isn't yanked.
result<registry::version> choose(const project& what, const registry::dependency& wanted, const settle_options& how) {
    auto known = what.components.known_versions(wanted.name);
    if (!known) return fail(status::input, wanted.where, "{}", known.error().diagnostics().front().message);
    std::erase_if(*known, [&](const registry::version& one) { return !wanted.versions.matches(one); });
    const bool moves = std::ranges::find(how.update, wanted.name) != how.update.end();
    if (what.locked && what.locked->toolchain && what.locked->toolchain->name == wanted.name && !moves) {
        for (const registry::version& one : *known)
            if (one.text() == what.locked->toolchain->version) return one;
    }
    const auto is_yanked = [&](const registry::version& one) {
        return what.components.yanked(wanted.name, one) != nullptr;
    };
    if (const auto newest = std::ranges::find_if_not(*known, is_yanked); newest != known->end()) return *newest;
    std::vector<std::string> all;
    for (const registry::version& one : what.components.versions(wanted.name)) all.push_back(one.text());
    return fail(status::unsolvable, wanted.where, "no version of the toolchain `{}` is {}", wanted.name,
                wanted.versions.text())
        .hint("there is " + base::join(all, ", "));
}

} // namespace

result<toolchain> settle_toolchain(project& what, store& into, const settle_options& how) {
    const auto& wanted = what.manifest.toolchain;
    if (!wanted) return find_toolchain(into);
    const registry::entry* found = TRY(what.components.find(wanted->name, TRY(choose(what, *wanted, how))));
    if (!found->content.compiler)
        return fail(status::input, wanted->where, "`{}` is of kind `{}`, and a toolchain is wanted", wanted->name,
                    registry::kind_name(found->content.kind));
    what.toolchain = found;
    return toolchain_of(
        *found, TRY(registry::fetch(
                    *found, {.store = into.home() / "sources", .offline = how.offline, .progress = how.progress})));
}

} // namespace uk::build
