#include "build/check.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "build/compose.hpp"

namespace uk::build {

using base::diagnostic;
using base::error;
using base::json;
using base::note;
using base::place;
using base::status;

namespace {

// `app/src/main.cpp` is the project's src/main.cpp; `src/time.clock/include/…` is a file of that component.
std::string shown_path(std::string_view file) {
    if (file.starts_with("app/")) return std::string{file.substr(4)};
    if (file.starts_with("src/")) return std::string{file.substr(4)};
    return std::string{file};
}

void flatten(const json& list, std::vector<compiler_message>& to) {
    for (const json& one : list) {
        compiler_message m;
        m.kind = one.value("kind", "error");
        m.text = one.value("message", "");
        if (const auto at = one.find("locations"); at != one.end() && !at->empty()) {
            if (const auto caret = (*at)[0].find("caret"); caret != (*at)[0].end())
                m.where = {shown_path(caret->value("file", "")), caret->value("line", 0),
                           caret->value("display-column", caret->value("column", 0))};
        }
        to.push_back(std::move(m));
        if (const auto children = one.find("children"); children != one.end()) flatten(*children, to);
    }
}

// GCC quotes with ' in the C locale, with typographic marks in others.
std::string plain_quotes(std::string text) {
    std::ranges::replace(text, '\'', '`');
    for (const char* quote : {"\u2018", "\u2019"}) {
        for (auto at = text.find(quote); at != std::string::npos; at = text.find(quote)) text.replace(at, 3, "`");
    }
    return text;
}

std::string first_quoted(const std::string& text) {
    const auto begin = text.find('`');
    const auto end = begin == std::string::npos ? begin : text.find('`', begin + 1);
    return end == std::string::npos ? text : text.substr(begin + 1, end - begin - 1);
}

std::string version_of(const resolver::resolution& answer, const std::string& component) {
    const auto* chosen = answer.component(component);
    return chosen ? component + " " + chosen->id.text() : component;
}

// The messages behind a static assertion of needs.hpp: which operation of the signature isn't there, and what is instead.
diagnostic explain_assertion(std::span<const compiler_message> messages, const resolver::resolution& answer) {
    static const std::regex form{"static assertion failed: uk: `(.*)` \\((.*)\\) fills `(.*)` of (.*) and is no (.*)"};
    diagnostic d;
    std::smatch m;
    const std::string head = plain_quotes(messages.front().text);
    std::string signature, component;
    if (std::regex_match(head, m, form)) {
        component = m[2];
        signature = m[5];
        d.message =
            fmt::format("`{}` says that it implements `{}`, and does not", version_of(answer, component), signature);
        d.notes.push_back({"filled by it", fmt::format("`{}` of {}", m[3].str(), m[4].str()), {}});
    } else {
        d.message = head.substr(head.find("uk: ") == std::string::npos ? 0 : head.find("uk: ") + 4);
    }
    for (const compiler_message& one : messages.subspan(1)) {
        const std::string text = plain_quotes(one.text);
        if (text.find("the required expression") != std::string::npos) {
            d.notes.push_back(
                {"operation", fmt::format("`{}` is missing or can't be called so", first_quoted(text)), one.where});
            if (d.where.file.empty()) d.where = one.where;
        } else if (text.find("does not satisfy return-type-requirement") != std::string::npos) {
            d.notes.push_back({"operation", fmt::format("`{}` returns another type", first_quoted(text)), one.where});
            if (d.where.file.empty()) d.where = one.where;
        } else if (const auto with = text.find("[with _Tp = "); with != std::string::npos) {
            const auto between = text.find("; _Up = ", with), end = text.rfind(" ]");
            if (between == std::string::npos) continue;
            d.notes.push_back(
                {"expected",
                 text.substr(between + 8, (end == std::string::npos ? text.rfind(']') : end) - between - 8),
                 {}});
            d.notes.push_back({"found", text.substr(with + 12, between - with - 12), {}});
        } else if (text.find("has no member named") != std::string::npos ||
                   text.find("no matching function") != std::string::npos) {
            d.notes.push_back({"found", text, {}});
        }
    }
    if (!component.empty())
        d.hint = fmt::format(
            "correct `{}`, or fill the need with another component by `use:`; `uk why {}` says why it was chosen",
            component, component);
    return d;
}

// A message that speaks of an archetype: which signature it stands for.
const resolver::chosen_signature* archetype_in(const std::string& text, const resolver::resolution& answer) {
    for (const resolver::chosen_signature& one : answer.signatures) {
        const auto& part = one.entry->content.signature;
        if (part && !part->archetype_class.empty() && text.find(part->archetype_class) != std::string::npos)
            return &one;
    }
    return nullptr;
}

diagnostic explain_archetype(const compiler_message& message, const resolver::chosen_signature& signature,
                             const std::string& who, const registry::recipe* needs_of) {
    static const std::regex member{".*has no member named `(.*)`.*"};
    const std::string text = plain_quotes(message.text);
    const registry::signature_part& part = *signature.entry->content.signature;
    diagnostic d;
    d.where = message.where;
    std::smatch m;
    if (std::regex_match(text, m, member)) {
        d.message = fmt::format("{} uses `{}`, which the signature `{}` doesn't have", who, m[1].str(), signature.name);
    } else if (text.find("deleted function") != std::string::npos) {
        d.message = fmt::format("{} copies, moves or makes an instance of `{}`", who, signature.name);
        d.hint = "instances belong to the image; pass them on by reference";
    } else {
        std::string said = text;
        for (auto at = said.find(part.archetype_class); at != std::string::npos; at = said.find(part.archetype_class))
            said.replace(at, part.archetype_class.size(), signature.name);
        d.message = fmt::format("{} asks more of `{}` than it promises: {}", who, signature.name, said);
    }
    if (needs_of) {
        for (const registry::need& need : needs_of->needs) {
            if (need.signature.name == signature.name)
                d.notes.push_back({"needed as", fmt::format("`{}: {}`", need.label, signature.name), need.where});
        }
    }
    d.notes.push_back({"signature",
                       fmt::format("`{} {}`, <{}>", signature.name, signature.id.text_short(), part.concept_header),
                       {}});
    if (d.hint.empty())
        d.hint = "what only one implementation has doesn't work on the next target; use what the signature gives";
    return d;
}

error own_words(const action& failed, const std::string& said) {
    return base::fail(status::failed, {}, "`{}` of {} for `{}` failed", failed.label, failed.component, failed.variant)
        .add({"said", std::string{base::trim(with_own_paths(said))}, {}});
}

error explain_link(const action& failed, const std::string& said, const registry::recipe& manifest) {
    std::string prototype = run_declaration(manifest);
    prototype.resize(prototype.size() - 2);
    if (said.find("undefined reference to `uk_test_run'") != std::string::npos) // of a test; compose.cpp
        return error{status::failed,
                     fmt::format("the test doesn't define `run` as the needs of `{}` ask for it", manifest.name),
                     {failed.label.substr(failed.label.find(' ') + 1), 0, 0},
                     fmt::format("define `{}` in it, behind `#include <uk/needs.hpp>`", prototype)};
    if (said.find("undefined reference to `run(") == std::string::npos) return own_words(failed, said);
    return error{
        status::failed, fmt::format("the application `{}` doesn't define `run` as its needs ask for it", manifest.name),
        manifest.where, fmt::format("define `{}` in one of its sources, behind `#include <uk/needs.hpp>`", prototype)};
}

bool is_link(const action& one) { return one.label == "link" || one.label.starts_with("link "); }

} // namespace

std::string with_own_paths(std::string_view said) {
    static const std::regex path{"(^|\\n| )app/"};
    return std::regex_replace(std::string{said}, path, "$1");
}

std::vector<compiler_message> read_compiler_messages(std::string_view text) {
    std::vector<compiler_message> all;
    // One array for each compiler process, a line each; other lines are the driver's.
    for (std::string_view line : base::split(text, '\n')) {
        if (!line.starts_with("[")) continue;
        const json list = json::parse(line, nullptr, false);
        if (list.is_array()) flatten(list, all);
    }
    return all;
}

error explain_check(const action& failed, std::string_view text, const registry::recipe& manifest,
                    const resolver::resolution& answer) {
    const std::vector<compiler_message> messages = read_compiler_messages(text);
    const bool application = failed.component == "application";
    const std::string who = application ? fmt::format("the application `{}`", manifest.name)
                                        : fmt::format("the component `{}`", failed.component);
    const auto* component = answer.component(failed.component);
    const registry::recipe* needs_of = application ? &manifest : component ? &component->entry->content : nullptr;

    std::optional<error> all;
    const auto add = [&](diagnostic d) {
        d.notes.push_back({"variant", failed.variant, {}});
        error one{status::failed, std::move(d)};
        if (all) all->merge(std::move(one));
        else all = std::move(one);
    };
    const auto is_assertion = [](const compiler_message& m) {
        return m.text.find("static assertion failed: uk: ") != std::string::npos;
    };
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (is_assertion(messages[i])) {
            std::size_t end = i + 1;
            while (end < messages.size() && !is_assertion(messages[end])) ++end;
            add(explain_assertion(std::span{messages}.subspan(i, end - i), answer));
            i = end - 1;
        } else if (messages[i].kind == "error" || messages[i].kind == "fatal error") {
            if (const auto* signature = archetype_in(messages[i].text, answer))
                add(explain_archetype(messages[i], *signature, who, needs_of));
        }
    }
    if (all) return *std::move(all);

