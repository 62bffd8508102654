#include <algorithm>

#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

place next_to(place where, std::size_t characters) {
    if (where.column > 0) where.column += static_cast<int>(characters);
    return where;
}

std::optional<requirement> read_requirement(const node& written, std::string_view name, problems& found) {
    const auto text = read_text(written, name, found);
    if (text.empty()) return std::nullopt;
    return found.keep(parse_requirement(text, written.where));
}

std::optional<require::choice> read_choice(const node& key, const node& value, std::string_view field,
                                           problems& found) {
    if (!check_name(key.text, key.where, "component", true, found)) return std::nullopt;
    require::choice made{.component = {.name = key.text, .where = key.where}};
    if (!value.is_mapping()) {
        auto versions = read_requirement(value, key.text, found);
        if (!versions) return std::nullopt;
        made.component.versions = *std::move(versions);
        return made;
    }
    const fields in{value, sets::require_options, found};
    if (const auto* versions = in.find("version")) {
        if (auto read = read_requirement(*versions, "version", found)) made.component.versions = *std::move(read);
    }
    if (field == "conflicts" && in.has("options")) found.add(in.where("options"), "a conflict has no options");
    made.options = read_values(in, "options", "option", found);
    return made;
}

std::vector<require::choice> read_alternatives(const node& key, const node& value, std::string_view field,
                                               problems& found) {
    std::vector<require::choice> made;
    if (field == "conflicts") {
        found.add(key.where, "`any` is for `requires`; list each conflict on its own");
    } else if (!value.is_mapping() || value.entries.size() < 2) {
        found.add(value.is_null() ? key.where : value.where,
                  "expected two or more alternatives: `any: {{first: ^1, second: ^2}}`");
    } else {
        for (const auto& [name, versions] : value.entries)
            if (auto one = read_choice(name, versions, field, found)) made.push_back(*std::move(one));
    }
    return made;
}

void add_require(std::vector<require>& to, require one, std::string_view field, const recipe& made, problems& found) {
    if (one.choices.empty()) return;
    for (const auto& choice : one.choices)
        if (choice.component.name == made.name && field == "requires")
            found.add(choice.component.where, "`{}` requires itself", made.name);
    to.push_back(std::move(one));
}

// `name`, `name: ^1`, `any: {…}`, each with an optional `when:`.
std::optional<require> read_item(const node& item, std::string_view field, const recipe& made, problems& found) {
    require one{.where = item.where};
    if (item.is_scalar()) {
        if (const auto space = item.text.find(' '); space != std::string::npos && is_name(item.text.substr(0, space))) {
            found.add(
                fail(status::input, item.where, "`{}` is no component's name", item.text)
                    .hint(fmt::format("write `{}: {}`", item.text.substr(0, space), item.text.substr(space + 1))));
            return std::nullopt;
        }
        if (!check_name(item.text, item.where, "component", true, found)) return std::nullopt;
        one.choices.push_back({.component = {.name = item.text, .where = item.where}});
        return one;
    }
    if (!item.is_mapping()) {
        found.add(item.where, "expected a component in `{}`: `name: ^1`", field);
        return std::nullopt;
    }
    int named = 0;
    for (const auto& [key, value] : item.entries) {
        if (key.text == "when") {
            one.when = read_when(value, made.options, found);
            continue;
        }
        if (++named > 1) {
            found.add(fail(status::input, key.where, "more than one component in one entry of `{}`", field)
                          .hint("give each its own `- ` line; alternatives stand in `any: {…}`"));
            break;
        }
        if (key.text == "any") one.choices = read_alternatives(key, value, field, found);
        else if (auto choice = read_choice(key, value, field, found)) one.choices.push_back(*std::move(choice));
    }
    if (named == 0) found.add(item.where, "this entry of `{}` names no component", field);
    return one;
}

void check_use(const fields& in, const need& one, const recipe& made, problems& found) {
    const bool is_manifest = made.kind == component_kind::application;
    for (const auto field : {"use", "with", "same"})
        if (in.has(field) && !is_manifest)
            found.add(fail(status::input, in.where(field),
                           "only a manifest says how a need is filled; `{}` doesn't belong here", field)
                          .hint("a target's `prefers:` proposes a component, an application's `use:` demands one"));
    if (!is_manifest) return;
    if (!one.same.empty() && !one.use.empty())
        found.add(in.where("same"), "`use` and `same` contradict each other in the need `{}`", one.label);
    if (!one.with.empty() && one.use.empty())
        found.add(in.where("with"), "`with` sets up an instance of its own and needs `use` to say of which component");
}

std::optional<need> read_need(const node& key, const node& value, const recipe& made, problems& found) {
    if (!check_name(key.text, key.where, "label", false, found)) return std::nullopt;
    need one{.label = key.text, .where = key.where};
    const node* signature = &value;
    if (value.is_mapping()) {
        const fields in{value, sets::need, found};
        in.need("signature");
        signature = in.find("signature");
        one.optional = in.flag("optional");
        one.when = read_when(in, made.options, found);
        one.use = in.text("use");
        one.same = in.text("same");
        if (!one.use.empty()) check_name(one.use, in.where("use"), "component or instance", true, found);
        if (!one.same.empty()) check_name(one.same, in.where("same"), "label", false, found);
        one.with = read_values(in, "with", "setting", found);
        check_use(in, one, made, found);
    }
    if (!signature) return std::nullopt;
    const auto text = read_text(*signature, key.text, found);
    if (text.empty()) return std::nullopt;
    auto read = read_dependency(text, signature->where, found);
    if (!read) return std::nullopt;
    one.signature = *std::move(read);
    return one;
}

} // namespace

