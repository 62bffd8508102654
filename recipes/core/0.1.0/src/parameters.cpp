// Reading the command line: words, then for each known name a value of its type. Numbers are read digit by digit with
// their overflow checked, so that nothing a loader hands over can wrap around.
#include <uk/parameters.hpp>

#include <limits>
#include <optional>

namespace uk {
namespace {

using unsigned64 = std::uint64_t;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Takes the next word off `rest`. Quotes may stand around the word or around its value (`name="a b"`); they are cut off.
struct word {
    std::string_view whole; ///< as written, for messages
    std::string_view name, value;
    bool has_value = false;
    bool dashes = false;
};

std::optional<std::string_view> take_word(std::string_view& rest) {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    if (rest.empty()) return std::nullopt;
    std::size_t end = 0;
    for (bool quoted = false; end < rest.size() && (quoted || !is_space(rest[end])); ++end)
        if (rest[end] == '"') quoted = !quoted;
    const std::string_view taken{rest.data(), end};
    rest.remove_prefix(end);
    return taken;
}

std::string_view unquoted(std::string_view text) {
    if (!text.empty() && text.front() == '"') {
        text.remove_prefix(1);
        if (!text.empty() && text.back() == '"') text.remove_suffix(1);
    }
    return text;
}

word split(std::string_view written) {
    word w{};
    w.whole = written;
    std::string_view text = written;
    if (text.front() == '"') text = unquoted(text); // "name=value with spaces"
    if (text.starts_with("--")) {
        w.dashes = true;
        text.remove_prefix(2);
    }
    const std::size_t equals = text.find('=');
    w.name = text.substr(0, equals);
    if (equals != text.npos) {
        w.has_value = true;
        text.remove_prefix(equals + 1);
        w.value = unquoted(text);
    }
    return w;
}

/// QEMU and other loaders say with it where devices are (Linux: drivers/virtio/virtio_mmio.c); no instance has that name.
constexpr std::string_view loaders_devices = "virtio_mmio.";

/// Whether an unknown word is the loader's own.
bool is_loaders(const word& w) {
    return !w.dashes && (w.name.find('.') == w.name.npos || w.name.starts_with(loaders_devices));
}

/// Digits at the front of `text`, which loses them. Empty: none, or more than `most`.
std::optional<unsigned64> take_digits(std::string_view& text, unsigned64 most) {
    unsigned64 number = 0;
    std::size_t taken = 0;
    for (; taken < text.size() && text[taken] >= '0' && text[taken] <= '9'; ++taken) {
        const unsigned digit = static_cast<unsigned>(text[taken] - '0');
        if (number > (most - digit) / 10 || digit > most) return std::nullopt;
        number = number * 10 + digit;
    }
    if (taken == 0) return std::nullopt;
    text.remove_prefix(taken);
    return number;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    constexpr unsigned64 most = std::numeric_limits<std::int64_t>::max();
    const auto number = take_digits(text, negative ? most + 1 : most);
    if (!number || !text.empty()) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - *number : *number);
}

struct unit {
    std::string_view name;
    unsigned64 factor;
};

constexpr unit sizes[] = {{"B", 1}, {"", 1}, {"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30}};
constexpr unit times[] = {{"ns", 1},
                          {"us", 1'000},
                          {"ms", 1'000'000},
                          {"s", 1'000'000'000},
                          {"min", 60'000'000'000},
                          {"h", 3'600'000'000'000}};

/// `16KiB`, `250ms`: a whole number and a unit of the table, at most what an int64 holds.
std::optional<std::int64_t> read_with_unit(std::string_view text, std::span<const unit> units) {
    constexpr unsigned64 most = std::numeric_limits<std::int64_t>::max();
    const auto number = take_digits(text, most);
    if (!number) return std::nullopt;
    for (const unit& u : units)
        if (u.name == text) {
            if (*number > most / u.factor) return std::nullopt;
            return static_cast<std::int64_t>(*number * u.factor);
        }
    return std::nullopt;
}

/// Four numbers up to 255, without leading zeros; `text` loses them.
std::optional<std::uint32_t> take_ipv4(std::string_view& text) {
    std::uint32_t address = 0;
    for (int part = 0; part < 4; ++part) {
        if (part > 0) {
            if (!text.starts_with('.')) return std::nullopt;
            text.remove_prefix(1);
        }
        if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') return std::nullopt;
        const auto number = take_digits(text, 255);
        if (!number) return std::nullopt;
        address = address << 8 | static_cast<std::uint32_t>(*number);
    }
    return address;
}

std::optional<std::uint32_t> read_ipv4(std::string_view text) {
    const auto address = take_ipv4(text);
    return text.empty() ? address : std::nullopt;
}

std::optional<ipv4_cidr> read_ipv4_cidr(std::string_view text) {
    const auto address = take_ipv4(text);
    if (!address) return std::nullopt;
    if (text.empty()) return ipv4_cidr{*address, 32};
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
    const auto prefix = take_digits(text, 32);
    if (!prefix || !text.empty()) return std::nullopt;
    return ipv4_cidr{*address, static_cast<std::uint8_t>(*prefix)};
}

std::optional<bool> read_bool(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

std::optional<unsigned> read_choice(std::string_view text, const parameter& p) {
    for (std::size_t i = 0; i < p.choice_count; ++i)
        if (p.choices[i] == text) return static_cast<unsigned>(i);
    return std::nullopt;
}

template <class T, class Read>
bool put(const parameter& p, const std::optional<Read>& read) {
    if (read) *static_cast<T*>(p.value) = T(*read);
    return read.has_value();
}

/// Integers and sizes have bounds of their own.
template <class T>
bool put_bounded(const parameter& p, std::optional<std::int64_t> read) {
    if (!read || *read < p.least || *read > p.most) return false;
    *static_cast<T*>(p.value) = static_cast<T>(*read);
    return true;
}

bool read_value(const parameter& p, std::string_view text) {
    switch (p.kind) {
    case parameter::type::boolean: return put<bool>(p, read_bool(text));
    case parameter::type::integer: return put_bounded<std::int64_t>(p, read_integer(text));
    case parameter::type::size: return put_bounded<unsigned64>(p, read_with_unit(text, sizes));
    case parameter::type::duration: return put<duration>(p, read_with_unit(text, times));
    case parameter::type::text: return put<std::string_view>(p, std::optional{text});
    case parameter::type::choice: return put<unsigned>(p, read_choice(text, p));
    case parameter::type::ipv4: return put<std::uint32_t>(p, read_ipv4(text));
    case parameter::type::ipv4_cidr: return put<ipv4_cidr>(p, read_ipv4_cidr(text));
    }
    return false;
}

std::string_view expected(const parameter& p) {
    switch (p.kind) {
    case parameter::type::boolean: return "`true` or `false`";
    case parameter::type::integer: return "a whole number within its range";
    case parameter::type::size: return "a size within its range, for example 16KiB";
    case parameter::type::duration: return "a duration, for example 250ms";
    case parameter::type::text: return "a text";
    case parameter::type::choice: return "one of its choices";
    case parameter::type::ipv4: return "an IPv4 address, for example 10.0.0.2";
    case parameter::type::ipv4_cidr: return "an IPv4 address with prefix, for example 10.0.0.2/24";
    }
    return "a value";
}

} // namespace

bool refuse_parameters(std::string_view command_line, parameter_problem& problem) {
    while (const auto written = take_word(command_line)) {
        std::string_view rest = *written; // as `split` and `is_loaders`, which need more code
        if (rest.front() == '"') rest.remove_prefix(1);
        bool refused = rest.starts_with("--");
        if (rest.starts_with(loaders_devices)) continue;
        for (; !rest.empty() && rest.front() != '='; rest.remove_prefix(1)) refused |= rest.front() == '.';
        if (!refused) continue;
        problem = {.word = *written, .expected = {}};
        return false;
    }
    return true;
}

bool read_parameters(std::string_view command_line, std::span<const parameter> known, parameter_problem& problem) {
    while (const auto written = take_word(command_line)) {
        const word w = split(*written);
        const parameter* found = nullptr;
        for (const parameter& p : known)
            if (p.name == w.name) found = &p;
        if (found == nullptr) {
            if (is_loaders(w)) continue;
            problem = {.word = w.whole, .expected = {}};
            return false;
        }
        const bool is_flag = !w.has_value && found->kind == parameter::type::boolean;
        if (is_flag) {
            *static_cast<bool*>(found->value) = true;
        } else if (!w.has_value || !read_value(*found, w.value)) {
            problem = {.word = w.whole, .expected = expected(*found)};
            return false;
        }
        if (found->given != nullptr) *found->given = true;
    }
    return true;
}

} // namespace uk
