#include "cli/action_name.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::cli {

using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::size_t least_digits = 8, listed = 10;

} // namespace

bool is_digest(std::string_view name) {
    return name.size() >= least_digits && name.size() <= 64 &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

result<std::vector<std::size_t>> find_actions(const build::plan& plan, const build::forecast& seen,
                                              const std::string& name) {
    std::vector<std::size_t> of_digest, of_label, others;
    std::set<std::string> candidates;
    for (std::size_t i = 0; i < plan.actions.size(); ++i) {
        const build::action& a = plan.actions[i];
        const auto& key = seen.actions[i].key;
        if (is_digest(name) && key && key->key.hex().starts_with(name)) of_digest.push_back(i);
        const std::string own = a.component + ": " + a.label, whole = build::name_of(a);
        if (name == a.label || name == own || name == whole) of_label.push_back(i);
        if (whole.find(name) == std::string::npos) continue;
        others.push_back(i);
        candidates.insert(own);
    }
    if (!of_digest.empty()) return of_digest;
    if (!of_label.empty()) return of_label;
    if (candidates.size() == 1) return others;
    if (candidates.empty()) {
        std::vector<std::string> labels;
        for (const build::action& a : plan.actions) labels.push_back(a.label);
        return fail(status::input, {}, "no action is called `{}`{}", name, base::did_you_mean(name, labels))
            .hint("`uk plan --json` lists all");
    }
    base::error several = fail(status::input, {}, "`{}` is in the names of {} actions", name, candidates.size());
    std::size_t count = 0;
    for (const std::string& one : candidates) {
        if (count++ < listed) several.add({"one is", one, {}});
    }
    return several.hint("a part that only one has is enough");
}

} // namespace uk::cli
