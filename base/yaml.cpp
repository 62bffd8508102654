#include "base/yaml.hpp"

#include <algorithm>
#include <map>
#include <streambuf>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace uk::base::yaml {

namespace {

constexpr std::size_t size_limit = std::size_t{4} << 20;
constexpr int depth_limit = 32;
constexpr int event_limit = 100'000;

// Thrown through yaml-cpp, which knows no other way out of an event; never leaves this file.
struct refused {
    error why;
};

// The text by lines, to turn yaml-cpp's marks (which count bytes from 0) into places.
class lines {
  public:
    lines(std::string_view text, const std::string& file) : text_{text}, file_{file} {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n")) starts_.push_back(i + 1);
    }

    std::size_t offset(const YAML::Mark& mark) const {
        if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return text_.size();
        return std::min(text_.size(),
                        starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column));
    }

    place at_offset(std::size_t offset) const {
        const auto line = std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin() - 1;
        const auto before =
            text_.substr(starts_[static_cast<std::size_t>(line)], offset - starts_[static_cast<std::size_t>(line)]);
        const auto column = std::count_if(before.begin(), before.end(),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
        return {file_, static_cast<int>(line) + 1, static_cast<int>(column) + 1};
    }

    place at(const YAML::Mark& mark) const { return at_offset(offset(mark)); }
    /// The character that stands there, or 0.
    char character(const YAML::Mark& mark) const {
        const auto here = offset(mark);
        return here < text_.size() ? text_[here] : '\0';
    }

    /// Does the quoted text that begins at `at` end?
    bool is_closed(std::size_t at) const {
        const char quote = text_[at];
        while (++at < text_.size()) {
            if (quote == '"' && text_[at] == '\\') ++at;
            else if (text_[at] == quote && quote == '\'' && text_.substr(at + 1, 1) == "'") ++at;
            else if (text_[at] == quote) return true;
        }
        return false;
    }

    /// The whole line of a mark.
    std::string_view line(const YAML::Mark& mark) const {
        const auto here = offset(mark);
        const auto begin = *std::prev(std::upper_bound(starts_.begin(), starts_.end(), here));
        return text_.substr(begin, text_.find_first_of("\r\n", begin) - begin);
    }

  private:
    std::string_view text_;
    const std::string& file_;
    std::vector<std::size_t> starts_;
};

class builder : public YAML::EventHandler {
  public:
    explicit builder(const lines& where) : lines_{where} {}

    node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ == 0) return;
        throw refused{fail(status::input, lines_.at(mark), "text behind the end of the document")
                          .hint("a file holds one document: remove what follows")};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(begin(mark, node::type::null)); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "an alias (`*name`)"); }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse(mark, "an anchor (`&name`)"); }

    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string& value) override {
        node made = begin(mark, node::type::scalar);
        made.text = value;
        const char first = lines_.character(mark);
        made.quoted = first == '"' || first == '\'' || first == '|' || first == '>';
        // yaml-cpp lets a quote run into the end of the file.
        if ((first == '"' || first == '\'') && !lines_.is_closed(lines_.offset(mark)))
            throw refused{fail(status::input, made.where, "the quote that begins here is not closed")};
        // Escapes (`"\0"`, `"\e"`) bring in what can't be written out either.
        for (const char c : value)
            if (c != '\n' && c != '\t' && static_cast<unsigned char>(c) < 0x80 &&
                utf8::is_control(static_cast<unsigned char>(c)))
                throw refused{
                    fail(status::input, made.where, "the control character U+{:04X} is not allowed here", +c)};
        add(std::move(made));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(begin(mark, node::type::sequence));
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        open(begin(mark, node::type::mapping));
    }
    void OnMapEnd() override {
        refuse_duplicates(open_.back());
        close();
    }

  private:
    [[noreturn]] void refuse(const YAML::Mark& mark, std::string_view what) const {
        throw refused{fail(status::input, lines_.at(mark), "{} is not allowed here", what)
                          .hint("write the value out; if it is text, put it in quotes")};
    }

    node begin(const YAML::Mark& mark, node::type kind) {
        if (++events_ > event_limit)
            throw refused{fail(status::input, lines_.at(mark), "more than {} values in one file", event_limit)};
        // The mark of a value with a tag is the tag's.
        const char first = lines_.character(mark);
        if (first == '!') refuse(mark, "a tag (`!name`)");
        if (expects_key()) {
            if (kind != node::type::scalar)
                throw refused{fail(status::input, lines_.at(mark), "a key has to be a plain text")};
        }
        node made;
        made.kind = kind;
        made.where = lines_.at(mark);
        return made;
    }

    bool expects_key() const { return !open_.empty() && open_.back().is_mapping() && !has_key_.back(); }

    void open(node made) {
        if (open_.size() >= depth_limit)
            throw refused{fail(status::input, made.where, "nested more than {} deep", depth_limit)};
        open_.push_back(std::move(made));
        has_key_.push_back(false);
    }

    void close() {
        node done = std::move(open_.back());
        open_.pop_back();
        has_key_.pop_back();
        add(std::move(done));
    }

    void add(node done) {
        if (open_.empty()) {
            root_ = std::move(done);
        } else if (open_.back().is_sequence()) {
            open_.back().items.push_back(std::move(done));
        } else if (has_key_.back()) {
            open_.back().entries.back().second = std::move(done);
            has_key_.back() = false;
        } else {
            if (done.text == "<<" && !done.quoted)
                throw refused{fail(status::input, done.where, "a merge key (`<<`) is not allowed here")
                                  .hint("write the entries out")};
            open_.back().entries.emplace_back(std::move(done), node{});
            has_key_.back() = true;
        }
    }

    static void refuse_duplicates(const node& map) {
        std::map<std::string_view, const node*> seen;
        for (const auto& [key, value] : map.entries) {
            const auto [first, is_new] = seen.emplace(key.text, &key);
            if (is_new) continue;
            throw refused{fail(status::input, key.where, "the key `{}` stands here twice", key.text)
                              .add({"first here", "", first->second->where})};
        }
    }

    const lines& lines_;
    node root_;
    std::vector<node> open_;
    std::vector<bool> has_key_; // per open node: a mapping's key waits for its value
    int events_ = 0, documents_ = 0;
};

