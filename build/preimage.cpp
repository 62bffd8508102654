#include "build/preimage.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "build/shell.hpp"

namespace uk::build {

using base::json;

namespace {

std::string origin_of(const plan& what, const input& in) {
    if (const auto* other = std::get_if<output_of>(&in.from))
        return fmt::format("output of `{}`", name_of(what.actions[other->action]));
    if (const auto* file = std::get_if<host_file>(&in.from)) return file->file.lexically_normal().string();
    if (const auto* folder = std::get_if<host_folder>(&in.from)) return folder->folder.lexically_normal().string();
    return "generated";
}

// path → hash
std::map<std::string, std::string> read_listing(const std::string& text) {
    std::map<std::string, std::string> files;
    for (const std::string_view line : base::split(text, '\n')) {
        if (line.size() > 65) files.emplace(line.substr(65), line.substr(0, 64));
    }
    return files;
}

// Every key of two maps with its values, where they differ.
template <class Map, class Function>
void each_difference(const Map& before, const Map& now, Function tell) {
    for (const auto& [key, value] : before) {
        const auto other = now.find(key);
        if (other == now.end()) tell(key, &value, static_cast<decltype(&value)>(nullptr));
        else if (other->second != value) tell(key, &value, &other->second);
    }
    for (const auto& [key, value] : now) {
        if (!before.contains(key)) tell(key, static_cast<decltype(&value)>(nullptr), &value);
    }
}

void compare_inputs(const preimage& before, const preimage& now, const kept_listings& listing,
                    std::vector<change>& to) {
    using input = preimage::input;
    each_difference(before.inputs, now.inputs, [&](const std::string& path, const input* was, const input* is) {
        const std::string& from = (is ? is : was)->from;
        const auto add = [&](const std::string& what, const std::string& old, const std::string& fresh,
                             const std::string& where) {
            const bool counts = before.read.empty() || std::ranges::find(before.read, what) != before.read.end();
            if (!old.empty() && !fresh.empty() && !counts) return;
            to.push_back({change::type::input, what, old, fresh, where});
        };
        if (was && is && was->hash == is->hash) {
            if (was->executable != is->executable)
                add(path, was->executable ? "executable" : "not executable",
                    is->executable ? "executable" : "not executable", from);
            return; // `from` alone is no part of the key
        }
        const auto old = was ? listing(was->hash) : std::nullopt, fresh = is ? listing(is->hash) : std::nullopt;
        if (!was || !is || !old || !fresh) return add(path, was ? was->hash : "", is ? is->hash : "", from);
        const std::size_t known = to.size();
        each_difference(read_listing(*old), read_listing(*fresh),
                        [&](const std::string& file, const std::string* one, const std::string* other) {
                            add(path + "/" + file, one ? *one : "", other ? *other : "",
                                from == "." ? file : from + "/" + file);
                        });
        // Modes and empty folders; or nothing that was read.
        if (to.size() == known && before.read.empty()) add(path, was->hash, is->hash, from);
    });
}

void compare_arguments(const std::vector<std::string>& before, const std::vector<std::string>& now,
                       std::vector<change>& to) {
    if (before == now) return;
    std::multiset<std::string> gone{before.begin(), before.end()}, fresh;
    for (const std::string& word : now) {
        if (const auto at = gone.find(word); at != gone.end()) gone.erase(at);
        else fresh.insert(word);
    }
    if (gone.empty() && fresh.empty()) to.push_back({change::type::argument, "order", "", "", ""});
    // `-O2` for `-Os`: what begins alike belongs together.
    for (const std::string& word : fresh) {
        const auto pair = std::ranges::find_if(gone, [&](const std::string& old) {
            return old.size() > 1 && word.size() > 1 && old.substr(0, 2) == word.substr(0, 2);
        });
        to.push_back({change::type::argument, "", pair == gone.end() ? "" : *pair, word, ""});
        if (pair != gone.end()) gone.erase(pair);
    }
    for (const std::string& word : gone) to.push_back({change::type::argument, "", word, "", ""});
}

} // namespace

preimage preimage_of(const plan& what, std::size_t index, const keyed_action& mine,
                     const std::map<std::string, std::string>& needs) {
    const action& a = what.actions[index];
    preimage made{
        .arguments = a.arguments, .outputs = a.outputs, .environment = environment_of(a), .needs = needs, .inputs = {}};
    made.outputs.insert(made.outputs.end(), a.output_folders.begin(), a.output_folders.end());
    for (std::size_t i = 0; i < a.inputs.size(); ++i)
        made.inputs[a.inputs[i].path] = {mine.inputs[i].hash.hex(), origin_of(what, a.inputs[i]),
                                         a.inputs[i].executable};
    return made;
}

std::string write(const preimage& what) {
    json inputs = json::array();
    for (const auto& [path, in] : what.inputs) inputs.push_back({path, in.hash, in.from, in.executable});
    json all{{"arguments", what.arguments},
             {"outputs", what.outputs},
             {"environment", what.environment},
             {"needs", what.needs},
             {"inputs", std::move(inputs)}};
    if (!what.read.empty()) all["read"] = what.read;
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string write(const folder_listing& what) {
    std::string text;
    for (const folder_entry& one : what) {
        if (!one.is_folder) text += one.content.hash.hex() + " " + one.path + "\n";
    }
    return text;
}

std::optional<preimage> read_preimage(std::string_view text) {
    try {
        const json all = json::parse(text);
        preimage made{.arguments = all.at("arguments"),
                      .outputs = all.at("outputs"),
                      .environment = all.at("environment"),
                      .needs = all.at("needs"),
                      .inputs = {}};
        for (const json& one : all.at("inputs")) made.inputs[one.at(0)] = {one.at(1), one.at(2), one.at(3)};
        if (all.contains("read")) made.read = all["read"];
        return made;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

std::vector<change> changes(const preimage& before, const preimage& now, const kept_listings& listing) {
    std::vector<change> all;
    compare_inputs(before, now, listing, all);
    compare_arguments(before.arguments, now.arguments, all);
    using text = std::string;
    each_difference(before.environment, now.environment, [&](const text& name, const text* was, const text* is) {
        all.push_back({change::type::environment, name, was ? *was : "", is ? *is : "", ""});
    });
    each_difference(before.needs, now.needs, [&](const text& name, const text* was, const text* is) {
        const auto kind = name == "toolchain" ? change::type::toolchain : change::type::sandbox;
        all.push_back({kind, name, was ? *was : "", is ? *is : "", ""});
    });
    if (before.outputs != now.outputs)
        all.push_back({change::type::output, "", shell_line(before.outputs), shell_line(now.outputs), ""});
    if (!all.empty() || before.read.empty()) return all;
    preimage whole = before; // a mode, an empty folder: what differs is said in any case
    whole.read.clear();
    return changes(whole, now, listing);
}

std::string describe(const change& one) {
    const auto shortened = [](const std::string& toolchain) { // name-version-fingerprint
        const auto dash = toolchain.rfind('-');
        return dash == std::string::npos ? toolchain : toolchain.substr(0, dash) + " " + toolchain.substr(dash + 1, 12);
    };
    const char* how = one.was.empty() ? "is new" : one.now.empty() ? "is gone" : "changed";
    switch (one.kind) {
    case change::type::input:
        if (one.from == "generated") return fmt::format("{} {} (generated)", one.what, how);
        if (one.from.starts_with("output of")) return fmt::format("{} {} ({})", one.what, how, one.from);
        if (one.now.ends_with("executable")) return fmt::format("{} is {} now", one.from, one.now);
        return fmt::format("{} {}", one.from, how);
    case change::type::argument:
        if (one.what == "order") return "the command's arguments stand in another order";
        if (one.was.empty()) return fmt::format("the command has {} as well", shell_line({one.now}));
        if (one.now.empty()) return fmt::format("the command lacks {} now", shell_line({one.was}));
        return fmt::format("the command has {} instead of {}", shell_line({one.now}), shell_line({one.was}));
    case change::type::environment:
        if (one.now.empty()) return fmt::format("the environment lacks {} now", one.what);
        return fmt::format("the environment has {}{}", shell_line({one.what + "=" + one.now}),
                           one.was.empty() ? "" : " instead of " + shell_line({one.was}));
    case change::type::toolchain:
        return fmt::format("the toolchain is {} instead of {}", shortened(one.now), shortened(one.was));
    case change::type::sandbox: return one.now.empty() ? "it runs in the sandbox again" : "it runs without the sandbox";
    case change::type::output: return fmt::format("it makes {} instead of {}", one.now, one.was);
    }
    return "";
}

} // namespace uk::build
