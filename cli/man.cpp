// uk man: manual pages, from the same declarations as --help.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/context.hpp"
#include "cli/version.hpp"

namespace uk::cli {

using base::result;

namespace {

// groff_char(7): a backslash is `\e`, a hyphen that is typed `\-`, what isn't ASCII has its number; and a line must not begin
// with a request.
std::string roff(std::string_view text) {
    std::string all;
    while (!text.empty()) {
        const auto next = base::utf8::next(text).value_or(base::utf8::code_point{'?', 1});
        const char c = text.front();
        if (next.point >= 0x80) all += fmt::format("\\[u{:04X}]", next.point);
        else if (c == '\\') all += "\\e";
        else if (c == '-') all += "\\-";
        else if ((c == '.' || c == '\'') && (all.empty() || all.back() == '\n')) all += std::string{"\\&"} + c;
        else all += c;
        text.remove_prefix(next.length);
    }
    return all;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string file_of(const CLI::App& app, const CLI::App& verb) {
    return (&app == &verb ? "uk" : "uk-" + verb.get_name()) + ".1";
}

std::string option_text(const CLI::Option& one) {
    const std::string type = one.get_items_expected_max() > 0 ? one.get_type_name() : "";
    std::string names;
    if (!one.nonpositional()) {
        names = "\\fI" + roff(type) + "\\fR";
    } else {
        for (const std::string& name : one.get_snames())
            names += (names.empty() ? "\\fB" : ", \\fB") + roff("-" + name) + "\\fR";
        for (const std::string& name : one.get_lnames())
            names += (names.empty() ? "\\fB" : ", \\fB") + roff("--" + name) + "\\fR";
        if (!type.empty()) names += " \\fI" + roff(type) + "\\fR";
    }
    return fmt::format(".TP\n{}\n{}\n", names, roff(one.get_description()));
}

// Behind the options: what --help says there, its examples as they are typed.
std::string footer_text(const CLI::App& verb) {
    std::string said, examples;
    bool in_examples = false, between = false;
    const std::string footer = verb.get_footer();
    for (const std::string_view line : base::split(footer, '\n')) {
        if (line == "Example:" || line == "Examples:") {
            in_examples = true;
        } else if (line.empty()) {
            in_examples = false;
            between = !said.empty();
        } else if (in_examples) {
            examples += roff(line.substr(std::min<std::size_t>(line.size(), 2))) + "\n";
        } else {
            said += (between ? ".PP\n" : "") + roff(line) + "\n";
            between = false;
        }
    }
    std::string text;
    if (!said.empty()) text += ".SH NOTES\n" + said;
    if (!examples.empty()) text += ".SH EXAMPLES\n.nf\n" + examples + ".fi\n";
    return text;
}

std::string page(const CLI::App& app, const CLI::App& verb) {
    const bool top = &app == &verb;
    const std::string name = top ? "uk" : "uk-" + verb.get_name();
    std::string title = name;
    std::ranges::transform(title, title.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::string does = verb.get_description().substr(top ? name.size() + 1 : 0); // `uk builds …`
    // The third word would be a date: none, so that the same uk always writes the same.
    std::string text = fmt::format(".\\\" Written by `uk man`.\n.TH {} 1 \"\" \"{}\" \"uk\"\n.SH NAME\n{} \\- {}\n",
                                   title, version_text, roff(name), roff(does));
    text += fmt::format(".SH SYNOPSIS\n\\fBuk{}\\fR [\\fIOPTIONS\\fR]", top ? "" : " " + verb.get_name());
    const auto positionals = verb.get_options([](const CLI::Option* one) { return one->get_positional(); });
    for (const CLI::Option* one : positionals) {
        const std::string word =
            "\\fI" + roff(one->get_name(true)) + "\\fR" + (one->get_items_expected_max() > 1 ? "..." : "");
        text += one->get_required() ? " " + word : " [" + word + "]";
    }
    text += top ? " \\fIVERB\\fR\n" : "\n";
    text += ".SH OPTIONS\n";
    for (const CLI::Option* one : positionals) {
        if (!one->nonpositional()) text += option_text(*one); // else it is an option as well
    }
    for (const CLI::Option* one : verb.get_options()) {
        if (one->nonpositional() && !one->get_group().empty()) text += option_text(*one);
    }
    if (top) {
        text += ".SH VERBS\n";
        for (const CLI::App* one : verbs_of(app))
            text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(one->get_name()), roff(one->get_description()));
    }
    text += footer_text(verb);
    text += ".SH SEE ALSO\n";
    if (!top) return text + ".BR uk (1)\n";
    const auto all = verbs_of(app);
    for (const CLI::App* one : all)
        text += fmt::format(".BR uk\\-{} (1){}\n", roff(one->get_name()), one == all.back() ? "" : ",");
    return text;
}

result<int> write_pages(const CLI::App& app, const context& how, const std::string& folder) {
    CHECK(base::make_folders(how.folder / folder));
    CHECK(base::write_file(how.folder / folder / file_of(app, app), page(app, app)));
    for (const CLI::App* one : verbs_of(app))
        CHECK(base::write_file(how.folder / folder / file_of(app, *one), page(app, *one)));
    return 0;
}

} // namespace

void add_man(CLI::App& app, verb& chosen) {
    struct options {
        std::string name, folder;
    };
    CLI::App* const verb = app.add_subcommand("man", "Print a manual page");
    const auto asked = std::make_shared<options>();
    const auto name = verb->add_option("verb", asked->name, "Of which verb (none: of uk itself)")->type_name("VERB");
    verb->add_option("-o,--output", asked->folder, "Write all of them into this folder: uk.1, uk-build.1, …")
        ->type_name("DIR")
        ->excludes(name);
    verb->footer(
        "\nThey say what `--help` says; `cmake --install` puts them where man(1) finds them.\n\nExample:\n  uk man run "
        "| man -l -");
    verb->callback([&chosen, &app, asked] {
        chosen = [&app, asked](context& how) -> result<int> {
            if (!asked->folder.empty()) return write_pages(app, how, asked->folder);
            const CLI::App* of = &app;
            std::vector<std::string> known;
            for (const CLI::App* one : verbs_of(app)) {
                known.push_back(one->get_name());
                if (one->get_name() == asked->name) of = one;
            }
            if (of == &app && !asked->name.empty())
                return base::fail(base::status::usage, {}, "there is no verb `{}`{}", asked->name,
                                  base::did_you_mean(asked->name, known))
                    .hint("`uk --help` lists the verbs");
            how.print(page(app, *of));
            return 0;
        };
    });
}

} // namespace uk::cli
