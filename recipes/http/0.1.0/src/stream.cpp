#include <uk/http/detail/stream.hpp>

#include <algorithm>

#include <uk/http/text.hpp>

namespace uk::http::detail {

result<void> input::fill() {
    if (end_ == buffer_.size()) {
        std::memmove(buffer_.data() + base_, buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_ - base_;
        begin_ = base_;
        if (end_ == buffer_.size()) return error::too_large;
    }
    const auto got = from_.read(buffer_.subspan(end_));
    if (!got) return got.error();
    if (*got == 0) return error::closed;
    end_ += *got;
    return {};
}

result<std::size_t> input::read(std::span<char> out) {
    if (begin_ == end_) return from_.read(out);
    const std::size_t count = std::min(out.size(), end_ - begin_);
    std::memcpy(out.data(), buffer_.data() + begin_, count);
    begin_ += count;
    return count;
}

void output::write(std::string_view text) {
    // In pieces, so that the limit is one for progress and not for the whole.
    while (!text.empty() && !broken_) {
        const std::string_view piece = text.substr(0, buffer_.size());
        const fiber::deadline limit{limit_};
        if (const auto written = to_.write(piece); !written) {
            broken_ = true;
            broken_with_ = written.error();
        }
        text.remove_prefix(piece.size());
    }
}

void output::insert(std::size_t at, std::string_view text) {
    std::memmove(buffer_.data() + at + text.size(), buffer_.data() + at, size_ - at);
    std::memcpy(buffer_.data() + at, text.data(), text.size());
    size_ += text.size();
}

void output::flush() {
    const std::string_view text{buffer_.data(), size_};
    size_ = 0;
    write(text);
}

void output::flush_finished(std::string_view extra) {
    const std::size_t finished = held_ == none ? size_ : held_;
    if (finished > 0) {
        write({buffer_.data(), finished});
        size_ -= finished;
        std::memmove(buffer_.data(), buffer_.data() + finished, size_);
        if (held_ != none) held_ = 0;
    }
    write(extra);
}

void output::put(std::string_view text) {
    if (text.size() > buffer_.size() - size_) {
        const std::size_t fits = buffer_.size() - size_;
        std::memcpy(buffer_.data() + size_, text.data(), fits);
        size_ += fits;
        flush();
        text.remove_prefix(fits);
        if (text.size() >= buffer_.size()) return write(text);
    }
    std::memcpy(buffer_.data() + size_, text.data(), text.size());
    size_ += text.size();
}

void output::put_field(std::string_view name, std::string_view value) {
    const std::size_t size = name.size() + value.size() + 4;
    if (size > buffer_.size() - size_) {
        put(name);
        put(": ");
        put(value);
        return put("\r\n");
    }
    // What every response has several of: four copies in one go.
    char* at = buffer_.data() + size_;
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    std::memcpy(at, ": ", 2);
    std::memcpy(at + 2, value.data(), value.size());
    std::memcpy(at + 2 + value.size(), "\r\n", 2);
    size_ += size;
}

void output::put_number(std::uint64_t number, unsigned base) {
    char digits[20];
    put(write_number(number, digits, base));
}

} // namespace uk::http::detail
