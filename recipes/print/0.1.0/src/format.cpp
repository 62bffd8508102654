// Walking a format: text as it is, fields through their values. The format was checked when compiling.
#include <uk/print/format_string.hpp>

namespace uk::printing {
namespace {

struct base {
    unsigned radix;
    std::string_view prefix;
};

base base_of(char type) {
    switch (type) {
    case 'x': return {16, "0x"};
    case 'X': return {16, "0X"};
    case 'b': return {2, "0b"};
    case 'o': return {8, "0"};
    default: return {10, ""};
    }
}

void write_integer(output& out, const field& how, std::uint64_t size, bool negative) {
    char text[64 + 4 + 99];
    std::size_t at = sizeof text;
    const base in = base_of(how.type);
    const char* digits = how.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    do text[--at] = digits[size % in.radix];
    while (size /= in.radix);
    const std::string_view prefix = how.prefix ? in.prefix : "";
    if (how.zeros && !how.align)
        while (sizeof text - at + prefix.size() + negative < how.width) text[--at] = '0';
    for (std::size_t i = prefix.size(); i-- > 0;) text[--at] = prefix[i];
    if (negative) text[--at] = '-';
    out.put_padded(how, {text + at, sizeof text - at}, '>');
}

} // namespace

void argument::write(output& out, const field& how) const {
    switch (kind_) {
    case kind::integer: return write_integer(out, how, integer_.size, integer_.negative);
    case kind::text: return out.put_padded(how, how.precision >= 0 ? text_.substr(0, how.precision) : text_);
    case kind::truth: return out.put_padded(how, integer_.size ? "true" : "false");
    case kind::character: {
        const char c = static_cast<char>(integer_.size);
        return out.put_padded(how, {&c, 1});
    }
    case kind::floating: return custom_(out, how, &real_);
    case kind::other: return custom_(out, how, &time_);
    }
}

void format(output& out, std::string_view text, std::initializer_list<argument> arguments) {
    const argument* next = arguments.begin();
    while (!text.empty()) {
        const std::size_t plain = text.find_first_of("{}");
        out.put(text.substr(0, plain));
        if (plain == text.npos) return;
        const char brace = text[plain];
        text.remove_prefix(plain + 1);
        if (detail::take(text, brace)) {
            out.put({&brace, 1});
            continue;
        }
        field how;
        if (read_field(text, how) != field_error::none || next == arguments.end()) return;
        (next++)->write(out, how);
    }
}

} // namespace uk::printing
