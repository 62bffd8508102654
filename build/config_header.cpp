#include "build/config_header.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/names.hpp"

namespace uk::build {

using registry::declaration;
using registry::value_type;

std::string config_namespace(const registry::recipe& recipe) {
    if (recipe.kind == registry::component_kind::application) return "app";
    return "uk::config::" + cpp_name(recipe.name);
}

bool has_config(const registry::recipe& recipe) {
    return !recipe.options.empty() || !recipe.settings.empty() || !recipe.parameters.empty() ||
           std::ranges::any_of(recipe.build, [](const auto& step) { return !step.as.empty(); });
}

std::string cpp_type(const declaration& declared) {
    switch (declared.type) {
    case value_type::boolean: return "bool";
    case value_type::choice: return cpp_name(declared.name) + "_choice";
    case value_type::integer: return "std::int64_t";
    case value_type::size: return "std::uint64_t";
    case value_type::duration: return "uk::duration";
    case value_type::ipv4: return "std::uint32_t";
    case value_type::ipv4_cidr: return "uk::ipv4_cidr";
    case value_type::text:
    case value_type::path:
    case value_type::secret: break;
    }
    return "std::string_view";
}

namespace {

// `10.0.0.2/24` in normal form, as an aggregate of uk::ipv4_cidr.
std::string cidr_value(std::string_view text) {
    unsigned parts[5] = {0, 0, 0, 0, 32};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (unsigned& part : parts) {
        at = std::from_chars(at, end, part).ptr;
        if (at == end) break;
        ++at;
    }
    const unsigned long address =
        (static_cast<unsigned long>(parts[0]) << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
    return fmt::format("uk::ipv4_cidr{{{:#x}, {}}}", address, parts[4]);
}

} // namespace

std::string cpp_value(const declaration& declared, const registry::value& v, std::string_view ns) {
    switch (declared.type) {
    case value_type::boolean: return std::get<bool>(v) ? "true" : "false";
    case value_type::choice: {
        const std::string prefix = ns.empty() ? "" : fmt::format("{}::", ns);
        return fmt::format("{}{}::{}", prefix, cpp_type(declared), cpp_name(std::get<std::string>(v)));
    }
    case value_type::integer: {
        const auto number = std::get<std::int64_t>(v);
        return number == INT64_MIN ? "INT64_MIN" : fmt::format("{}", number); // its digits alone don't fit
    }
    case value_type::size: return fmt::format("{}u", std::get<std::int64_t>(v));
    case value_type::duration: return fmt::format("uk::duration{{{}}}", std::get<std::int64_t>(v));
    case value_type::ipv4: return fmt::format("{:#x}u", std::get<std::int64_t>(v));
    case value_type::ipv4_cidr: return cidr_value(std::get<std::string>(v));
    case value_type::text:
    case value_type::path:
    case value_type::secret: break;
    }
    return cpp_string(std::get<std::string>(v));
}

namespace {

std::string choice_type(const declaration& declared) {
    std::vector<std::string> names;
    for (const std::string& name : declared.choices) names.push_back(cpp_name(name));
    return fmt::format("enum class {} : unsigned {{ {} }};\n", cpp_type(declared), base::join(names, ", "));
}

std::string field(const declaration& declared) {
    const std::string type = cpp_type(declared);
    const std::string comment =
        declared.summary.empty() ? "" : fmt::format(" ///< {}", base::printable(declared.summary));
    const std::string name = cpp_name(declared.name);
    if (declared.fallback)
        return fmt::format("    {} {} = {};{}\n", type, name, cpp_value(declared, *declared.fallback, ""), comment);
    if (declared.optional) return fmt::format("    std::optional<{}> {};{}\n", type, name, comment);
    return fmt::format("    {} {}{{}};{}\n", type, name, comment);
}

std::string fields_of(std::string_view name, const std::vector<declaration>& declared, const std::string& more) {
    if (declared.empty() && more.empty()) return "";
    std::string text = fmt::format("\nstruct {} {{\n", name);
    for (const declaration& one : declared) text += field(one);
    return text + more + "};\n";
}

base::result<registry::value> option_value(const declaration& declared, const std::string& text) {
    base::yaml::node node;
    node.kind = base::yaml::node::type::scalar;
    node.text = text;
    node.where = declared.where;
    return registry::read_value(declared, node);
}

} // namespace

base::result<std::string> config_header(const registry::recipe& recipe,
                                        const std::map<std::string, std::string>& options) {
    std::string cpp, c;
    for (const auto* list : {&recipe.options, &recipe.settings, &recipe.parameters}) {
        for (const declaration& one : *list) {
            if (one.type == value_type::choice) cpp += choice_type(one);
        }
    }
    for (const declaration& one : recipe.options) {
        const auto found = options.find(one.name);
        const auto v = TRY(found != options.end() ? option_value(one, found->second)
                                                  : base::result<registry::value>{*one.fallback});
        cpp += fmt::format("inline constexpr {} {} = {};{}\n", cpp_type(one), cpp_name(one.name), cpp_value(one, v, ""),
                           one.summary.empty() ? "" : " ///< " + base::printable(one.summary));
        std::string macro = cpp_name(recipe.name + "-" + one.name);
        std::ranges::transform(macro, macro.begin(), [](unsigned char x) { return std::toupper(x); });
        std::string plain;
        if (const auto* flag = std::get_if<bool>(&v)) plain = *flag ? "1" : "0";
        else if (const auto* number = std::get_if<std::int64_t>(&v)) plain = fmt::format("{}", *number);
        else if (one.type == value_type::choice)
            plain = fmt::format("{}", std::ranges::find(one.choices, std::get<std::string>(v)) - one.choices.begin());
        else plain = cpp_string(std::get<std::string>(v));
        c += fmt::format("#define UK_{} {}\n", macro, plain);
    }
    std::string embedded;
    for (const registry::build_step& step : recipe.build) {
        if (!step.as.empty())
            embedded += fmt::format("    uk::file_index {}; ///< the files of `{}`\n", cpp_name(step.as), step.embed);
    }
    cpp += fields_of("settings", recipe.settings, embedded);
    cpp += fields_of("parameters", recipe.parameters, "");

    std::string text = fmt::format("// Generated by uk from the recipe of {} {}: what can be set.\n#pragma once\n\n",
                                   recipe.name, recipe.id.text());
    const std::string names = config_namespace(recipe);
    text += "#ifdef __cplusplus\n#include <cstdint>\n#include <optional>\n#include <string_view>\n\n#include "
            "<uk/files.hpp>\n"
            "#include <uk/parameters.hpp>\n#include <uk/time.hpp>\n\n";
    text += fmt::format("namespace {} {{\n\n{}\n}} // namespace {}\n", names, cpp, names);
    if (!c.empty()) text += "#else\n" + c;
    return text + "#endif\n";
}

} // namespace uk::build
