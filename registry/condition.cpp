#include "registry/condition.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace uk::registry {

struct condition::expression {
    enum class type { comparison, conjunction, disjunction, negation };
    enum class op { equal, unequal, less, greater, less_equal, greater_equal };

    type kind = type::comparison;
    std::vector<std::shared_ptr<const expression>> parts;

    std::string name;    // comparison: `target.arch`, `option.ipv6`
    op compare = op::equal;
    std::string literal; // in normal form
    declaration declared; // of the name; type text for target's properties
    std::optional<std::int64_t> number;
};

struct condition::whole {
    std::shared_ptr<const expression> root;
    std::string text;
    base::place where;
};

namespace {

using base::fail;
using base::place;
using base::result;
using base::status;

const std::vector<std::string> properties{"target.arch", "target.family", "target.name", "target.profile"};
const std::vector<std::string> families{"hosted", "unikernel", "firmware", "simulated"};
const std::vector<std::string> profiles{"size", "speed", "debug", "sanitize"};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '+' || c == '/';
}

struct token {
    std::string_view text; // empty: the end
    std::size_t at = 0;
};

base::yaml::node scalar(std::string_view text, const place& where) {
    base::yaml::node made;
    made.kind = base::yaml::node::type::scalar;
    made.where = where;
    made.text = text;
    return made;
}

} // namespace

/// Recursive descent over the grammar at the top of the header.
class condition_parser {
  public:
    using expression = condition::expression;
    using pointer = std::shared_ptr<const expression>;

    condition_parser(std::string_view text, const std::vector<declaration>& options, const place& where)
        : text_{text}, options_{options}, where_{where} {
        advance();
    }

    result<pointer> whole() {
        auto all = TRY(either());
        if (!now_.text.empty()) return unexpected("`and`, `or` or the end");
        return all;
    }

  private:
    place here(std::size_t at) const {
        auto made = where_;
        if (made.column > 0) made.column += static_cast<int>(at);
        return made;
    }

    base::error unexpected(std::string_view wanted) const {
        const auto found = now_.text.empty() ? std::string{"it ends"} : fmt::format("`{}` stands", now_.text);
        return fail(status::input, here(now_.at), "the condition `{}` can't be read: {} where {} is expected", text_,
                    found, wanted)
            .hint("a condition reads `target.arch == x86_64 and not option.ipv6 == true`");
    }

    void advance() {
        auto at = now_.at + now_.text.size();
        while (at < text_.size() && text_[at] == ' ') ++at;
        auto end = at;
        while (end < text_.size() && is_word(text_[end])) ++end;
        if (end == at && at < text_.size()) {
            const auto two = text_.substr(at, 2);
            end = at + (two == "==" || two == "!=" || two == "<=" || two == ">=" ? 2 : 1);
        }
        now_ = {text_.substr(at, end - at), at};
    }

    bool take(std::string_view word) {
        if (now_.text != word) return false;
        advance();
        return true;
    }

    result<pointer> either() { return chain("or", expression::type::disjunction, &condition_parser::both); }
    result<pointer> both() { return chain("and", expression::type::conjunction, &condition_parser::negated); }

    result<pointer> chain(std::string_view word, expression::type kind, result<pointer> (condition_parser::*part)()) {
        auto first = TRY((this->*part)());
        if (now_.text != word) return first;
        auto made = std::make_shared<expression>();
        made->kind = kind;
        made->parts.push_back(std::move(first));
        while (take(word)) {
            auto next = TRY((this->*part)());
            made->parts.push_back(std::move(next));
        }
        return pointer{std::move(made)};
    }

    result<pointer> negated() {
        if (++depth_ > 100) return fail(status::input, where_, "the condition is nested too deep");
        if (take("not")) {
            auto made = std::make_shared<expression>();
            made->kind = expression::type::negation;
            auto inner = TRY(negated());
            made->parts.push_back(std::move(inner));
            --depth_;
            return pointer{std::move(made)};
        }
        if (take("(")) {
            auto inner = TRY(either());
            if (!take(")")) return unexpected("`)`");
            --depth_;
            return inner;
        }
        auto made = TRY(comparison());
        --depth_;
        return made;
    }

    result<declaration> find_name(const token& name) const {
        if (std::find(properties.begin(), properties.end(), name.text) != properties.end()) {
            declaration made{.name = std::string{name.text}};
            if (name.text == "target.family") made.choices = families;
            if (name.text == "target.profile") made.choices = profiles;
            if (!made.choices.empty()) made.type = value_type::choice;
            return made;
        }
        auto known = properties;
        for (const auto& option : options_) {
            if (name.text == "option." + option.name) return option;
            known.push_back("option." + option.name);
        }
        if (!name.text.starts_with("option.") && !name.text.starts_with("target."))
            return fail(status::input, here(name.at), "`{}` is no name that a condition knows{}", name.text,
                        base::did_you_mean(name.text, known))
                .hint("a condition asks for `" + base::join(known, "`, `") + "`");
        return fail(status::input, here(name.at), "unknown {} `{}`{}",
                    name.text.starts_with("option.") ? "option" : "property", name.text.substr(7),
                    base::did_you_mean(name.text, known));
    }

