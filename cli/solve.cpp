// uk solve: universes as text (docs/reference/universes.md), for tests, bug reports and foreign data.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "resolver/explain.hpp"

namespace uk::cli {

using base::json;
using base::result;
namespace facts = resolver::facts;

namespace {

std::string_view text_of(int line, const std::vector<std::string_view>& lines) {
    return base::trim(lines[static_cast<std::size_t>(line - 1)]);
}

base::diagnostic explained(const facts::index& known, const facts::request& asked, const facts::answer& a, bool hints) {
    std::vector<std::string> names;
    for (const auto& [name, versions] : known.all().components) names.push_back(name);
    for (const auto& [name, versions] : known.all().signatures) names.push_back(name);
    return facts::explain(known, asked, a, {.asker = asked.target, .names = names, .hints = hints})
        .diagnostics()
        .front();
}

std::string sentence_of(const base::note& one) { return fmt::format("{} {}", one.label, one.text); }

json as_json(const facts::index& known, const facts::request& asked, const facts::answer& a,
             const std::vector<std::string_view>& lines) {
    json one{{"target", asked.target}, {"solved", a.solved}};
    if (!a.solved) {
        one["because"] = json::array();
        for (const int line : a.because) one["because"].push_back({{"line", line}, {"text", text_of(line, lines)}});
        const base::diagnostic why = explained(known, asked, a, false);
        std::string text = why.message;
        for (const base::note& note : why.notes) text += "\n" + sentence_of(note);
        one["text"] = text;
        return one;
    }
    for (const char* list : {"components", "signatures", "wiring", "alternatives"}) one[list] = json::array();
    for (const auto& c : a.components)
        one["components"].push_back({{"name", c.name}, {"version", c.id.text()}, {"options", c.options}});
    for (const auto& s : a.signatures) one["signatures"].push_back({{"name", s.name}, {"version", s.id.text()}});
    for (const auto& w : a.wiring)
        one["wiring"].push_back({{"hole", w.hole},
                                 {"signature", w.signature},
                                 {"instance", w.instance.empty() ? json{} : json(w.instance)},
                                 {"component", w.component.empty() ? json{} : json(w.component)}});
    for (const auto& alternative : a.alternatives)
        one["alternatives"].push_back({{"at", alternative.at}, {"chosen", alternative.chosen}});
    return one;
}

// As `locked` lines: put below the request, they keep the answer.
std::string as_text(const facts::index& known, const facts::request& asked, const facts::answer& a) {
    std::string text = fmt::format("request {}  # line {}\n", asked.target, asked.line);
    if (!a.solved) {
        const base::diagnostic why = explained(known, asked, a, true);
        text += fmt::format("  # no solution: {}\n", why.message);
        for (const base::note& one : why.notes)
            text += fmt::format("  # {:>4}: {}\n", one.where.line == 0 ? "" : std::to_string(one.where.line),
                                sentence_of(one));
        if (!why.hint.empty()) text += fmt::format("  # hint: {}\n", why.hint);
        return text;
    }
    for (const auto& w : a.wiring) text += fmt::format("  locked {} = {}\n", w.hole, w.filler());
    for (const auto& one : a.alternatives) text += fmt::format("  locked {} = {}\n", one.at, one.chosen);
    for (const auto& c : a.components) {
        text += fmt::format("  locked {} {}", c.name, c.id.text());
        for (const auto& [name, value] : c.options)
            text += fmt::format("{}{} = {}", name == c.options.begin()->first ? "  # " : ", ", name, value);
        text += "\n";
    }
    for (const auto& s : a.signatures) text += fmt::format("  locked {} {}\n", s.name, s.id.text());
    return text;
}

result<int> solve(context& how, const std::string& file) {
    const std::string text = TRY(base::read_file(how.folder / file));
    auto all = facts::parse_universe(text, file);
    if (!all) {
        how.say(base::render(all.error(), how.colour));
        return 2;
    }
    const std::vector<std::string_view> lines = base::split(text, '\n');
    const facts::index known{*all};
    int status = 0;
    for (const facts::request& asked : all->requests) {
        const facts::answer answer = TRY(facts::solve(known, asked));
        if (!answer.solved) status = 1;
        how.print(how.json ? as_json(known, asked, answer, lines).dump() + "\n" : as_text(known, asked, answer));
    }
    return status;
}

} // namespace

void add_solve(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("solve", "Solve the requests of a universe that is written as text");
    const auto file = std::make_shared<std::string>();
    verb->add_option("file", *file, "The universe; `docs/reference/universes.md` says how it is written")
        ->required()
        ->type_name("FILE");
    verb->footer("\nEnds with 0 when every request is solved, with 1 when one isn't, with 2 when the file is wrong.\n"
                 "\nExample:\n  uk solve conflict.txt");
    verb->callback([&chosen, file] { chosen = [file](context& how) { return solve(how, *file); }; });
}

} // namespace uk::cli
