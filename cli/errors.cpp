#include "cli/errors.hpp"

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace uk::cli {

using base::json;

namespace {

json place_json(const base::place& where) {
    json result = json::object();
    if (!where.file.empty()) result["file"] = where.file;
    if (where.line > 0) result["line"] = where.line;
    if (where.column > 0) result["column"] = where.column;
    return result;
}

json error_json(const base::error& what) {
    json list = json::array();
    for (const base::diagnostic& one : what.diagnostics()) {
        json entry = place_json(one.where);
        entry["message"] = one.message;
        if (!one.hint.empty()) entry["hint"] = one.hint;
        for (const base::note& note : one.notes) {
            json text = place_json(note.where);
            text["label"] = note.label;
            text["text"] = note.text;
            entry["notes"].push_back(text);
        }
        list.push_back(std::move(entry));
    }
    json result{{"status", static_cast<int>(what.kind())}, {"errors", list}};
    if (!what.context().empty()) result["while"] = what.context();
    return result;
}

} // namespace

int report(const context& how, const base::error& what) {
    if (how.json) how.print(error_json(what).dump(2) + "\n");
    const std::string text = base::render(what, how.colour);
    std::fwrite(text.data(), 1, text.size(), stderr);
    return static_cast<int>(what.kind());
}

base::error usage_error(const CLI::App& app, const CLI::ParseError& problem, const std::vector<std::string>& words) {
    std::vector<std::string> names;
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(verb->get_name());
    const auto first = std::ranges::find_if(words, [](const std::string& word) { return !word.starts_with("-"); });
    if (app.get_subcommands().empty() && first != words.end() && std::ranges::find(names, *first) == names.end()) {
        return base::fail(base::status::usage, {}, "there is no verb `{}`{}", *first, base::did_you_mean(*first, names))
            .hint("`uk --help` lists the verbs");
    }
    if (app.get_subcommands().empty())
        return base::error{base::status::usage, "a verb is missing", {}, "`uk --help` lists the verbs"};
    const std::string verb = app.get_subcommands().front()->get_name();
    std::string said = problem.what();
    if (!said.empty()) said.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(said.front())));
    return base::error{base::status::usage, std::move(said), {}, "`uk " + verb + " --help` shows how it is used"};
}

} // namespace uk::cli