    // Nothing of ours: the compiler's own errors, with their places.
    for (const compiler_message& one : messages) {
        if (one.kind == "error" || one.kind == "fatal error") add({one.where, plain_quotes(one.text), {}, ""});
    }
    if (all) return *std::move(all);
    return own_words(failed, std::string{text});
}

std::optional<error> explain_failures(const plan& what, const outcome& done, const registry::recipe& manifest,
                                      const resolver::resolution& answer) {
    std::optional<error> all;
    const auto add = [&](error one) {
        if (all) all->merge(std::move(one));
        else all = std::move(one);
    };
    const auto failed = [&](std::size_t i) {
        return !done.actions[i].ok && !done.actions[i].errors.empty() && what.actions[i].keep_errors;
    };
    for (const bool checks : {true, false}) {
        // The compiler's own words only where no check has said it better.
        if (all) break;
        for (std::size_t i = 0; i < what.actions.size(); ++i) {
            if (!failed(i) || is_check(what.actions[i]) != checks) continue;
            if (checks) {
                // A plain mistake in the application is said better, with its line, by the compilation itself.
                error said = explain_check(what.actions[i], done.actions[i].errors, manifest, answer);
                const bool ours =
                    !said.diagnostics().front().notes.empty() && said.diagnostics().front().notes.size() > 1;
                if (ours || what.actions[i].component != "application") add(std::move(said));
            } else if (is_link(what.actions[i])) {
                add(explain_link(what.actions[i], done.actions[i].errors, manifest));
            } else {
                add(own_words(what.actions[i], done.actions[i].errors));
            }
        }
    }
    return all;
}

} // namespace uk::build