std::optional<dependency> read_dependency(std::string_view text, const place& where, problems& found) {
    const auto space = text.find(' ');
    const auto name = text.substr(0, space);
    if (!check_name(name, where, "component", true, found)) return std::nullopt;
    dependency made{.name = std::string{name}, .where = where};
    if (space == std::string_view::npos) return made;
    auto versions = found.keep(parse_requirement(base::trim(text.substr(space)), next_to(where, space + 1)));
    if (!versions) return std::nullopt;
    made.versions = *std::move(versions);
    return made;
}

std::vector<implementation> read_implements(const fields& in, const recipe& made, problems& found) {
    std::vector<implementation> all;
    const auto* written = in.find("implements");
    if (!written) return all;
    if (!written->is_mapping()) {
        found.add(written->where, "expected a mapping for `implements`: `net.stack 1.0: {{class: …, header: …}}`");
        return all;
    }
    for (const auto& [key, value] : written->entries) {
        const auto space = key.text.find(' ');
        const std::string_view name = std::string_view{key.text}.substr(0, space);
        if (!check_name(name, key.where, "signature", true, found)) continue;
        implementation one{.signature = {.name = std::string{name}, .where = key.where}, .where = key.where};
        if (space == std::string::npos) {
            found.add(fail(status::input, key.where, "`{}` lacks the version that is implemented", name)
                          .hint(fmt::format("write `{} 1.0:`", name)));
            continue;
        }
        auto version = found.keep(parse_signature_version(base::trim(std::string_view{key.text}.substr(space)),
                                                          next_to(key.where, space + 1)));
        if (!version) continue;
        one.provides = *std::move(version);
        const fields fields_{value, sets::implementation, found};
        one.class_name = fields_.text("class");
        one.header = fields_.text("header");
        one.when = read_when(fields_, made.options, found);
        if (!one.class_name.empty() && !is_qualified_identifier(one.class_name))
            found.add(fields_.where("class"), "`{}` is no name of a class, such as `uk::lwip::stack`", one.class_name);
        if (!one.header.empty() && !is_header(one.header))
            found.add(fields_.where("header"), "`{}` is no name of a header, such as `uk/lwip/stack.hpp`", one.header);
        if (one.class_name.empty() != one.header.empty() && value.is_mapping())
            found.add(key.where, "`{}` needs both `class` and `header` (or none, for a signature of scope image)",
                      name);
        for (const auto& other : all)
            if (other.signature.name == one.signature.name && other.when.always() && one.when.always())
                found.add(fail(status::input, key.where, "`{}` is implemented twice", name)
                              .add({"first here", "", other.where}));
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<need> read_needs(const fields& in, const recipe& made, problems& found) {
    std::vector<need> all;
    const auto* written = in.find("needs");
    if (!written) return all;
    if (!written->is_mapping()) {
        found.add(written->where, "expected a mapping for `needs`: `needs: {{label: net.stack ^1}}`");
        return all;
    }
    for (const auto& [key, value] : written->entries) {
        auto one = read_need(key, value, made, found);
        if (!one) continue;
        for (const auto& other : all)
            if (base::identifier(other.label) == base::identifier(one->label))
                found.add(
                    fail(status::input, key.where, "`{}` and `{}` are the same name in code", one->label, other.label)
                        .add({"first here", "", other.where}));
        all.push_back(*std::move(one));
    }
    return all;
}

std::vector<require> read_requires(const fields& in, std::string_view field, const recipe& made, problems& found) {
    std::vector<require> all;
    const auto* written = in.find(field);
    if (!written) return all;
    if (written->is_mapping()) {
        for (const auto& [key, value] : written->entries) {
            require one{.where = key.where};
            if (key.text == "any") one.choices = read_alternatives(key, value, field, found);
            else if (key.text == "when")
                found.add(fail(status::input, key.where, "a condition belongs to one entry")
                              .hint(fmt::format("write `{}` as a list: `- {{name: ^1, when: …}}`", field)));
            else if (auto choice = read_choice(key, value, field, found)) one.choices.push_back(*std::move(choice));
            add_require(all, std::move(one), field, made, found);
        }
    } else if (written->is_sequence()) {
        for (const auto& item : written->items)
            if (auto one = read_item(item, field, made, found)) add_require(all, *std::move(one), field, made, found);
    } else {
        found.add(written->where, "expected a list for `{}`: `- name: ^1`", field);
    }
    return all;
}

std::vector<dependency> read_dependencies(const fields& in, std::string_view field, problems& found) {
    std::vector<dependency> all;
    const auto* written = in.find(field);
    if (!written) return all;
    const auto add_entry = [&](const node& key, const node& value) {
        if (!check_name(key.text, key.where, "name", true, found)) return;
        if (auto versions = read_requirement(value, key.text, found))
            all.push_back({.name = key.text, .versions = *std::move(versions), .where = key.where});
    };
    if (written->is_mapping()) {
        for (const auto& [key, value] : written->entries) add_entry(key, value);
    } else if (written->is_sequence()) {
        for (const auto& item : written->items) {
            if (item.is_mapping() && item.entries.size() == 1) add_entry(item.entries[0].first, item.entries[0].second);
            else if (!item.is_scalar())
                found.add(item.where, "expected a name with a requirement in `{}`: `name ^1`", field);
            else if (auto one = read_dependency(item.text, item.where, found)) all.push_back(*std::move(one));
        }
    } else {
        found.add(written->where, "expected a list for `{}`: `[name ^1]`", field);
    }
    return all;
}

} // namespace uk::registry
