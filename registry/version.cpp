#include "registry/version.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace uk::registry {

namespace {

using base::fail;
using base::place;
using base::result;
using base::status;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

result<unsigned> read_number(std::string_view text, std::string_view whole, const place& where) {
    if (text.empty()) return fail(status::input, where, "`{}` is not a version: a number is missing", whole);
    if (!is_number(text)) return fail(status::input, where, "`{}` is not a version: `{}` is not a number", whole, text);
    if (text.size() > 1 && text[0] == '0')
        return fail(status::input, where, "`{}` is not a version: the number `{}` begins with 0", whole, text);
    unsigned number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        return fail(status::input, where, "`{}` is not a version: the number {} is over {}", whole, text, ~0u);
    return number;
}

// Takes `-rN` off the end; 0 if there is none.
result<unsigned> take_revision(std::string_view& text, std::string_view whole, const place& where) {
    const auto at = text.rfind("-r");
    if (at == std::string_view::npos || !is_number(text.substr(at + 2))) return 0u;
    const auto revision = TRY(read_number(text.substr(at + 2), whole, where));
    if (revision == 0) return fail(status::input, where, "`{}` is not a version: the first revision is `-r1`", whole);
    text = text.substr(0, at);
    return revision;
}

result<std::vector<std::string>> read_prerelease(std::string_view text, std::string_view whole, const place& where) {
    std::vector<std::string> identifiers;
    for (auto part : base::split(text, '.')) {
        const bool is_good = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
            return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        });
        if (!is_good)
            return fail(status::input, where, "`{}` is not a version: a pre-release is made of letters, digits and `-`",
                        whole);
        if (part.size() > 1 && part[0] == '0' && is_number(part))
            return fail(status::input, where, "`{}` is not a version: the number `{}` begins with 0", whole, part);
        const auto last = part.substr(part.rfind('-') == std::string_view::npos ? 0 : part.rfind('-') + 1);
        if (last.size() > 1 && last[0] == 'r' && is_number(last.substr(1)))
            return fail(status::input, where, "`{}`: a pre-release can't be named `{}`, which reads as a revision",
                        whole, last);
        identifiers.emplace_back(part);
    }
    return identifiers;
}

// Major, minor and patch as far as they are written (SemVer needs all three).
struct numbers {
    unsigned major = 0;
    std::optional<unsigned> minor, patch;
};

result<numbers> read_numbers(std::string_view text, std::string_view whole, const place& where) {
    const auto parts = base::split(text, '.');
    if (parts.size() > 3)
        return fail(status::input, where, "`{}` is not a version: it has more than three numbers", whole);
    numbers read;
    read.major = TRY(read_number(parts[0], whole, where));
    if (parts.size() > 1) read.minor = TRY(read_number(parts[1], whole, where));
    if (parts.size() > 2) read.patch = TRY(read_number(parts[2], whole, where));
    return read;
}

// `1.2.3` and nothing else, which most versions are.
std::optional<version> read_plain(std::string_view text) {
    unsigned numbers[3]{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t from = at;
        for (; at < text.size() && is_digit(text[at]); ++at)
            numbers[i] = numbers[i] * 10 + static_cast<unsigned>(text[at] - '0');
        const std::size_t digits = at - from;
        if (digits == 0 || digits > 9 || (digits > 1 && text[from] == '0')) return std::nullopt;
        if (i < 2 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    }
    if (at != text.size()) return std::nullopt;
    return version{numbers[0], numbers[1], numbers[2], {}, 0};
}

std::strong_ordering compare_identifiers(const std::string& a, const std::string& b) {
    const bool a_number = is_number(a), b_number = is_number(b);
    if (a_number != b_number) return a_number ? std::strong_ordering::less : std::strong_ordering::greater;
    if (a_number && a.size() != b.size()) return a.size() <=> b.size();
    return a <=> b;
}

// SemVer 11.3 and 11.4: without a pre-release comes after with one.
std::strong_ordering compare_prereleases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (a.empty() || b.empty()) return b.size() <=> a.size();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (const auto order = compare_identifiers(a[i], b[i]); order != 0) return order;
    return a.size() <=> b.size();
}

} // namespace

std::string version::text() const {
    auto made = fmt::format("{}.{}.{}", major, minor, patch);
    if (!pre.empty()) made.append("-").append(base::join(pre, "."));
    if (revision != 0) made.append(fmt::format("-r{}", revision));
    return made;
}

std::string version::text_short() const { return fmt::format("{}.{}", major, minor); }

std::strong_ordering operator<=>(const version& a, const version& b) {
    if (const auto order = a.major <=> b.major; order != 0) return order;
    if (const auto order = a.minor <=> b.minor; order != 0) return order;
    if (const auto order = a.patch <=> b.patch; order != 0) return order;
    if (const auto order = compare_prereleases(a.pre, b.pre); order != 0) return order;
    return a.revision <=> b.revision;
}

