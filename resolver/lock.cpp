#include "resolver/lock.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/yaml.hpp"

namespace uk::resolver {

using base::fail;
using base::result;
using base::sha256;
using base::status;
using base::yaml::node;
using base::yaml::quote;

namespace {

std::string tagged(const sha256& hash) { return "sha256:" + hash.hex(); }

std::string block(std::string_view name, const std::map<std::string, std::string>& entries, std::string_view indent) {
    if (entries.empty()) return "";
    std::string text = fmt::format("{}{}:\n", indent, name);
    for (const auto& [key, value] : entries) text += fmt::format("{}  {}: {}\n", indent, quote(key), quote(value));
    return text;
}

// Reads a mapping's fields by name; what is left over is unknown.
class reader {
  public:
    reader(const node& of, std::string what) : of_{of}, what_{std::move(what)} {}

    result<void> is_mapping() const {
        if (of_.is_mapping()) return {};
        return fail(status::input, of_.where, "expected a mapping for {}", what_);
    }
    const node* field(const std::string& name) {
        known_.push_back(name);
        return of_.find(name);
    }
    result<std::string> text(const std::string& name, bool needed = true) {
        const node* n = field(name);
        if (!n && !needed) return std::string{};
        if (!n || !n->is_scalar()) return fail(status::input, n ? n->where : of_.where, "{} needs `{}`", what_, name);
        return n->text;
    }
    result<std::optional<sha256>> hash(const std::string& name) {
        const node* n = field(name);
        if (!n) return std::optional<sha256>{};
        const auto digits =
            n->is_scalar() && n->text.starts_with("sha256:") ? sha256::from_hex(n->text.substr(7)) : std::nullopt;
        if (!digits)
            return fail(status::input, n->where, "expected `sha256:` and 64 hexadecimal digits for `{}`", name);
        return digits;
    }
    result<std::map<std::string, std::string>> texts(const std::string& name) {
        std::map<std::string, std::string> entries;
        const node* n = field(name);
        if (!n || n->is_null()) return entries;
        if (!n->is_mapping()) return fail(status::input, n->where, "expected a mapping for `{}`", name);
        for (const auto& [key, value] : n->entries) {
            if (!value.is_scalar() && !value.is_null())
                return fail(status::input, value.where, "expected one word for `{}`", key.text);
            entries[key.text] = value.text;
        }
        return entries;
    }
    result<void> nothing_else() const {
        for (const auto& [key, value] : of_.entries) {
            if (std::ranges::find(known_, key.text) == known_.end())
                return fail(status::input, key.where, "unknown field `{}` in {}{}", key.text, what_,
                            base::did_you_mean(key.text, known_));
        }
        return {};
    }

