#include "registry/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.hpp"
#include "registry/names.hpp"

namespace uk::registry {

namespace {

using base::fail;
using base::result;
using base::status;
using base::yaml::node;

constexpr std::array<std::string_view, 10> names{"bool", "enum", "int",  "size",      "duration",
                                                 "text", "path", "ipv4", "ipv4-cidr", "secret"};

std::optional<std::int64_t> parse_ipv4(std::string_view text) {
    const auto parts = base::split(text, '.');
    if (parts.size() != 4) return std::nullopt;
    std::int64_t address = 0;
    for (auto part : parts) {
        unsigned byte = 0;
        const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), byte);
        if (problem != std::errc{} || end != part.data() + part.size() || byte > 255) return std::nullopt;
        if (part.size() > 1 && part[0] == '0') return std::nullopt; // octal to some, decimal to others
        address = address << 8 | byte;
    }
    return address;
}

std::string ipv4_text(std::int64_t address) {
    return fmt::format("{}.{}.{}.{}", address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255);
}

std::optional<std::string> parse_cidr(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto address = parse_ipv4(text.substr(0, slash));
    const auto bits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [end, problem] = std::from_chars(bits.data(), bits.data() + bits.size(), length);
    if (!address || problem != std::errc{} || end != bits.data() + bits.size() || length > 32) return std::nullopt;
    if (bits.size() > 1 && bits[0] == '0') return std::nullopt;
    return fmt::format("{}/{}", ipv4_text(*address), length);
}

std::string number_text(value_type type, std::int64_t number) {
    if (type == value_type::size) return base::format_size(static_cast<std::uint64_t>(number));
    if (type == value_type::duration) return base::format_duration(number);
    return fmt::format("{}", number);
}

std::string range_text(const declaration& declared) {
    if (!declared.least && !declared.most) return "";
    return fmt::format(", from {} to {}", number_text(declared.type, *declared.least),
                       number_text(declared.type, *declared.most));
}

std::string expected(const declaration& declared) {
    switch (declared.type) {
    case value_type::boolean: return "`true` or `false`";
    case value_type::choice: return "one of `" + base::join(declared.choices, "`, `") + "`";
    case value_type::integer: return "a whole number" + range_text(declared);
    case value_type::size: return "a size such as 16KiB" + range_text(declared);
    case value_type::duration: return "a duration such as 250ms" + range_text(declared);
    case value_type::text: return "text";
    case value_type::path: return "a path inside the project, without `..`";
    case value_type::ipv4: return "an address such as 192.0.2.1";
    case value_type::ipv4_cidr: return "an address with its network's length, such as 192.0.2.1/24";
    case value_type::secret: return "text";
    }
    return "";
}

// The number as written, or what is wrong with it.
std::optional<std::int64_t> read_number(value_type type, const node& written, bool& out_of_range) {
    const auto& text = written.text;
    out_of_range = false;
    if (type == value_type::duration || type == value_type::size) {
        if (type == value_type::duration) {
            if (auto read = base::parse_duration(text)) return read;
        } else if (auto read = base::parse_size(text)) {
            return static_cast<std::int64_t>(*read);
        }
        // A unit that is right behind a number that isn't: 2^63 and beyond.
        const auto digits = text.find_first_not_of("0123456789");
        if (digits == 0 || text.empty()) return std::nullopt;
        const auto unit = digits == std::string::npos ? "" : text.substr(digits);
        out_of_range = type == value_type::duration ? base::parse_duration("1" + unit).has_value()
                                                    : base::parse_size("1" + unit).has_value();
        return std::nullopt;
    }
    return parse_integer(text, out_of_range);
}

} // namespace

std::string_view type_name(value_type type) { return names[static_cast<std::size_t>(type)]; }

std::string value_text(value_type type, const value& v) {
    if (const auto* flag = std::get_if<bool>(&v)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&v)) return *text;
    const auto number = std::get<std::int64_t>(v);
    return type == value_type::ipv4 ? ipv4_text(number) : number_text(type, number);
}

result<value> read_value(const declaration& declared, const node& written) {
    const auto wrong = [&] {
        auto made = written.is_scalar()
                        ? fail(status::input, written.where, "`{}` is not {}", written.text, expected(declared))
                        : fail(status::input, written.where, "expected {} for `{}`", expected(declared), declared.name);
        if (declared.where.line > 0 && written.where != declared.where)
            made.add({"declared here", fmt::format("`{}` is of type `{}`", declared.name, type_name(declared.type)),
                      declared.where});
        return made;
    };
    if (!written.is_scalar()) return wrong();
    const auto& text = written.text;
    switch (declared.type) {
    case value_type::boolean:
        if (written.quoted || (text != "true" && text != "false")) return wrong();
        return value{text == "true"};
    case value_type::choice:
        if (std::find(declared.choices.begin(), declared.choices.end(), text) != declared.choices.end())
            return value{text};
        if (const auto near = base::nearest(text, declared.choices))
            return wrong().hint(fmt::format("did you mean `{}`?", *near));
        return wrong();
    case value_type::integer:
    case value_type::size:
    case value_type::duration: {
        bool out_of_range = false;
        const auto number = read_number(declared.type, written, out_of_range);
        if (out_of_range ||
            (number && ((declared.least && *number < *declared.least) || (declared.most && *number > *declared.most))))
            return fail(status::input, written.where, "{} is out of range; expected {}", text, expected(declared));
        if (!number || (written.quoted && declared.type == value_type::integer)) return wrong();
        return value{*number};
    }
    case value_type::text:
    case value_type::secret: return value{text};
    case value_type::path:
        if (auto path = normal_path(text)) return value{*std::move(path)};
        return wrong();
    case value_type::ipv4:
        if (const auto address = parse_ipv4(text)) return value{*address};
        return wrong();
    case value_type::ipv4_cidr:
        if (auto address = parse_cidr(text)) return value{*std::move(address)};
        return wrong();
    }
    return wrong();
}

} // namespace uk::registry
