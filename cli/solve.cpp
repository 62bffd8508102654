// uk solve: universes as text (docs/reference/universes.md), for tests, bug reports and foreign data.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "resolver/explain.hpp"
#include "resolver/verdicts.hpp"

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
        text.append("  locked ").append(c.name).append(" ").append(c.id.text());
        for (const auto& [name, value] : c.options)
            text += fmt::format("{}{} = {}", name == c.options.begin()->first ? "  # " : ", ", name, value);
        text += "\n";
    }
    for (const auto& s : a.signatures) text += fmt::format("  locked {} {}\n", s.name, s.id.text());
    return text;
}

struct what_to_solve {
    std::string file;
    bool verdicts = false;
    int line = 0; ///< of the only request; 0: every one
};

result<int> print_verdicts(context& how, const facts::index& known) {
    using resolver::core::outcome;
    const std::vector<outcome> verdicts = facts::verdicts(known);
    int status = 0;
    std::string text;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        const facts::request& asked = known.all().requests[i];
        if (verdicts[i] == outcome::exhausted) {
            how.print(text);
            return facts::out_of_limits(known, asked, {});
        }
        const bool solved = verdicts[i] == outcome::consistent;
        if (!solved) status = 1;
        if (how.json) text += json{{"target", asked.target}, {"line", asked.line}, {"solved", solved}}.dump() + "\n";
        else text += fmt::format("request {}  # line {}: {}\n", asked.target, asked.line, solved ? "yes" : "no");
    }
    how.print(text);
    return status;
}

result<int> solve(context& how, const what_to_solve& what) {
    const base::at_once nothing_is_half_done;
    const std::string text = TRY(base::read_file(how.folder / what.file));
    auto all = facts::parse_universe(text, what.file);
    if (!all) {
        how.say(base::render(all.error(), how.colour));
        return 2;
    }
    if (what.line != 0) {
        std::erase_if(all->requests, [&](const facts::request& one) { return one.line != what.line; });
        if (all->requests.empty())
            return base::fail(base::status::usage, {what.file, what.line, 0}, "no request begins on this line");
    }
    std::vector<std::string_view> lines; // once one is asked for
    const facts::index known{*all};
    if (what.verdicts) return print_verdicts(how, known);
    int status = 0;
    for (const facts::request& asked : all->requests) {
        const facts::answer answer = TRY(facts::solve(known, asked));
        if (!answer.solved) status = 1;
        if (how.json && !answer.solved && lines.empty()) lines = base::split(text, '\n');
        how.print(how.json ? as_json(known, asked, answer, lines).dump() + "\n" : as_text(known, asked, answer));
    }
    return status;
}

} // namespace

void add_solve(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("solve", "Solve the requests of a universe that is written as text");
    const auto what = std::make_shared<what_to_solve>();
    verb->add_option("file", what->file, "The universe; `docs/reference/universes.md` says how it is written")
        ->required()
        ->type_name("FILE");
    verb->add_flag("--verdicts", what->verdicts,
                   "Only whether each request has an answer, not which or why: much faster");
    verb->add_option("--request", what->line, "Only the request that begins on this line")
        ->type_name("LINE")
        ->check(CLI::PositiveNumber);
    verb->footer("\nEnds with 0 when every request is solved, with 1 when one isn't, with 2 when the file is wrong.\n"
                 "\nExamples:\n  uk solve conflict.txt\n  uk solve --verdicts conflict.txt\n"
                 "  uk solve --request 27 conflict.txt");
    verb->callback([&chosen, what] { chosen = [what](context& how) { return solve(how, *what); }; });
}

} // namespace uk::cli