  private:
    const node& of_;
    std::string what_;
    std::vector<std::string> known_;
};

result<locked_component> read_component(const node& key, const node& value) {
    locked_component c;
    const auto space = key.text.find(' ');
    if (space == std::string::npos)
        return fail(status::input, key.where, "expected a name and a version, such as `musl 1.2.3`, not `{}`",
                    key.text);
    c.name = key.text.substr(0, space);
    c.id = TRY(registry::parse_version(key.text.substr(space + 1), key.where));
    reader in{value, fmt::format("the component `{}`", key.text)};
    CHECK(in.is_mapping());
    c.registry = TRY(in.text("registry"));
    c.recipe = TRY(in.hash("recipe"));
    c.source = TRY(in.hash("source"));
    CHECK(in.nothing_else());
    return c;
}

result<locked_variant> read_variant(const node& key, const node& value) {
    locked_variant v;
    v.name = key.text;
    reader in{value, fmt::format("the variant `{}`", key.text)};
    CHECK(in.is_mapping());
    v.target = TRY(in.text("target"));
    v.components = TRY(in.texts("components"));
    v.signatures = TRY(in.texts("signatures"));
    v.wiring = TRY(in.texts("wiring"));
    v.alternatives = TRY(in.texts("alternatives"));
    if (const node* options = in.field("options")) {
        if (!options->is_mapping()) return fail(status::input, options->where, "expected a mapping for `options`");
        for (const auto& [component, values] : options->entries) {
            if (!values.is_mapping())
                return fail(status::input, values.where, "expected a mapping for `{}`", component.text);
            for (const auto& [name, text] : values.entries) v.options[component.text][name.text] = text.text;
        }
    }
    CHECK(in.nothing_else());
    return v;
}

result<locked_place> read_place(const node& key, const node& value) {
    locked_place made;
    if (value.is_scalar()) {
        const auto digits = value.text.starts_with("sha256:") ? sha256::from_hex(value.text.substr(7)) : std::nullopt;
        if (!digits)
            return fail(status::input, value.where, "expected `sha256:` and 64 hexadecimal digits for `{}`", key.text);
        made.tree = *digits;
        return made;
    }
    reader in{value, fmt::format("the place of `{}`", key.text)};
    CHECK(in.is_mapping());
    made.git = TRY(in.text("git"));
    made.branch = TRY(in.text("branch", false));
    made.commit = TRY(in.text("commit"));
    const auto tree = TRY(in.hash("tree"));
    if (!tree) return fail(status::input, value.where, "the place of `{}` needs `tree`", key.text);
    made.tree = *tree;
    CHECK(in.nothing_else());
    return made;
}

std::string place_text(const std::string& name, const locked_place& at) {
    if (at.git.empty()) return fmt::format("  {}: {}\n", quote(name), tagged(at.tree));
    std::string text = fmt::format("  {}:\n    git: {}\n", quote(name), quote(at.git));
    if (!at.branch.empty()) text += fmt::format("    branch: {}\n", quote(at.branch));
    return text + fmt::format("    commit: {}\n    tree: {}\n", quote(at.commit), tagged(at.tree));
}

// A mapping's entries one by one, in the order of the file.
template <class Read>
result<void> each(const node* list, const char* name, Read read) {
    if (!list || list->is_null()) return {};
    if (!list->is_mapping()) return fail(status::input, list->where, "expected a mapping for `{}`", name);
    for (const auto& [key, value] : list->entries) CHECK(read(key, value));
    return {};
}

} // namespace

result<lock> parse_lock(std::string_view text, const std::string& file) {
    const node top = TRY(base::yaml::parse(text, file));
    lock l;
    reader in{top, "the lock"};
    CHECK(in.is_mapping());
    const std::string format = TRY(in.text("format"));
    if (format != fmt::format("{}", lock::format)) {
        return fail(status::input, top.find("format")->where, "the lock's format is {}, and this uk knows {}", format,
                    lock::format)
            .hint("a newer uk wrote it: use that one, or delete uk.lock and run `uk lock`");
    }
    l.edition = TRY(in.text("edition"));
    if (const node* tools = in.field("toolchain")) {
        reader t{*tools, "`toolchain`"};
        CHECK(t.is_mapping());
        locked_toolchain found;
        found.name = TRY(t.text("name"));
        found.version = TRY(t.text("version"));
        found.fingerprint = TRY(t.hash("fingerprint"));
        if (const node* parts = t.field("parts")) {
            reader each_part{*parts, "`parts`"};
            CHECK(each_part.is_mapping());
            for (const auto& [name, unused] : parts->entries)
                found.parts.emplace(name.text, *TRY(each_part.hash(name.text)));
        }
        CHECK(t.nothing_else());
        l.toolchain = found;
    }
    for (const auto& [name, places] : {std::pair{"registries", &l.registries}, {"overrides", &l.overrides}}) {
        CHECK(each(in.field(name), name, [&](const node& key, const node& value) -> result<void> {
            places->emplace(key.text, TRY(read_place(key, value)));
            return {};
        }));
    }
    CHECK(each(in.field("components"), "components", [&](const node& key, const node& value) -> result<void> {
        l.components.push_back(TRY(read_component(key, value)));
        return {};
    }));
    CHECK(each(in.field("variants"), "variants", [&](const node& key, const node& value) -> result<void> {
        l.variants.push_back(TRY(read_variant(key, value)));
        return {};
    }));
    CHECK(in.nothing_else());
    std::ranges::sort(l.components,
                      [](const auto& a, const auto& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
    std::ranges::sort(l.variants, {}, &locked_variant::name);
    return l;
}

std::string write_lock(const lock& what) {
    std::string text = "# Written by uk: exactly what each variant of uk.yaml is made of. Keep it with the sources.\n";
    text += fmt::format("format: {}\nedition: {}\n", lock::format, quote(what.edition));
    if (what.toolchain) {
        text += fmt::format("toolchain:\n  name: {}\n  version: {}\n", quote(what.toolchain->name),
                            quote(what.toolchain->version));
        if (what.toolchain->fingerprint)
            text += fmt::format("  fingerprint: {}\n", tagged(*what.toolchain->fingerprint));
        if (!what.toolchain->parts.empty()) text += "  parts:\n";
        for (const auto& [name, hash] : what.toolchain->parts)
            text += fmt::format("    {}: {}\n", quote(name), tagged(hash));
    }
    text += "registries:\n";
    for (const auto& [name, at] : what.registries) text += place_text(name, at);
    if (!what.overrides.empty()) text += "overrides:\n";
    for (const auto& [name, at] : what.overrides) text += place_text(name, at);
    text += "\ncomponents:\n";
    for (const locked_component& one : what.components) {
        text += fmt::format("  {}:\n    registry: {}\n", quote(one.name + " " + one.id.text()), quote(one.registry));
        if (one.recipe) text += fmt::format("    recipe: {}\n", tagged(*one.recipe));
        if (one.source) text += fmt::format("    source: {}\n", tagged(*one.source));
    }
    text += "\nvariants:\n";
    for (const locked_variant& one : what.variants) {
        text += fmt::format("  {}:\n    target: {}\n", quote(one.name), quote(one.target));
        text += block("components", one.components, "    ");
        text += block("signatures", one.signatures, "    ");
        if (!one.options.empty()) text += "    options:\n";
        for (const auto& [component, values] : one.options) text += block(quote(component), values, "      ");
        text += block("wiring", one.wiring, "    ");
        text += block("alternatives", one.alternatives, "    ");
    }
    return text;
}

locked_component locked_block(const registry::entry& one, const std::optional<sha256>& source) {
    if (one.registry == "path") return {one.content.name, one.content.id, one.registry, {}, {}};
    return {one.content.name, one.content.id, one.registry, one.hash, source};
}

lock make_lock(const std::vector<resolution>& answers, const std::map<std::string, sha256>& sources) {
    lock l;
    std::map<std::pair<std::string, registry::version>, locked_component> components;
    const auto add = [&](const std::string& name, const registry::version& id, const registry::entry& entry) {
        const auto source = sources.find(name + " " + id.text());
        components.try_emplace(
            {name, id}, locked_block(entry, source == sources.end() ? std::nullopt : std::optional{source->second}));
    };
    for (const resolution& answer : answers) {
        locked_variant v;
        v.name = answer.variant;
        v.target = answer.target;
        for (const chosen_component& one : answer.components) {
            add(one.name, one.id, *one.entry);
            v.components[one.name] = one.id.text();
            for (const registry::declaration& declared : one.entry->content.options) {
                const auto value = one.options.find(declared.name);
                if (value == one.options.end() ||
                    (declared.fallback && registry::value_text(declared.type, *declared.fallback) == value->second))
                    continue;
                v.options[one.name][declared.name] = value->second;
            }
        }
        for (const chosen_signature& one : answer.signatures) {
            add(one.name, one.id, *one.entry);
            v.signatures[one.name] = one.id.text();
        }
        v.wiring.insert(answer.wiring.begin(), answer.wiring.end());
        v.alternatives.insert(answer.alternatives.begin(), answer.alternatives.end());
        l.variants.push_back(std::move(v));
    }
    for (auto& [key, one] : components) l.components.push_back(std::move(one));
    std::ranges::sort(l.variants, {}, &locked_variant::name);
    return l;
}

const locked_component* lock::component(const std::string& of, const registry::version& id) const {
    const auto at = std::ranges::find_if(components, [&](const auto& one) { return one.name == of && one.id == id; });
    return at == components.end() ? nullptr : &*at;
}

lock part_of(const lock& whole, const std::string& application) {
    lock part = whole;
    if (application.empty()) return part;
    const std::string prefix = application + "/";
    std::erase_if(part.variants, [&](const locked_variant& one) { return !one.name.starts_with(prefix); });
    for (locked_variant& one : part.variants) one.name.erase(0, prefix.size());
    return part;
}

void add_part(lock& whole, const lock& part, const std::string& application) {
    for (const locked_component& one : part.components) {
        if (!whole.component(one.name, one.id)) whole.components.push_back(one);
    }
    for (locked_variant one : part.variants) {
        if (!application.empty()) one.name = application + "/" + one.name;
        whole.variants.push_back(std::move(one));
    }
    std::ranges::sort(whole.components,
                      [](const auto& a, const auto& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
    std::ranges::sort(whole.variants, {}, &locked_variant::name);
}

namespace {

std::string map_difference(const std::map<std::string, std::string>& before,
                           const std::map<std::string, std::string>& after) {
    for (const auto& [name, value] : after) {
        const auto old = before.find(name);
        if (old == before.end()) return fmt::format("`{}` is new ({})", name, value);
        if (old->second != value) return fmt::format("`{}` would be {} instead of {}", name, value, old->second);
    }
    for (const auto& [name, value] : before) {
        if (!after.contains(name)) return fmt::format("`{}` would go", name);
    }
    return "";
}

} // namespace

std::string in_words(const locked_toolchain& one) {
    return one.fingerprint ? fmt::format("a machine's own {} {}", one.name, one.version)
                           : fmt::format("`{} {}`", one.name, one.version);
}

std::string first_difference(const lock& before, const lock& after) {
    for (const locked_variant& one : after.variants) {
        const auto old = std::ranges::find(before.variants, one.name, &locked_variant::name);
        if (old == before.variants.end()) return fmt::format("it has no variant `{}`", one.name);
        for (const auto& [was, is, what] : {std::tuple{&old->components, &one.components, "component"},
                                            {&old->signatures, &one.signatures, "signature"},
                                            {&old->wiring, &one.wiring, "hole"},
                                            {&old->alternatives, &one.alternatives, "alternative"}}) {
            if (const std::string text = map_difference(*was, *is); !text.empty())
                return fmt::format("in the variant `{}` the {} {}", one.name, what, text);
        }
        if (old->options != one.options) return fmt::format("in the variant `{}` options differ", one.name);
        if (old->target != one.target)
            return fmt::format("the variant `{}` is for `{}` instead of `{}`", one.name, one.target, old->target);
    }
    for (const locked_variant& one : before.variants) {
        if (std::ranges::find(after.variants, one.name, &locked_variant::name) == after.variants.end())
            return fmt::format("uk.yaml has no variant `{}` any more", one.name);
    }
    for (const locked_component& one : after.components) {
        const locked_component* old = before.component(one.name, one.id);
        if (!old) return fmt::format("it has no component `{} {}`", one.name, one.id.text());
        if (*old != one)
            return fmt::format("the recipe or the source of `{} {}` isn't the one that was locked", one.name,
                               one.id.text());
    }
    // The machine's own is an observation, and somebody else's word.
    if (after.toolchain && before.toolchain != after.toolchain &&
        !(before.toolchain && before.toolchain->fingerprint && after.toolchain->fingerprint))
        return fmt::format("the toolchain would be {} instead of {}", in_words(*after.toolchain),
                           before.toolchain ? in_words(*before.toolchain) : "none");
    return before == after ? "" : "the registry, the edition or the toolchain differs";
}

} // namespace uk::resolver