result<version> parse_version(std::string_view text, const place& where) {
    if (auto plain = read_plain(text)) return *std::move(plain);
    if (text.size() > 128) return fail(status::input, where, "a version is longer than 128 characters");
    if (text.find('+') != std::string_view::npos)
        return fail(status::input, where, "`{}`: build metadata (`+…`) is not part of a version here", text)
            .hint("a repackaging of the same version has `revision: 1`");
    auto rest = text;
    version read;
    read.revision = TRY(take_revision(rest, text, where));
    if (const auto dash = rest.find('-'); dash != std::string_view::npos) {
        read.pre = TRY(read_prerelease(rest.substr(dash + 1), text, where));
        rest = rest.substr(0, dash);
    }
    const auto all = TRY(read_numbers(rest, text, where));
    if (!all.patch)
        return fail(status::input, where, "`{}` is not a version: it needs three numbers, as in `1.2.0`", text);
    read.major = all.major;
    read.minor = *all.minor;
    read.patch = *all.patch;
    return read;
}

result<version> parse_signature_version(std::string_view text, const place& where) {
    const auto all = TRY(read_numbers(text, text, where));
    version read;
    read.major = all.major;
    read.minor = all.minor.value_or(0);
    read.patch = all.patch.value_or(0);
    return read;
}

// Requirements.

namespace {

using comparator = requirement::comparator;
using op = comparator::op;

// The rules are those of Cargo's `semver` crate; a part that isn't written matches any.
bool is_exact(const comparator& c, const version& v) {
    if (v.major != c.major || (c.minor && v.minor != *c.minor) || (c.patch && v.patch != *c.patch)) return false;
    if (c.revision && v.revision != *c.revision) return false;
    return !c.patch || v.pre == c.pre;
}

bool is_greater(const comparator& c, const version& v) {
    if (v.major != c.major) return v.major > c.major;
    if (!c.minor) return false;
    if (v.minor != *c.minor) return v.minor > *c.minor;
    if (!c.patch) return false;
    if (v.patch != *c.patch) return v.patch > *c.patch;
    return compare_prereleases(v.pre, c.pre) > 0;
}

bool is_less(const comparator& c, const version& v) {
    if (v.major != c.major) return v.major < c.major;
    if (!c.minor) return false;
    if (v.minor != *c.minor) return v.minor < *c.minor;
    if (!c.patch) return false;
    if (v.patch != *c.patch) return v.patch < *c.patch;
    return compare_prereleases(v.pre, c.pre) < 0;
}

bool is_tilde(const comparator& c, const version& v) {
    if (v.major != c.major || (c.minor && v.minor != *c.minor)) return false;
    if (!c.patch) return true;
    if (v.patch != *c.patch) return v.patch > *c.patch;
    return compare_prereleases(v.pre, c.pre) >= 0;
}

bool is_caret(const comparator& c, const version& v) {
    if (v.major != c.major) return false;
    if (!c.minor) return true;
    if (!c.patch) return c.major > 0 ? v.minor >= *c.minor : v.minor == *c.minor;
    if (c.major > 0) {
        if (v.minor != *c.minor) return v.minor > *c.minor;
        if (v.patch != *c.patch) return v.patch > *c.patch;
    } else if (*c.minor > 0) {
        if (v.minor != *c.minor) return false;
        if (v.patch != *c.patch) return v.patch > *c.patch;
    } else if (v.minor != 0 || v.patch != *c.patch) {
        return false;
    }
    return compare_prereleases(v.pre, c.pre) >= 0;
}

bool holds(const comparator& c, const version& v) {
    switch (c.kind) {
    case op::any: return true;
    case op::exact: return is_exact(c, v);
    case op::greater: return is_greater(c, v);
    case op::greater_equal: return is_exact(c, v) || is_greater(c, v);
    case op::less: return is_less(c, v);
    case op::less_equal: return is_exact(c, v) || is_less(c, v);
    case op::tilde: return is_tilde(c, v);
    case op::caret: return is_caret(c, v);
    }
    return false;
}

std::string comparator_text(const comparator& c) {
    static constexpr std::string_view signs[] = {"*", "=", ">", ">=", "<", "<=", "~", "^"};
    const bool is_wildcard = c.kind == op::exact && !c.patch;
    std::string made{is_wildcard ? "" : signs[static_cast<std::size_t>(c.kind)]};
    made += fmt::format("{}", c.major);
    if (c.minor) made += fmt::format(".{}", *c.minor);
    if (c.patch) made += fmt::format(".{}", *c.patch);
    if (!c.pre.empty()) made.append("-").append(base::join(c.pre, "."));
    if (c.revision) made += fmt::format("-r{}", *c.revision);
    return is_wildcard ? made + ".*" : made;
}

constexpr std::string_view how_to_write =
    "requirements read `^1.2`, `~1.2.3`, `=1.2.3`, `>=1, <2` or `*`; one that begins with "
    "`>` or `*` or holds a comma is quoted";

base::error not_a_requirement(std::string_view text, const place& where) {
    return fail(status::input, where, "`{}` is not a version requirement", text).hint(std::string{how_to_write});
}

result<comparator> read_comparator(std::string_view text, const place& where) {
    static constexpr std::pair<std::string_view, op> signs[] = {
        {">=", op::greater_equal}, {"<=", op::less_equal}, {">", op::greater}, {"<", op::less},
        {"=", op::exact},          {"~", op::tilde},       {"^", op::caret}};
    comparator read;
    read.kind = op::caret;
    auto rest = text;
    bool has_sign = false;
    for (const auto& [sign, kind] : signs) {
        if (!rest.starts_with(sign)) continue;
        read.kind = kind;
        rest = base::trim(rest.substr(sign.size()));
        has_sign = true;
        break;
    }
    if (rest.empty() || !is_digit(rest[0])) return not_a_requirement(text, where);
    if (rest.find('+') != std::string_view::npos) return not_a_requirement(text, where);
    if (rest.ends_with(".*")) {
        if (has_sign) return fail(status::input, where, "`{}`: a `*` can't follow a sign", text);
        while (rest.ends_with(".*")) rest.remove_suffix(2);
        const auto all = TRY(read_numbers(rest, text, where));
        if (all.patch) return not_a_requirement(text, where);
        read.kind = op::exact;
        read.major = all.major;
        read.minor = all.minor;
        return read;
    }
    if (const auto revision = TRY(take_revision(rest, text, where)); revision != 0) {
        if (read.kind != op::exact)
            return fail(status::input, where, "`{}`: a revision can only be asked for exactly", text)
                .hint(fmt::format("write `={}`", text.substr(text.find_first_of("0123456789"))));
        read.revision = revision;
    }
    if (const auto dash = rest.find('-'); dash != std::string_view::npos) {
        read.pre = TRY(read_prerelease(rest.substr(dash + 1), text, where));
        rest = rest.substr(0, dash);
    }
    const auto all = TRY(read_numbers(rest, text, where));
    read.major = all.major;
    read.minor = all.minor;
    read.patch = all.patch;
    if ((!read.pre.empty() || read.revision) && !read.patch) return not_a_requirement(text, where);
    return read;
}

// The least versions that a comparator lets through; of all of them one matches, if any version does.
void add_least(const comparator& c, std::vector<version>& candidates) {
    version least{c.major, c.minor.value_or(0), c.patch.value_or(0), c.pre, c.revision.value_or(0)};
    candidates.push_back(least);
    if (c.kind != op::greater) return;
    if (!c.minor) candidates.push_back({c.major + 1, 0, 0, {}, 0});
    else if (!c.patch) candidates.push_back({c.major, *c.minor + 1, 0, {}, 0});
    else if (c.pre.empty()) candidates.push_back({c.major, *c.minor, *c.patch + 1, {}, 0});
    else
        candidates.push_back({c.major, *c.minor, *c.patch, {}, 0}), least.pre.push_back("0"),
            candidates.push_back(least);
}

} // namespace