    result<pointer> comparison() {
        using op = expression::op;
        static constexpr std::array<std::pair<std::string_view, op>, 6> signs{{{"==", op::equal},
                                                                               {"!=", op::unequal},
                                                                               {"<", op::less},
                                                                               {">", op::greater},
                                                                               {"<=", op::less_equal},
                                                                               {">=", op::greater_equal}}};
        const auto name = now_;
        if (name.text.empty() || !is_word(name.text[0]) || name.text == "and" || name.text == "or")
            return unexpected("a name such as `target.arch`");
        auto made = std::make_shared<expression>();
        made->declared = TRY(find_name(name));
        made->name = name.text;
        advance();
        const auto sign =
            std::find_if(signs.begin(), signs.end(), [&](const auto& one) { return one.first == now_.text; });
        if (sign == signs.end()) return unexpected("a comparison (`==`, `!=`, `<`, …)");
        made->compare = sign->second;
        const bool is_number = made->declared.type == value_type::integer || made->declared.type == value_type::size ||
                               made->declared.type == value_type::duration;
        if (!is_number && sign->second != op::equal && sign->second != op::unequal)
            return fail(status::input, here(now_.at), "`{}` compares numbers, and `{}` is none", sign->first,
                        name.text);
        advance();
        if (now_.text.empty() || !is_word(now_.text[0])) return unexpected("a value");
        const auto read = TRY(read_value(made->declared, scalar(now_.text, here(now_.at))));
        made->literal = value_text(made->declared.type, read);
        if (is_number) made->number = std::get<std::int64_t>(read);
        advance();
        return pointer{std::move(made)};
    }

    std::string_view text_;
    const std::vector<declaration>& options_;
    const place& where_;
    token now_;
    int depth_ = 0;
};

namespace {

using look_up_function = std::function<std::optional<std::string>(std::string_view)>;

template <class Expression>
bool compare(const Expression& one, const look_up_function& look_up) {
    using op = typename Expression::op;
    const auto found = look_up(one.name);
    if (!found) return false;
    if (one.compare == op::equal) return *found == one.literal;
    if (one.compare == op::unequal) return *found != one.literal;
    const auto read = read_value(one.declared, scalar(*found, {}));
    if (!read || !std::holds_alternative<std::int64_t>(*read)) return false;
    const auto number = std::get<std::int64_t>(*read);
    switch (one.compare) {
    case op::less: return number < *one.number;
    case op::greater: return number > *one.number;
    case op::less_equal: return number <= *one.number;
    default: return number >= *one.number;
    }
}

template <class Expression>
bool evaluate(const Expression& one, const look_up_function& look_up) {
    using type = typename Expression::type;
    const auto part_holds = [&](const auto& part) { return evaluate(*part, look_up); };
    switch (one.kind) {
    case type::comparison: return compare(one, look_up);
    case type::conjunction: return std::all_of(one.parts.begin(), one.parts.end(), part_holds);
    case type::disjunction: return std::any_of(one.parts.begin(), one.parts.end(), part_holds);
    case type::negation: return !part_holds(one.parts[0]);
    }
    return false;
}

template <class Expression>
void collect_options(const Expression& one, std::set<std::string>& into) {
    if (one.name.starts_with("option.")) into.insert(one.name.substr(7));
    for (const auto& part : one.parts) collect_options(*part, into);
}

} // namespace

bool condition::holds(const look_up_function& look_up) const { return !read_ || evaluate(*read_->root, look_up); }

std::set<std::string> condition::options() const {
    std::set<std::string> found;
    if (read_) collect_options(*read_->root, found);
    return found;
}

std::string condition::text() const { return read_ ? read_->text : ""; }

const base::place& condition::where() const {
    static const base::place nowhere;
    return read_ ? read_->where : nowhere;
}

result<condition> parse_condition(std::string_view text, const std::vector<declaration>& options, const place& where) {
    if (text.size() > 1000) return fail(status::input, where, "the condition is longer than 1000 characters");
    condition_parser parser{text, options, where};
    auto root = TRY(parser.whole());
    condition made;
    made.read_ = std::make_shared<const condition::whole>(std::move(root), std::string{text}, where);
    return made;
}

} // namespace uk::registry
