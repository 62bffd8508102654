#include "targets/bundle.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "targets/console.hpp"

namespace uk::targets {

using base::fail;
using base::result;
using base::status;
using base::yaml::node;
using base::yaml::quote;

run_configuration configure_run(const registry::recipe& manifest, const registry::variant& variant,
                                const resolver::resolution& answer) {
    const registry::target_part& target = *answer.component(answer.target)->entry->content.target;
    run_configuration how;
    how.image = target.family == "hosted" ? manifest.name : manifest.name + ".elf";
    how.runner = target.runner;
    how.architecture = target.architecture;
    how.machines = target.machines;
    how.memory = variant.memory ? *variant.memory : target.memory;
    for (const registry::written_value& one : variant.parameters)
        how.parameters.push_back(one.name + "=" + one.node.text);
    return how;
}

namespace {

std::string list(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + quote(word);
    return "[" + text + "]";
}

result<std::vector<std::string>> words_of(const node& n) {
    std::vector<std::string> words;
    if (!n.is_sequence()) return fail(status::input, n.where, "expected a list");
    for (const node& item : n.items) {
        if (!item.is_scalar()) return fail(status::input, item.where, "expected a word");
        words.push_back(item.text);
    }
    return words;
}

} // namespace

std::string write_run_yaml(const run_configuration& how) {
    std::string text = "# Written by uk: how the image beside it is run. `uk run` reads it.\n";
    text += fmt::format("format: 1\nimage: {}\nrunner: {}\narchitecture: {}\n", quote(how.image), quote(how.runner),
                        quote(how.architecture));
    if (!how.machines.empty()) text += fmt::format("machines: {}\n", list(how.machines));
    if (how.memory) text += fmt::format("memory: {}\n", base::format_size(how.memory));
    if (!how.parameters.empty()) text += fmt::format("parameters: {}\n", list(how.parameters));
    return text;
}

result<run_configuration> read_run_yaml(std::string_view text, const std::string& file) {
    const node top = TRY(base::yaml::parse(text, file));
    if (!top.is_mapping()) return fail(status::input, top.where, "expected a run configuration");
    run_configuration how;
    const std::vector<std::string> known = {"format",   "image",  "runner",    "architecture",
                                            "machines", "memory", "parameters"};
    for (const auto& [key, value] : top.entries) {
        if (std::ranges::find(known, key.text) == known.end())
            return fail(status::input, key.where, "unknown field `{}`{}", key.text,
                        base::did_you_mean(key.text, known));
        if (key.text == "machines") {
            how.machines = TRY(words_of(value));
        } else if (key.text == "parameters") {
            how.parameters = TRY(words_of(value));
        } else if (!value.is_scalar()) {
            return fail(status::input, value.where, "expected one word for `{}`", key.text);
        } else if (key.text == "format" && value.text != "1") {
            return fail(status::input, value.where, "the format is {}, and this uk knows 1", value.text)
                .hint("build it again with this uk");
        } else if (key.text == "image") {
            how.image = value.text;
        } else if (key.text == "runner") {
            how.runner = value.text;
        } else if (key.text == "architecture") {
            how.architecture = value.text;
        } else if (key.text == "memory") {
            const auto size = base::parse_size(value.text);
            if (!size) return fail(status::input, value.where, "expected a size such as 16MiB, not `{}`", value.text);
            how.memory = *size;
        }
    }
    if (how.image.empty() || how.image.find('/') != std::string::npos)
        return fail(status::input, top.where, "`image` must name a file beside it");
    if (how.runner.empty()) return fail(status::input, top.where, "`runner` is missing");
    return how;
}

std::string write_xl(const run_configuration& how, const std::string& name) {
    // xl.cfg(5). The guest's own exit is final: nothing restarts it behind its owner's back.
    std::string text = "# Written by uk. Start it in this folder: xl create -c " + name + ".xl\n";
    text += fmt::format("name = \"{}\"\ntype = \"pvh\"\nkernel = \"{}\"\nmemory = {}\nvcpus = 1\n", name, how.image,
                        std::max<std::uint64_t>(1, how.memory >> 20));
    if (!how.parameters.empty()) {
        std::string escaped;
        for (const char c : command_line(how.parameters))
            escaped += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
        text += fmt::format("cmdline = \"{}\"\n", escaped);
    }
    return text + "on_poweroff = \"destroy\"\non_reboot = \"destroy\"\non_crash = \"destroy\"\n";
}

} // namespace uk::targets
