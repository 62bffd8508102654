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
    how.cards = network_cards(answer);
    how.ports = manifest.ports;
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

result<std::vector<registry::port>> ports_of(const node& n) {
    std::vector<registry::port> ports;
    for (const std::string& word : TRY(words_of(n))) {
        const auto read = registry::parse_port(word);
        if (!read) return fail(status::input, n.where, "expected ports such as 8080 or 53/udp, not `{}`", word);
        ports.push_back(*read);
    }
    return ports;
}

result<std::vector<network_card>> cards_of(const node& n) {
    std::vector<network_card> cards;
    if (!n.is_sequence()) return fail(status::input, n.where, "expected a list");
    for (const node& item : n.items) {
        const node* instance = item.is_mapping() ? item.find("instance") : nullptr;
        if (!instance || !instance->is_scalar())
            return fail(status::input, item.where, "a card needs the field `instance`");
        network_card& card = cards.emplace_back(network_card{instance->text, {}, {}});
        if (const node* names = item.find("interface")) card.interface = TRY(words_of(*names));
        if (const node* names = item.find("address")) card.address = TRY(words_of(*names));
    }
    return cards;
}

std::string card_text(const network_card& card) {
    std::string text = "instance: " + quote(card.instance);
    if (!card.interface.empty()) text += ", interface: " + list(card.interface);
    if (!card.address.empty()) text += ", address: " + list(card.address);
    return "  - {" + text + "}\n";
}

} // namespace

std::string write_run_yaml(const run_configuration& how) {
    std::string text = "# Written by uk: how the image beside it is run. `uk run` reads it.\n";
    text += fmt::format("format: 1\nimage: {}\nrunner: {}\narchitecture: {}\n", quote(how.image), quote(how.runner),
                        quote(how.architecture));
    if (!how.machines.empty()) text += fmt::format("machines: {}\n", list(how.machines));
    if (how.memory) text += fmt::format("memory: {}\n", base::format_size(how.memory));
    if (!how.parameters.empty()) text += fmt::format("parameters: {}\n", list(how.parameters));
    if (!how.cards.empty()) text += "cards:\n";
    for (const network_card& card : how.cards) text += card_text(card);
    std::vector<std::string> ports;
    for (const registry::port& one : how.ports) ports.push_back(registry::port_text(one));
    if (!ports.empty()) text += fmt::format("ports: [{}]\n", base::join(ports, ", "));
    return text;
}

result<run_configuration> read_run_yaml(std::string_view text, const std::string& file) {
    const node top = TRY(base::yaml::parse(text, file));
    if (!top.is_mapping()) return fail(status::input, top.where, "expected a run configuration");
    run_configuration how;
    const std::vector<std::string> known = {"format", "image",      "runner", "architecture", "machines",
                                            "memory", "parameters", "cards",  "ports"};
    for (const auto& [key, value] : top.entries) {
        if (std::ranges::find(known, key.text) == known.end())
            return fail(status::input, key.where, "unknown field `{}`{}", key.text,
                        base::did_you_mean(key.text, known));
        if (key.text == "machines") {
            how.machines = TRY(words_of(value));
        } else if (key.text == "parameters") {
            how.parameters = TRY(words_of(value));
        } else if (key.text == "cards") {
            how.cards = TRY(cards_of(value));
        } else if (key.text == "ports") {
            how.ports = TRY(ports_of(value));
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
    if (!how.cards.empty()) {
        // xl-network-configuration(5): an empty specification is a card on the default bridge.
        std::string cards;
        for (std::size_t i = 0; i < how.cards.size(); ++i) cards += i == 0 ? "\"\"" : ", \"\"";
        text += fmt::format("vif = [{}]\n", cards);
    }
    return text + "on_poweroff = \"destroy\"\non_reboot = \"destroy\"\non_crash = \"destroy\"\n";
}

} // namespace uk::targets