bool requirement::matches_any(const version& v) const {
    return is_any() ||
           std::all_of(comparators_->begin(), comparators_->end(), [&](const comparator& c) { return holds(c, v); });
}

bool requirement::matches(const version& v) const {
    if (!matches_any(v)) return false;
    if (!v.is_prerelease()) return true;
    return !is_any() && std::any_of(comparators_->begin(), comparators_->end(), [&](const comparator& c) {
        return !c.pre.empty() && c.major == v.major && c.minor == v.minor && c.patch == v.patch;
    });
}

std::string requirement::text() const {
    if (is_any()) return "*";
    std::string made;
    for (const auto& c : *comparators_) made.append(made.empty() ? "" : ", ").append(comparator_text(c));
    return made;
}

result<requirement> parse_requirement(std::string_view text, const place& where) {
    requirement read;
    if (base::trim(text) == "*") return read;
    if (text.size() > 512) return fail(status::input, where, "a version requirement is longer than 512 characters");
    std::vector<comparator> all;
    for (auto part : base::split(text, ',')) {
        part = base::trim(part);
        if (part.empty() || part == "*") return not_a_requirement(text, where);
        auto one = read_comparator(part, where);
        if (!one && one.error().diagnostics()[0].hint.empty()) one.error().hint(std::string{how_to_write});
        if (!one) return std::move(one).error();
        all.push_back(*std::move(one));
    }
    std::vector<version> candidates{version{}};
    for (const auto& c : all) add_least(c, candidates);
    read.comparators_ = std::make_shared<const std::vector<comparator>>(std::move(all));
    if (std::none_of(candidates.begin(), candidates.end(), [&](const version& v) { return read.matches_any(v); }))
        return fail(status::input, where, "no version can be `{}`", read.text());
    return read;
}

bool serves(const version& chosen, const version& provided) {
    if (chosen.major != provided.major || (chosen.major == 0 && chosen.minor != provided.minor)) return false;
    return chosen >= provided;
}

} // namespace uk::registry