// What YAML forbids anyway and yaml-cpp lets through (NUL, broken UTF-8; 0x04 it takes for the end of the file).
result<void> check_characters(std::string_view text, const lines& where) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte < 0x7f) {
            ++at;
            continue;
        }
        const auto read = utf8::next(text.substr(at));
        if (!read)
            return fail(status::input, where.at_offset(at), "the byte 0x{:02x} is not valid UTF-8", byte)
                .hint("save the file as UTF-8");
        const bool blank = read->point == '\n' || read->point == '\r' || read->point == '\t';
        if (!blank && utf8::is_control(read->point))
            return fail(status::input, where.at_offset(at), "the control character U+{:04X} is not allowed here",
                        read->point)
                .hint(read->point == 0 ? "save the file as UTF-8" : "");
        at += read->length;
    }
    return {};
}

// `%YAML`, `%TAG`: before the first content a line that begins with `%`.
result<void> refuse_directives(std::string_view text, const lines& where) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = trim(text.substr(at, end - at));
        if (text[at] == '%') return fail(status::input, where.at_offset(at), "a directive (`%`) is not allowed here");
        if (!line.empty() && line[0] != '#') return {};
        at = end + 1;
    }
    return {};
}

// yaml-cpp's words, and what people mostly got wrong there.
error not_yaml(const YAML::Exception& problem, const lines& where) {
    auto made = fail(status::input, where.at(problem.mark), "this is not valid YAML: {}", problem.msg);
    const auto line = where.line(problem.mark);
    const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
    if (indentation.find('\t') != std::string_view::npos) made.hint("indent with spaces, not with tabs");
    else if (line.find(": *") != std::string_view::npos || line.find("- *") != std::string_view::npos)
        made.hint("a text that begins with `*` is put in quotes; aliases are not allowed");
    return made;
}

class memory_buffer : public std::streambuf {
  public:
    explicit memory_buffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());
        setg(begin, begin, begin + text.size());
    }
};

} // namespace

const node* node::find(std::string_view key) const {
    for (const auto& [name, value] : entries)
        if (name.text == key) return &value;
    return nullptr;
}

result<node> parse(std::string_view text, const std::string& file) {
    if (text.size() > size_limit)
        return fail(status::input, {.file = file}, "the file is larger than {}", format_size(size_limit));
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const lines where{text, file};
    CHECK(check_characters(text, where));
    CHECK(refuse_directives(text, where));
    builder handler{where};
    try {
        memory_buffer buffer{text};
        std::istream stream{&buffer};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(handler)) {
        }
        if (parser) return fail(status::input, {.file = file}, "text behind the end of the document");
    } catch (refused& one) {
        return std::move(one.why);
    } catch (const YAML::Exception& problem) {
        return not_yaml(problem, where);
    }
    auto root = handler.take();
    if (root.where.file.empty()) root.where = {file, 0, 0};
    return root;
}

std::string quote(std::string_view scalar) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-' || c == '/' || c == '+' || c == '^' || c == '$' || c == '(' || c == ')' || c == '~' ||
               c == '=' || c == ':' || c == ' ';
    };
    const bool starts_plain = !scalar.empty() && scalar[0] != '-' && scalar[0] != ':' && scalar[0] != ' ' &&
                              scalar[0] != '=' && scalar[0] != '~';
    const bool ends_plain = !scalar.empty() && scalar.back() != ' ' && scalar.back() != ':';
    const bool is_word =
        scalar == "null" || scalar == "Null" || scalar == "NULL" || scalar == "true" || scalar == "false";
    if (starts_plain && ends_plain && !is_word && std::all_of(scalar.begin(), scalar.end(), is_plain) &&
        scalar.find(": ") == std::string_view::npos)
        return std::string{scalar};
    std::string quoted{"\""};
    for (const char c : scalar) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') quoted.append({'\\', c});
        else if (c == '\n') quoted += "\\n";
        else if (c == '\t') quoted += "\\t";
        else if (byte < 0x20 || byte == 0x7f) quoted += fmt::format("\\x{:02x}", byte);
        else quoted += c;
    }
    return quoted + "\"";
}

} // namespace uk::base::yaml
