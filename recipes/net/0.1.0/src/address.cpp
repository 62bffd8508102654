#include <uk/net/address.hpp>

namespace uk::net {
namespace {

// A place to write to, for texts of known greatest length.
class writer {
  public:
    explicit writer(char* out) : begin_{out}, at_{out} {}
    void put(char c) { *at_++ = c; }
    void number(unsigned value, unsigned base) {
        if (value >= base) number(value / base, base);
        put("0123456789abcdef"[value % base]);
    }
    std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

  private:
    char* begin_;
    char* at_;
};

unsigned group(const ip_address& a, int i) {
    return static_cast<unsigned>(a.bytes()[2 * i] << 8 | a.bytes()[2 * i + 1]);
}

void write_v4(writer& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.number(number >> shift & 0xff, 10);
        if (shift) out.put('.');
    }
}

// RFC 5952, 4.2: the longest run of two or more zero groups becomes `::`, the first of several.
void write_v6(writer& out, const ip_address& a) {
    int best = -1, best_length = 1;
    for (int i = 0; i < 8; ++i) {
        int length = 0;
        while (i + length < 8 && group(a, i + length) == 0) ++length;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    for (int i = 0; i < 8; ++i) {
        if (i == best) {
            out.put(':');
            out.put(':');
            i += best_length - 1;
            continue;
        }
        if (i > 0 && i != best + best_length) out.put(':');
        if (i == 0 && best == 0) continue;
        out.number(group(a, i), 16);
    }
}

void write_address(writer& out, const ip_address& a) { a.is_v4() ? write_v4(out, a.number()) : write_v6(out, a); }

// The part of a text that wasn't read yet.
struct reader {
    std::string_view left;

    bool take(char c) {
        if (left.empty() || left.front() != c) return false;
        left.remove_prefix(1);
        return true;
    }
    /// A number of one to `digits` digits, at most `most`; -1 if there is none.
    int number(unsigned base, unsigned digits, unsigned most) {
        unsigned value = 0, count = 0;
        for (; count < left.size() && digit(left[count]) < base; ++count) {
            if (count == digits) return -1;
            value = value * base + digit(left[count]);
        }
        if (count == 0 || value > most) return -1;
        left.remove_prefix(count);
        return static_cast<int>(value);
    }

  private:
    static unsigned digit(char c) {
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
        c = static_cast<char>(c | 0x20);
        return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 99;
    }
};

// Four numbers without leading zeros, which some readers take as octal (RFC 6943, 3.1.1).
result<std::uint32_t> read_v4(reader& in) {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) {
        if (i > 0 && !in.take('.')) return error::invalid;
        if (in.left.size() > 1 && in.left[0] == '0' && in.left[1] >= '0' && in.left[1] <= '9') return error::invalid;
        const int part = in.number(10, 3, 255);
        if (part < 0) return error::invalid;
        number = number << 8 | static_cast<unsigned>(part);
    }
    return number;
}

// RFC 4291, 2.2: eight groups, one `::` for some that are zero, the last two perhaps as IPv4.
result<ip_address> read_v6(reader& in) {
    unsigned groups[8] = {};
    int count = 0, gap = -1;
    if (in.take(':')) {
        if (!in.take(':')) return error::invalid;
        gap = 0;
    }
    while (count < 8) {
        if (count <= 6) {
            reader dotted = in;
            if (const auto v4 = read_v4(dotted)) {
                in = dotted;
                groups[count++] = *v4 >> 16;
                groups[count++] = *v4 & 0xffff;
                break;
            }
        }
        const int value = in.number(16, 4, 0xffff);
        if (value < 0) {
            if (gap == count) break; // `::` at the end
            return error::invalid;
        }
        groups[count++] = static_cast<unsigned>(value);
        if (count == 8 || !in.take(':')) break;
        if (in.take(':')) {
            if (gap >= 0) return error::invalid;
            gap = count;
        }
    }
    if (gap < 0 ? count != 8 : count > 7) return error::invalid;
    std::array<std::uint8_t, 16> bytes{};
    for (int i = 0; i < count; ++i) {
        const int at = gap >= 0 && i >= gap ? 8 - count + i : i;
        bytes[2 * at] = static_cast<std::uint8_t>(groups[i] >> 8);
        bytes[2 * at + 1] = static_cast<std::uint8_t>(groups[i]);
    }
    return ip_address::v6(bytes);
}

result<ip_address> read_address(reader& in) {
    reader dotted = in;
    if (const auto v4 = read_v4(dotted)) {
        in = dotted;
        return ip_address::v4(*v4);
    }
    return read_v6(in);
}

} // namespace

std::string_view format(const ip_address& what, std::span<char, longest_address> out) {
    writer to{out.data()};
    write_address(to, what);
    return {out.data(), to.size()};
}

std::string_view format(const endpoint& what, std::span<char, longest_endpoint> out) {
    writer to{out.data()};
    if (!what.address.is_v4()) to.put('[');
    write_address(to, what.address);
    if (!what.address.is_v4()) to.put(']');
    to.put(':');
    to.number(what.port, 10);
    return {out.data(), to.size()};
}

result<ip_address> parse_address(std::string_view text) {
    reader in{text};
    const auto read = read_address(in);
    if (!read || !in.left.empty()) return error::invalid;
    return *read;
}

result<endpoint> parse_endpoint(std::string_view text) {
    reader in{text};
    endpoint made;
    if (in.take('[')) {
        const auto v6 = read_v6(in);
        if (!v6 || !in.take(']')) return error::invalid;
        made.address = *v6;
    } else {
        const auto v4 = read_v4(in);
        if (!v4) return error::invalid;
        made.address = ip_address::v4(*v4);
    }
    if (!in.take(':')) return error::invalid;
    const int port = in.number(10, 5, 65535);
    if (port < 0 || !in.left.empty()) return error::invalid;
    made.port = static_cast<std::uint16_t>(port);
    return made;
}

} // namespace uk::net
