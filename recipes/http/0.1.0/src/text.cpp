#include <uk/http/text.hpp>

namespace uk::http {
namespace {

constexpr bool is_alphanumeric(unsigned c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 128);
}

constexpr std::array<unsigned char, 256> make_characters() {
    std::array<unsigned char, 256> made{};
    for (unsigned c = 0; c < 256; ++c) {
        unsigned char kinds = 0;
        if (is_alphanumeric(c)) kinds |= detail::token_character | detail::name_character;
        if ((c >= 0x20 && c != 0x7f) || c == '\t') kinds |= detail::value_character;
        if (c > 0x20 && c < 0x7f && c != '#') kinds |= detail::target_character;
        made[c] = kinds;
    }
    for (const char c : std::string_view{"!#$%&'*+-.^_`|~"})
        made[static_cast<unsigned char>(c)] |= detail::token_character;
    for (const char c : std::string_view{"-._~%!$&'()*+,;=:[]"})
        made[static_cast<unsigned char>(c)] |= detail::name_character;
    return made;
}

unsigned digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 99;
}

/// The byte that `%xx` at the front stands for; -1 if it is none.
int escaped(const char* at, const char* end) {
    if (end - at < 3) return -1;
    const unsigned high = digit(at[1]), low = digit(at[2]);
    return high > 15 || low > 15 ? -1 : static_cast<int>(high << 4 | low);
}

} // namespace

constinit const std::array<unsigned char, 256> detail::characters = make_characters();

bool same_text(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int differ = a[i] ^ b[i];
        if (differ == 0) continue;
        const int lower = a[i] | 0x20;
        if (differ != 0x20 || lower < 'a' || lower > 'z') return false;
    }
    return true;
}

std::optional<std::uint64_t> read_number(std::string_view text, unsigned base) {
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        const unsigned value = digit(c);
        if (value >= base || __builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, value, &number))
            return std::nullopt;
    }
    return number;
}

std::string_view write_number(std::uint64_t number, std::span<char, 20> out, unsigned base) {
    std::size_t at = out.size();
    do out[--at] = "0123456789abcdef"[number % base];
    while (number /= base);
    return {&out[at], out.size() - at};
}

std::string_view next_element(std::string_view& list) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    while (!list.empty() && (is_space(list.front()) || list.front() == ',')) list.remove_prefix(1);
    bool quoted = false;
    std::size_t size = 0;
    for (; size < list.size() && (quoted || list[size] != ','); ++size) quoted ^= list[size] == '"';
    std::string_view element = list.substr(0, size);
    list.remove_prefix(size);
    while (!element.empty() && is_space(element.back())) element.remove_suffix(1);
    return element;
}

std::optional<std::string_view> decode_path(std::span<char> path) {
    const std::string_view raw{path.data(), path.size()};
    bool as_it_is = true;
    for (std::size_t i = 0; i < raw.size(); ++i)
        as_it_is &= raw[i] != '%' && (raw[i] != '.' || i == 0 || raw[i - 1] != '/');
    if (as_it_is) return raw;
    char* const begin = path.data();
    char* out = begin;
    const char* const end = begin + path.size();
    for (const char* in = begin; in < end;) {
        if (*in != '%') {
            *out++ = *in++;
            continue;
        }
        const int c = escaped(in, end);
        if (c < 0x20 || c == 0x7f) return std::nullopt;
        *out++ = static_cast<char>(c);
        in += 3;
    }
    // Whole segments, each with the slash in front of it, are kept, left out, or take the one before with them.
    char* kept = begin;
    for (char* in = begin; in < out;) {
        char* next = in + 1;
        while (next < out && *next != '/') ++next;
        const std::string_view segment{in + 1, static_cast<std::size_t>(next - in - 1)};
        if (segment == "." || segment == "..") {
            if (segment.size() == 2 && kept > begin)
                while (*--kept != '/' && kept > begin) {
                }
            if (next == out) *kept++ = '/'; // it named a folder
        } else {
            for (const char* c = in; c < next;) *kept++ = *c++;
        }
        in = next;
    }
    if (kept == begin) *kept++ = '/';
    return std::string_view{begin, static_cast<std::size_t>(kept - begin)};
}

std::optional<std::string_view> decode_value(std::string_view text, std::span<char> out) {
    std::size_t size = 0;
    const char* const end = text.data() + text.size();
    for (const char* in = text.data(); in < end;) {
        if (size == out.size()) return std::nullopt;
        if (*in != '%') {
            out[size++] = *in == '+' ? ' ' : *in;
            ++in;
            continue;
        }
        const int c = escaped(in, end);
        if (c < 0) return std::nullopt;
        out[size++] = static_cast<char>(c);
        in += 3;
    }
    return std::string_view{out.data(), size};
}

std::optional<std::string_view> find_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        query.remove_prefix(one.size() == query.size() ? one.size() : one.size() + 1);
        const std::size_t equals = one.find('=');
        if (one.substr(0, equals) == name) return equals == one.npos ? std::string_view{} : one.substr(equals + 1);
    }
    return std::nullopt;
}

} // namespace uk::http
