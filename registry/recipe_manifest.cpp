#include <algorithm>

#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

std::vector<std::string> labels_of(const recipe& made) {
    std::vector<std::string> labels;
    for (const auto& one : made.needs) labels.push_back(one.label);
    return labels;
}

const need* find_need(const recipe& made, std::string_view label) {
    const auto found =
        std::find_if(made.needs.begin(), made.needs.end(), [&](const need& one) { return one.label == label; });
    return found == made.needs.end() ? nullptr : &*found;
}

// A hole is a label of the manifest, or `instance/label`.
bool check_hole(const node& key, const recipe& made, problems& found) {
    const auto slash = key.text.find('/');
    if (slash == std::string::npos) {
        if (!check_name(key.text, key.where, "label", false, found)) return false;
        if (find_need(made, key.text)) return true;
        found.add(key.where, "the manifest has no need `{}`{}", key.text,
                  base::did_you_mean(key.text, labels_of(made)));
        return false;
    }
    const std::string_view text = key.text;
    return check_name(text.substr(0, slash), key.where, "instance", true, found) &&
           check_name(text.substr(slash + 1), key.where, "label", false, found);
}

void read_use(const fields& in, variant& made, const recipe& whole, problems& found) {
    const auto* all = in.find("use");
    if (!all) return;
    if (!all->is_mapping()) return found.add(all->where, "expected a mapping for `use`: `use: {{label: component}}`");
    for (const auto& [key, value] : all->entries) {
        if (!check_hole(key, whole, found)) continue;
        const auto provider = read_text(value, key.text, found);
        if (provider.empty() || !check_name(provider, value.where, "component or instance", true, found)) continue;
        made.use.emplace(key.text, provider);
        made.use_where.emplace(key.text, value.where);
    }
}

void check_same(const std::string& label, const std::string& other, const place& where, const recipe& whole,
                problems& found) {
    const auto *one = find_need(whole, label), *two = find_need(whole, other);
    if (label == other) return found.add(where, "`{}` can't be the same as itself", label);
    if (!two)
        return found.add(where, "the manifest has no need `{}`{}", other, base::did_you_mean(other, labels_of(whole)));
    if (one && one->signature.name != two->signature.name)
        found.add(fail(status::input, where,
                       "`{}` and `{}` need different signatures, so they can't be the same instance", label, other)
                      .add({"one needs", fmt::format("`{}`", one->signature.name), one->where})
                      .add({"one needs", fmt::format("`{}`", two->signature.name), two->where}));
    if (!two->same.empty()) found.add(where, "`{}` is itself the same as `{}`; name that one", other, two->same);
}

void read_same(const fields& in, variant& made, const recipe& whole, problems& found) {
    const auto* all = in.find("same");
    if (!all) return;
    if (!all->is_mapping())
        return found.add(all->where, "expected a mapping for `same`: `same: {{label: other-label}}`");
    for (const auto& [key, value] : all->entries) {
        if (!check_hole(key, whole, found)) continue;
        const auto other = read_text(value, key.text, found);
        if (other.empty()) continue;
        check_same(key.text, other, value.where, whole, found);
        if (made.use.contains(key.text))
            found.add(fail(status::input, value.where, "`use` and `same` contradict each other for `{}`", key.text)
                          .add({"used here", fmt::format("`{}`", made.use[key.text]), made.use_where[key.text]}));
        made.same.emplace(key.text, other);
    }
}

variant read_variant(const node& key, const node& value, const recipe& whole, problems& found) {
    static const std::vector<std::string> profiles{"size", "speed", "debug"};
    const fields in{value, sets::variant, found};
    variant made{.name = key.text, .target = key.text, .where = key.where};
    if (in.has("target")) made.target = in.text("target");
    if (!made.target.empty())
        check_name(made.target, in.has("target") ? in.where("target") : key.where, "target", true, found);
    if (const auto* profile = in.find("profile"); profile && profile->text == "sanitize")
        found.add(profile->where, "the profile `sanitize` is not supported by this version of uk");
    else if (const auto chosen = in.choice("profile", profiles); !chosen.empty()) made.profile = chosen;
    made.memory = in.size("memory");
    read_use(in, made, whole, found);
    read_same(in, made, whole, found);
    made.set = read_set(in, found);
    made.instances = read_instances(in, "instances", found);
    made.parameters = read_values(in, "parameters", "parameter", found);
    return made;
}

// How a variant fills a label: the manifest's own word, overridden by the variant's.
struct filling {
    std::string use, same;
    bool own = false; // an instance of its own
};

filling fill(const need& one, const variant* in) {
    filling made{one.use, one.same, !one.with.empty()};
    if (!in) return made;
    if (const auto use = in->use.find(one.label); use != in->use.end()) made = {use->second, "", false};
    if (const auto same = in->same.find(one.label); same != in->same.end()) made = {"", same->second, false};
    return made;
}

void check_pair(const need& first, const need& second, const variant* in, problems& found) {
    const auto a = fill(first, in), b = fill(second, in);
    const auto where = in ? in->where : second.where;
    if (!a.same.empty() || !b.same.empty()) return;
    // An optional need is filled only when the manifest asks for it.
    if ((a.use.empty() && first.optional) || (b.use.empty() && second.optional)) return;
    if (a.use.empty() && b.use.empty())
        found.add(fail(status::input, second.where,
                       "`{}` and `{}` both need `{}`, and nothing says which instance fills which", first.label,
                       second.label, second.signature.name)
                      .add({"first here", fmt::format("`{}`", first.label), first.where})
                      .hint(fmt::format("add `same: {}` to `{}` if both are one, or say `use:` for one of them",
                                        first.label, second.label)));
    else if (a.use == b.use && !a.own && !b.own)
        found.add(fail(status::input, where, "`{}` and `{}` would silently share the instance `{}`", first.label,
                       second.label, a.use)
                      .add({"first here", fmt::format("`{}`", first.label), first.where})
                      .hint(fmt::format("say `same: {}` for `{}` if both are one, or name two `instances:`",
                                        first.label, second.label)));
}

} // namespace

std::vector<variant> read_variants(const fields& in, const recipe& made, problems& found) {
    std::vector<variant> all;
    const auto* written = in.find("targets");
    if (!written) return all;
    if (!written->is_mapping() || written->entries.empty()) {
        found.add(written->where, "expected a mapping for `targets`: `targets: {{hosted: , kvm: {{memory: 16MiB}}}}`");
        return all;
    }
    for (const auto& [key, value] : written->entries)
        if (check_name(key.text, key.where, "variant", true, found))
            all.push_back(read_variant(key, value, made, found));
    return all;
}

void check_sharing(const recipe& made, problems& found) {
    for (const auto& one : made.needs)
        if (!one.same.empty()) check_same(one.label, one.same, one.where, made, found);
    for (auto second = made.needs.begin(); second != made.needs.end(); ++second) {
        for (auto first = made.needs.begin(); first != second; ++first) {
            if (first->signature.name != second->signature.name || !first->when.always() || !second->when.always())
                continue;
            problems here; // one report for each pair, however many variants have it
            if (made.variants.empty()) check_pair(*first, *second, nullptr, here);
            for (const auto& one : made.variants)
                if (!here.any()) check_pair(*first, *second, &one, here);
            if (here.any()) found.add(here.take());
        }
    }
}

} // namespace uk::registry
