#include <uk/print/output.hpp>

namespace uk::printing {

void output::flush() {
    if (size_ != 0 && state_) state_ = write_({text_.data(), size_});
    size_ = 0;
}

void output::put(std::string_view text) {
    for (const char c : text) {
        if (size_ == text_.size()) flush();
        text_[size_++] = c;
    }
}

void output::put_padded(const field& how, std::string_view text, char normal) {
    // Columns are code points: bytes that continue one (10xxxxxx in UTF-8) take no room.
    std::size_t columns = 0;
    for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    const std::size_t room = how.width > columns ? how.width - columns : 0;
    const char align = how.align ? how.align : normal;
    const std::size_t before = align == '>' ? room : align == '^' ? room / 2 : 0;
    for (std::size_t i = 0; i < before; ++i) put({&how.fill, 1});
    put(text);
    for (std::size_t i = before; i < room; ++i) put({&how.fill, 1});
}

result<void> output::finish() {
    flush();
    return state_;
}

} // namespace uk::printing
