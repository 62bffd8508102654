#include "base/error.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace uk::base {

std::string place::text() const {
    if (file.empty() || line == 0) return file;
    return column == 0 ? fmt::format("{}:{}", file, line) : fmt::format("{}:{}:{}", file, line, column);
}

error::error(status kind, diagnostic first) : kind_{kind} { diagnostics_.push_back(std::move(first)); }

error::error(status kind, std::string message, place where, std::string hint) : kind_{kind} {
    diagnostics_.push_back({std::move(where), std::move(message), {}, std::move(hint)});
}

error& error::hint(std::string text) & {
    diagnostics_.back().hint = std::move(text);
    return *this;
}

error&& error::hint(std::string text) && { return std::move(hint(std::move(text))); }

error& error::add(note one) & {
    diagnostics_.back().notes.push_back(std::move(one));
    return *this;
}

error&& error::add(note one) && { return std::move(add(std::move(one))); }

error& error::add_context(std::string doing) & {
    context_.push_back(std::move(doing));
    return *this;
}

error&& error::add_context(std::string doing) && { return std::move(add_context(std::move(doing))); }

error& error::merge(error other) & {
    for (auto& one : other.diagnostics_) diagnostics_.push_back(std::move(one));
    for (auto& one : other.context_)
        if (std::find(context_.begin(), context_.end(), one) == context_.end()) context_.push_back(std::move(one));
    return *this;
}

namespace {

constexpr std::string_view red = "\x1b[1;31m", yellow = "\x1b[1;33m", cyan = "\x1b[1;36m", plain = "\x1b[0m";

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t to) {
    const auto is = width(text);
    if (is < to) text.append(to - is, ' ');
    return text;
}

// Line breaks in a text stay line breaks, each next line below the first one's start; all else is escaped.
std::string indented(std::string_view text, std::size_t by) {
    std::string all;
    for (auto line : split(text, '\n')) {
        if (!all.empty()) all.append("\n").append(by, ' ');
        all += printable(line);
    }
    return all;
}

void add_word(std::string& out, std::string_view word, std::string_view colour_code, bool colour) {
    if (colour) out += colour_code;
    out.append(word).append(":");
    if (colour) out += plain;
    out += ' ';
}

// Labels are aligned, places too: they stand behind the longest text that has one (within reason).
void add_notes(std::string& out, const std::vector<note>& notes) {
    std::size_t labels = 0, texts = 0;
    for (const auto& one : notes) {
        labels = std::max(labels, width(printable(one.label)));
        if (!one.where.file.empty() && one.text.find('\n') == std::string::npos)
            texts = std::max(texts, std::min(width(printable(one.text)), std::size_t{72}));
    }
    for (const auto& one : notes) {
        out.append("  ").append(padded(printable(one.label), labels)).append(labels ? "   " : "");
        auto text = indented(one.text, labels ? labels + 5 : 2);
        const auto where = printable(one.where.text());
        if (where.empty()) {
            out += text;
        } else if (text.empty()) {
            out += where;
        } else {
            out.append(padded(std::move(text), texts)).append("   ").append(where);
        }
        out += '\n';
    }
}

void add(std::string& out, const diagnostic& one, std::string_view word, std::string_view colour_code, bool colour,
         const std::vector<std::string>& context) {
    add_word(out, word, colour_code, colour);
    if (const auto where = one.where.text(); !where.empty()) out.append(printable(where)).append(": ");
    out.append(printable(one.message)).append("\n");
    add_notes(out, one.notes);
    for (const auto& doing : context) out.append("  while ").append(indented(doing, 4)).append("\n");
    if (!one.hint.empty()) {
        out += '\n';
        add_word(out, "hint", cyan, colour);
        out.append(indented(one.hint, 2)).append("\n");
    }
}

} // namespace

std::string render(const error& what, bool colour) {
    std::string out;
    const auto& all = what.diagnostics();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool last = i + 1 == all.size();
        add(out, all[i], "error", red, colour, last ? what.context() : std::vector<std::string>{});
        if (!last && !all[i].hint.empty()) out += '\n';
    }
    return out;
}

std::string render_warning(const diagnostic& what, bool colour) {
    std::string out;
    add(out, what, "warning", yellow, colour, {});
    return out;
}

} // namespace uk::base
