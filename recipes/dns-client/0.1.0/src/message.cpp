#include <uk/dns_client/message.hpp>

#include <algorithm>

namespace uk::dns_client {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::uint16_t is_answer = 0x8000, is_cut_off = 0x0200, recursion_desired = 0x0100, code_mask = 0xf;
constexpr std::uint16_t internet = 1, alias = 5;
constexpr int most_jumps = 16, most_aliases = 8;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// A name in text, lower case, without the dot at its end.
struct text_name {
    std::array<char, 256> text;
    std::size_t size = 0;
    std::string_view view() const { return {text.data(), size}; }
};

/// A place in a message. `failed` once something didn't fit; then everything reads as 0.
class reader {
  public:
    explicit reader(std::span<const std::byte> message) : message_{message} {}
    unsigned byte() {
        if (at_ >= message_.size()) return failed_ = true, 0u;
        return static_cast<unsigned>(message_[at_++]);
    }
    std::uint16_t half() {
        const unsigned high = byte();
        return static_cast<std::uint16_t>(high << 8 | byte());
    }
    std::uint32_t word() {
        const std::uint32_t high = half();
        return high << 16 | half();
    }
    void skip(std::size_t count) {
        if (count > message_.size() - at_) failed_ = true;
        else at_ += count;
    }
    void jump(std::size_t to) { at_ = to; }
    std::size_t at() const { return at_; }
    bool failed() const { return failed_; }

    void name(text_name& out) {
        std::size_t behind = 0;
        int jumps = 0;
        out.size = 0;
        while (!failed_) {
            const unsigned length = byte();
            if (length == 0) break;
            if ((length & 0xc0) == 0xc0) {
                const std::size_t to = (length & 0x3f) << 8 | byte();
                if (jumps++ == 0) behind = at_;
                if (jumps > most_jumps || to >= message_.size()) failed_ = true;
                else at_ = to;
                continue;
            }
            if (length > 63 || out.size + length + 1 > longest_name + 1) {
                failed_ = true;
                break;
            }
            if (out.size) out.text[out.size++] = '.';
            for (unsigned i = 0; i < length; ++i) out.text[out.size++] = lower(static_cast<char>(byte()));
        }
        if (jumps > 0 && !failed_) at_ = behind;
    }

  private:
    std::span<const std::byte> message_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

} // namespace

bool is_host_name(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty() || name.size() > longest_name) return false;
    std::size_t length = 0;
    for (const char c : name) {
        if (c == '.') {
            if (length == 0) return false;
            length = 0;
            continue;
        }
        const char l = lower(c);
        if (!((l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '_') || ++length > 63) return false;
    }
    return length > 0;
}

std::span<const std::byte> write_question(std::string_view name, kind what, std::uint16_t id,
                                          std::span<std::byte, longest_message> out) {
    if (name.ends_with('.')) name.remove_suffix(1);
    std::size_t at = 0;
    const auto half = [&](unsigned value) {
        out[at++] = static_cast<std::byte>(value >> 8);
        out[at++] = static_cast<std::byte>(value);
    };
    for (const unsigned value : {unsigned{id}, unsigned{recursion_desired}, 1u, 0u, 0u, 0u}) half(value);
    while (!name.empty()) {
        const std::size_t length = std::min(name.find('.'), name.size());
        out[at++] = static_cast<std::byte>(length);
        for (const char c : name.substr(0, length)) out[at++] = static_cast<std::byte>(c);
        name.remove_prefix(std::min(length + 1, name.size()));
    }
    out[at++] = std::byte{0};
    half(static_cast<unsigned>(what));
    half(internet);
    return out.first(at);
}

result<answer> read_answer(std::span<const std::byte> message, std::string_view name, kind what, std::uint16_t id,
                           std::span<net::ip_address> out) {
    if (name.ends_with('.')) name.remove_suffix(1);
    text_name wanted, found;
    if (name.size() > longest_name) return error::invalid;
    for (const char c : name) wanted.text[wanted.size++] = lower(c);

    reader in{message};
    const std::uint16_t got_id = in.half(), flags = in.half(), questions = in.half(), answers = in.half();
    in.skip(4);
    in.name(found);
    const std::uint16_t asked = in.half(), asked_class = in.half();
    if (in.failed() || got_id != id || !(flags & is_answer) || questions != 1 || found.view() != wanted.view() ||
        asked != static_cast<std::uint16_t>(what) || asked_class != internet)
        return error::invalid;
    if (flags & is_cut_off) return error::too_large;
    if ((flags & code_mask) == 3) return error::not_found;
    if (flags & code_mask) return error::io;

    // Aliases may stand behind what they lead to, so each one begins again.
    const std::size_t begin = in.at();
    answer said{0, ~std::uint32_t{0}};
    for (int aliases = 0; aliases <= most_aliases; ++aliases) {
        in.jump(begin);
        bool led_on = false;
        for (unsigned i = 0; i < answers && !led_on; ++i) {
            in.name(found);
            const std::uint16_t type = in.half(), type_class = in.half();
            const std::uint32_t seconds = in.word();
            const std::uint16_t size = in.half();
            const std::size_t data = in.at();
            in.skip(size);
            if (in.failed()) return error::invalid;
            if (type_class != internet || found.view() != wanted.view()) continue;
            const std::size_t behind = in.at();
            in.jump(data);
            if (type == alias) {
                in.name(wanted);
                if (in.failed() || in.at() != behind) return error::invalid;
                said.seconds = std::min(said.seconds, seconds);
                led_on = true;
            } else if (type == static_cast<std::uint16_t>(what)) {
                if (size != (what == kind::a ? 4 : 16)) return error::invalid;
                net::ip_address address;
                if (what == kind::a) {
                    address = net::ip_address::v4(in.word());
                } else {
                    std::array<std::uint8_t, 16> bytes;
                    for (auto& b : bytes) b = static_cast<std::uint8_t>(in.byte());
                    address = net::ip_address::v6(bytes);
                }
                said.seconds = std::min(said.seconds, seconds);
                if (said.count < out.size()) out[said.count++] = address;
            }
            in.jump(behind);
        }
        if (!led_on) {
            if (said.count == 0) said.seconds = 0;
            return said;
        }
    }
    return error::invalid; // aliases in a circle
}

} // namespace uk::dns_client
