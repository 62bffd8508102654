#include <algorithm>

#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

const std::vector<std::string>& type_names() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> made;
        for (int i = 0; i <= static_cast<int>(value_type::secret); ++i)
            made.emplace_back(type_name(static_cast<value_type>(i)));
        return made;
    }();
    return all;
}

void read_range(const fields& in, declaration& made, problems& found) {
    const auto* range = in.find("range");
    if (!range) return;
    const bool is_number =
        made.type == value_type::integer || made.type == value_type::size || made.type == value_type::duration;
    if (!is_number) return found.add(in.where("range"), "a `{}` has no range", type_name(made.type));
    if (!range->is_sequence() || range->items.size() != 2)
        return found.add(range->where, "expected a range of two values: `range: [least, most]`");
    const auto least = found.keep(read_value(made, range->items[0]));
    const auto most = found.keep(read_value(made, range->items[1]));
    if (!least || !most) return;
    if (*least > *most) return found.add(range->where, "the range of `{}` ends before it begins", made.name);
    made.least = std::get<std::int64_t>(*least);
    made.most = std::get<std::int64_t>(*most);
}

void read_choices(const fields& in, declaration& made, problems& found) {
    if (made.type != value_type::choice) {
        if (in.has("choices")) found.add(in.where("choices"), "only an `enum` has `choices`");
        return;
    }
    made.choices = in.texts("choices");
    if (made.choices.empty()) found.add(in.where(), "an `enum` needs its `choices: [first, second]`");
    for (const auto& choice : made.choices) {
        check_name(choice, in.where("choices"), "choice", true, found);
        if (std::count(made.choices.begin(), made.choices.end(), choice) > 1)
            return found.add(in.where("choices"), "the choice `{}` stands there twice", choice);
    }
}

// What may be set when: options are for the resolver, settings for the build, parameters for the boot.
void check_type(std::string_view field, const fields& in, declaration& made, problems& found) {
    if (made.type == value_type::secret && field != "parameters")
        found.add(in.where("type"), "a `secret` can only be a parameter");
    if (made.type == value_type::path && field != "settings")
        found.add(in.where("type"), "a `path` can only be a setting");
    if (made.type == value_type::secret && in.has("default"))
        found.add(in.where("default"), "a `secret` has no default");
    if (made.optional && in.has("default") && field != "options")
        found.add(in.where("optional"), "`{}` has a default, so it is never unset; remove `optional` or `default`",
                  made.name);
    if (field != "options") return;
    if (in.has("optional")) found.add(in.where("optional"), "an option always has a value: it needs a `default`");
    else if (!in.has("default")) found.add(in.where(), "the option `{}` needs a `default`", made.name);
}

std::optional<declaration> read_declaration(std::string_view field, const node& key, const node& written,
                                            problems& found) {
    const fields in{written, sets::declaration, found};
    declaration made{.name = key.text, .where = key.where};
    if (!in.is_mapping()) {
        if (written.is_null()) in.need("type");
        return std::nullopt;
    }
    in.need("type");
    const auto type = in.choice("type", type_names());
    if (type.empty()) return std::nullopt;
    made.type =
        static_cast<value_type>(std::find(type_names().begin(), type_names().end(), type) - type_names().begin());
    made.optional = in.flag("optional");
    made.summary = in.text("summary");
    check_type(field, in, made, found);
    read_choices(in, made, found);
    read_range(in, made, found);
    const bool is_known = made.type != value_type::secret && (made.type != value_type::choice || !made.choices.empty());
    if (const auto* fallback = in.find("default"); fallback && is_known)
        made.fallback = found.keep(read_value(made, *fallback));
    return made;
}

std::string_view singular(std::string_view field) {
    return field == "options"      ? "option"
           : field == "settings"   ? "setting"
           : field == "parameters" ? "parameter"
                                   : "instance";
}

} // namespace

