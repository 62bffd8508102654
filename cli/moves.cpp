#include "cli/moves.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace uk::cli {

using base::json;

std::vector<move> moves_between(const std::map<std::string, std::string>& before,
                                const std::map<std::string, std::string>& after) {
    std::vector<move> all;
    for (const auto& [name, version] : after) {
        const auto old = before.find(name);
        if (old == before.end()) all.push_back({name, "", version});
        else if (old->second != version) all.push_back({name, old->second, version});
    }
    for (const auto& [name, version] : before)
        if (!after.contains(name)) all.push_back({name, version, ""});
    return all;
}

std::string in_words(const move& one, std::string_view from) {
    if (one.before.empty()) return fmt::format("`{} {}` comes in", one.name, one.after);
    if (one.after.empty()) return fmt::format("`{} {}` goes", one.name, one.before);
    return fmt::format("`{}` {} {} to {}", one.name, from, one.before, one.after);
}

json moves_between(const resolver::lock& before, const resolver::lock& after) {
    json all = json::array();
    for (const resolver::locked_variant& now : after.variants) {
        const auto then = std::ranges::find(before.variants, now.name, &resolver::locked_variant::name);
        const auto old = then == before.variants.end() ? decltype(now.components){} : then->components;
        for (const move& one : moves_between(old, now.components))
            all.push_back({{"variant", now.name}, {"name", one.name}, {"before", one.before}, {"after", one.after}});
    }
    const auto component = [](const resolver::lock& one) -> std::map<std::string, std::string> {
        if (!one.toolchain || one.toolchain->fingerprint) return {};
        return {{one.toolchain->name, one.toolchain->version}};
    };
    for (const move& one : moves_between(component(before), component(after)))
        all.push_back({{"variant", nullptr}, {"name", one.name}, {"before", one.before}, {"after", one.after}});
    return all;
}

std::string moves_text(const json& moves) {
    std::string text;
    for (const json& one : moves)
        text += fmt::format("{}: {}\n", one["variant"].is_null() ? "toolchain" : one["variant"].get<std::string>(),
                            in_words({one["name"], one["before"], one["after"]}, "from"));
    return text;
}

} // namespace uk::cli
