// compose.hpp's `wiring`: a newcomer who opens wiring.cpp understands the whole image in a minute.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/compose.hpp"
#include "build/config_header.hpp"
#include "build/names.hpp"

namespace uk::build {

using base::fail;
using base::result;
using registry::declaration;
using registry::value_type;
using resolver::chosen_instance;

namespace {

constexpr std::size_t default_main_stack = 64 * 1024;

std::string_view parameter_type(value_type type) {
    switch (type) {
    case value_type::boolean: return "boolean";
    case value_type::choice: return "choice";
    case value_type::integer: return "integer";
    case value_type::size: return "size";
    case value_type::duration: return "duration";
    case value_type::ipv4: return "ipv4";
    case value_type::ipv4_cidr: return "ipv4_cidr";
    case value_type::text:
    case value_type::path:
    case value_type::secret: break;
    }
    return "text";
}

// The parameters of one instance (or of the application): storage, rows of the table, and what happens after reading.
struct parameter_code {
    std::string storage, rows, after;
};

// `names`: what may stand before the dot; an empty one is the application's own.
void add_parameters(parameter_code& to, const registry::recipe& recipe, const std::string& variable,
                    const std::vector<std::string>& names) {
    const std::string ns = config_namespace(recipe);
    to.storage += fmt::format("{}::parameters {}_parameters;\n", ns, variable);
    for (const declaration& one : recipe.parameters) {
        const std::string field = fmt::format("{}_parameters.{}", variable, cpp_name(one.name));
        std::string value = "&" + field, given = "nullptr";
        if (!one.fallback) {
            const std::string apart = fmt::format("{}_{}", variable, cpp_name(one.name));
            to.storage += fmt::format("bool {}_given = false;\n", apart);
            given = fmt::format("&{}_given", apart);
            if (one.optional) {
                const std::string type = one.type == value_type::choice ? ns + "::" + cpp_type(one) : cpp_type(one);
                to.storage += fmt::format("{} {}{{}};\n", type, apart);
                value = "&" + apart;
                to.after += fmt::format("    if (parts::{}_given) parts::{} = parts::{};\n", apart, field, apart);
            } else {
                const std::string name = names.front().empty() ? one.name : names.front() + "." + one.name;
                to.after += fmt::format(
                    "    if (!uk::wiring::require({}, parts::{}_given)) return uk::wiring::bad_parameter;\n",
                    cpp_string(name), apart);
            }
        }
        std::string choices = "nullptr", count = "0";
        if (one.type == value_type::choice) {
            const std::string list = fmt::format("{}_{}_choices", variable, cpp_name(one.name));
            std::string texts;
            for (const std::string& choice : one.choices) texts += (texts.empty() ? "" : ", ") + cpp_string(choice);
            to.storage += fmt::format("constexpr std::string_view {}[] = {{{}}};\n", list, texts);
            choices = list;
            count = fmt::format("{}", one.choices.size());
        }
        for (const std::string& name : names) {
            to.rows +=
                fmt::format("    {{{}, uk::parameter::type::{}, {}, {}, {}, {}, {}, {}}},\n",
                            cpp_string(name.empty() ? one.name : name + "." + one.name), parameter_type(one.type),
                            value, given, one.least ? fmt::format("{}", *one.least) : "INT64_MIN",
                            one.most ? fmt::format("{}", *one.most) : "INT64_MAX", choices, count);
        }
    }
}

// `.base = 1016, .files = {…}` for one instance. Errors: input for a setting that is wrong or missing.
result<std::string> settings_of(const composition& what, const chosen_instance& one, const registry::recipe& recipe,
                                std::string& externs) {
    std::string fields;
    const auto add = [&](const std::string& name, const std::string& value) {
        fields += fmt::format("{}.{} = {}", fields.empty() ? "" : ", ", cpp_name(name), value);
    };
    for (const declaration& declared : recipe.settings) {
        const auto given = one.settings.find(declared.name);
        if (given == one.settings.end()) {
            if (!declared.fallback && !declared.optional) {
                return fail(base::status::input, declared.where, "the instance `{}` of `{}` needs the setting `{}`",
                            one.name, one.component, declared.name)
                    .hint(fmt::format("give it where the instance is named: `with: {{{}: …}}`", declared.name));
            }
            continue;
        }
        base::yaml::node node;
        node.kind = base::yaml::node::type::scalar;
        node.text = given->second;
        node.where = declared.where;
        const registry::value value = TRY(registry::read_value(declared, node));
        add(declared.name, cpp_value(declared, value, config_namespace(recipe)));
    }
    for (const registry::build_step& step : recipe.build) {
        if (step.as.empty()) continue;
        const auto found = what.embedded.find(one.name);
        const std::size_t count = found == what.embedded.end() ? 0 : found->second;
        if (count == 0) continue;
        const std::string symbol = "uk_files_" + cpp_name(one.name);
        externs += fmt::format("extern \"C\" const uk::file {}[{}]; // laid out by the build\n", symbol, count);
        add(step.as, fmt::format("uk::file_index{{{}, {}}}", symbol, count));
    }
    return fields;
}

bool takes_settings(const registry::recipe& recipe) {
    return !recipe.settings.empty() ||
           std::ranges::any_of(recipe.build, [](const auto& step) { return !step.as.empty(); });
}

std::string includes(const composition& what) {
    std::string text = "#include <uk/needs.hpp>\n#include <uk/wiring.hpp>\n";
    if (what.test) text += "#include <uk/test.hpp>\n";
    for (const resolver::chosen_component& one : what.answer.components) {
        if (has_config(one.entry->content)) text += fmt::format("#include <{}/config.hpp>\n", one.name);
    }
    return text;
}

} // namespace

result<generated_file> wiring(const composition& what) {
    parameter_code parameters;
    std::string instances, opening, externs;

    for (const chosen_instance& one : what.answer.instances) {
        const registry::recipe& recipe = what.answer.component(one.component)->entry->content;
        const std::string name = cpp_name(one.name);
        std::string arguments;
        for (const auto& [label, instance] : one.needs) {
            arguments += fmt::format("{}{}", arguments.empty() ? "" : ", ",
                                     instance.empty() ? "nobody" : cpp_name(instance) + ".value"); // in namespace parts
        }
        if (takes_settings(recipe)) {
            const std::string fields = TRY(settings_of(what, one, recipe, externs));
            instances +=
                fmt::format("constexpr {}::settings {}_settings{{{}}};\n", config_namespace(recipe), name, fields);
            arguments += fmt::format("{}{}_settings", arguments.empty() ? "" : ", ", name);
        }
        instances += fmt::format("uk::instance<type::{}> {}{{{}}}; // {} {}\n", name, name, arguments, one.component,
                                 what.answer.component(one.component)->id.text());
        std::string with;
        if (!recipe.parameters.empty()) {
            std::vector<std::string> names{one.name};
            for (const std::string& label : one.labels) {
                if (label != one.name) names.push_back(label);
            }
            add_parameters(parameters, recipe, name, names);
            with = fmt::format(", parts::{}_parameters", name);
        }
        opening += fmt::format("    const uk::wiring::opened {}_open{{{}, parts::{}.value{}}};\n    if (!{}_open) "
                               "return uk::wiring::could_not_start;\n",
                               name, cpp_string(one.name), name, with, name);
    }
    if (!what.manifest.parameters.empty()) add_parameters(parameters, what.manifest, "application", {""});

    std::string arguments;
    const auto pass = [&](const std::string& argument) { arguments += (arguments.empty() ? "" : ", ") + argument; };
    for (const registry::need& need : what.manifest.needs) {
        const auto filler = std::ranges::find_if(what.answer.instances, [&](const chosen_instance& one) {
            return std::ranges::find(one.labels, need.label) != one.labels.end();
        });
        pass(filler == what.answer.instances.end() ? "parts::nobody" : "parts::" + cpp_name(filler->name) + ".value");
    }
    if (!what.manifest.settings.empty()) {
        instances += "constexpr app::settings application_settings{};\n";
        pass("parts::application_settings");
    }
    if (!what.manifest.parameters.empty()) pass("parts::application_parameters");

    std::string text = fmt::format("// Generated by uk: the variant `{}` of {} {}, from its parameters to its end.\n",
                                   what.variant.name, what.manifest.name, what.manifest.id.text());
    text += includes(what);
    text += "\n" + externs +
            "\n// Everything that the image is made of.\nnamespace {\nnamespace parts {\n\nnamespace type = "
            "uk::image::type;\n\n";
    if (arguments.find("nobody") != std::string::npos || instances.find("nobody") != std::string::npos)
        text += "uk::none nobody; // fills optional needs that nothing else fills\n\n";
    if (!parameters.rows.empty()) {
        text += "// What can be said at boot.\n" + parameters.storage +
                fmt::format("const uk::parameter parameters[] = {{\n{}}};\n\n", parameters.rows);
    } else {
        text += "constexpr std::span<const uk::parameter> parameters; // there are none\n\n";
    }
    text += "// The instances, each behind those that it needs.\n" + instances +
            "\n} // namespace parts\n} // namespace\n\n";
    const std::size_t stack = what.manifest.stack_size ? what.manifest.stack_size : default_main_stack;
    text += fmt::format("const std::size_t uk::image::main_stack_size = {};\n", stack);
    text += fmt::format("const std::size_t uk::image::memory_size = {};\n\n",
                        what.variant.memory ? *what.variant.memory
                                            : what.answer.component(what.answer.target)->entry->content.target->memory);
    text +=
        "int uk::image::main() {\n    if (!uk::wiring::read(parts::parameters)) return uk::wiring::bad_parameter;\n" +
        parameters.after + "\n";
    if (!opening.empty())
        text += "    // Open; whatever is open closes in reverse when this function ends.\n" + opening + "\n";
    const std::string status = fmt::format("uk::wiring::status_of(run({}))", arguments);
    text += fmt::format("    return {};\n}}\n", what.test ? "uk::test::status_of(" + status + ")" : status);
    return generated_file{"wiring.cpp", text};
}

} // namespace uk::build