std::vector<declaration> read_declarations(const fields& in, std::string_view field, problems& found) {
    std::vector<declaration> made;
    const auto* all = in.find(field);
    if (!all) return made;
    if (!all->is_mapping()) {
        found.add(all->where, "expected a mapping for `{}`: `{}: {{name: {{type: …}}}}`", field, field);
        return made;
    }
    for (const auto& [key, value] : all->entries) {
        if (!check_name(key.text, key.where, singular(field), false, found)) continue;
        for (const auto& other : made)
            if (base::identifier(other.name) == base::identifier(key.text))
                found.add(
                    fail(status::input, key.where, "`{}` and `{}` are the same name in code", key.text, other.name)
                        .add({"first here", "", other.where}));
        if (auto one = read_declaration(field, key, value, found)) made.push_back(*std::move(one));
    }
    return made;
}

std::vector<written_value> read_values(const fields& in, std::string_view field, std::string_view what,
                                       problems& found) {
    std::vector<written_value> made;
    const auto* all = in.find(field);
    if (!all) return made;
    if (!all->is_mapping()) {
        found.add(all->where, "expected a mapping for `{}`: `{}: {{name: value}}`", field, field);
        return made;
    }
    for (const auto& [key, value] : all->entries) {
        // `instance.name` for parameters: dots are separators there.
        if (!check_name(key.text, key.where, what, what == "parameter", found)) continue;
        if (!value.is_scalar())
            found.add(value.where.file.empty() ? key.where : value.where, "expected a value for `{}`", key.text);
        else made.push_back({key.text, value});
    }
    return made;
}

std::vector<written_value> read_set(const fields& in, problems& found) {
    std::vector<written_value> made;
    const auto* all = in.find("set");
    if (!all) return made;
    if (!all->is_mapping()) {
        found.add(all->where, "expected a mapping for `set`: `set: {{component.option: value}}`");
        return made;
    }
    for (const auto& [key, value] : all->entries) {
        const auto dot = key.text.rfind('.');
        const auto is_good = dot != std::string::npos && is_name(std::string_view{key.text}.substr(0, dot)) &&
                             is_label(std::string_view{key.text}.substr(dot + 1));
        if (!is_good) found.add(key.where, "`{}` names no option; expected `component.option`", key.text);
        else if (!value.is_scalar()) found.add(value.where, "expected a value for `{}`", key.text);
        else made.push_back({key.text, value});
    }
    return made;
}

std::vector<named_instance> read_instances(const fields& in, std::string_view field, problems& found) {
    std::vector<named_instance> made;
    const auto* all = in.find(field);
    if (!all) return made;
    if (!all->is_mapping()) {
        found.add(all->where, "expected a mapping for `{}`: `{}: {{name: {{use: component}}}}`", field, field);
        return made;
    }
    for (const auto& [key, value] : all->entries) {
        if (!check_name(key.text, key.where, "instance", false, found)) continue;
        const fields one{value, sets::instance, found};
        named_instance instance{.name = key.text, .where = key.where};
        one.need("use");
        instance.use = one.text("use");
        if (!instance.use.empty()) check_name(instance.use, one.where("use"), "component", true, found);
        instance.with = read_values(one, "with", "setting", found);
        for (const auto& need : read_values(one, "needs", "label", found))
            if (check_name(need.node.text, need.node.where, "instance", true, found))
                instance.needs.emplace(need.name, need.node.text);
        made.push_back(std::move(instance));
    }
    return made;
}

condition read_when(const node& written, const std::vector<declaration>& options, problems& found) {
    const auto text = read_text(written, "when", found);
    if (text.empty()) return {};
    auto where = written.where;
    if (written.quoted) ++where.column;
    return found.keep(parse_condition(text, options, where)).value_or(condition{});
}

condition read_when(const fields& in, const std::vector<declaration>& options, problems& found) {
    const auto* written = in.find("when");
    return written ? read_when(*written, options, found) : condition{};
}

} // namespace uk::registry
