#include <algorithm>

#include <uk/http/request.hpp>
#include <uk/http/text.hpp>
#include <uk/platform.hpp>

namespace uk::http {
namespace {

/// Bytes of a chunk's line with its extensions, which nobody needs, and of all trailers.
constexpr std::size_t longest_chunk_line = 256;
constexpr std::size_t most_trailer_fields = 32;
/// A body that comes in slower than this for long is given up.
constexpr std::int64_t least_bytes_a_second = 1024;

} // namespace

body::body(detail::input& from, kind how, std::uint64_t length, std::uint64_t most, duration patience)
    : from_{from}, kind_{how}, left_{how == kind::length ? length : 0}, most_{most}, patience_{patience} {
    at_end_ = how == kind::none || (how == kind::length && length == 0);
}

result<std::size_t> body::fail(error e, outcome why) {
    failed_ = e;
    problem_ = why;
    return e;
}

result<std::size_t> body::wait_failed(error e) {
    if (e == error::timed_out) return fail(e, {408, "the body came too slowly"});
    return fail(e, {400, "the body was cut off"});
}

/// Before anything that may block.
result<void> body::prepare() {
    if (started_ == instant{}) started_ = platform::now();
    if (!flushed_) return {};
    const bool say = say_continue_ && !flushed_->released();
    say_continue_ = false;
    flushed_->flush_finished(say ? "HTTP/1.1 100 Continue\r\n\r\n" : "");
    return flushed_->state();
}

/// The next line without its CR LF, which is taken off the input.
result<std::string_view> body::line() {
    for (;;) {
        const std::string_view ahead = from_.ahead();
        const std::size_t end = ahead.find('\n');
        if (end != ahead.npos && (end == 0 || ahead[end - 1] != '\r')) return error::invalid;
        if (end > longest_chunk_line && ahead.size() > longest_chunk_line) return error::invalid;
        if (end != ahead.npos) {
            from_.take(end + 1);
            return ahead.substr(0, end - 1);
        }
        UK_TRY(prepare());
        UK_TRY(from_.fill());
    }
}

/// A chunk's size (RFC 9112, 7.1): digits, and extensions that are passed over but must be well formed.
result<void> body::next_chunk() {
    if (in_chunks_) {
        const auto end = line();
        if (!end) return end.error();
        if (!end->empty()) return error::invalid;
    }
    in_chunks_ = true;
    const auto text = line();
    if (!text) return text.error();
    std::size_t digits = 0;
    while (digits < text->size() && read_number(text->substr(digits, 1), 16)) ++digits;
    const auto size = digits > 16 ? std::nullopt : read_number(text->substr(0, digits), 16);
    if (!size) return error::invalid;
    std::string_view extension = text->substr(digits);
    for (const char c : extension)
        if (!detail::is(c, detail::value_character)) return error::invalid;
    while (!extension.empty() && (extension.front() == ' ' || extension.front() == '\t')) extension.remove_prefix(1);
    if (extension.empty() ? digits != text->size() : extension.front() != ';') return error::invalid;
    if (*size == 0) return trailer();
    left_ = *size;
    if (left_ > most_ - seen_) return error::too_large;
    return {};
}

result<void> body::trailer() {
    for (;;) {
        std::size_t size = 0;
        const outcome read = read_trailer(from_.ahead(), most_trailer_fields, size);
        if (read.status > outcome::incomplete) return error::invalid;
        if (read.status == outcome::complete) {
            from_.take(size);
            at_end_ = true;
            return {};
        }
        UK_TRY(prepare());
        UK_TRY(from_.fill());
    }
}

result<std::size_t> body::read(std::span<std::byte> out) {
    if (at_end_ || out.empty()) return 0u;
    if (problem_.status) return failed_;
    const instant now = platform::now();
    if (started_ == instant{}) started_ = now;
    // The patience, and for what has come already the time that it may have taken.
    const fiber::deadline limit{patience_ == duration::max()
                                    ? never
                                    : std::min(now, started_ + std::chrono::seconds{seen_ / least_bytes_a_second}) +
                                          patience_};
    if (kind_ == kind::chunked && left_ == 0) {
        if (const auto chunk = next_chunk(); !chunk) {
            if (chunk.error() == error::invalid) return fail(chunk.error(), {400, "chunks that can't be read"});
            if (chunk.error() == error::too_large) return fail(chunk.error(), {413, "a body that is too large"});
            return wait_failed(chunk.error());
        }
        if (at_end_) return 0u;
    }
    if (from_.ahead().empty())
        if (const auto ready = prepare(); !ready) return wait_failed(ready.error());
    const std::size_t most = kind_ == kind::until_end ? out.size() : std::min<std::uint64_t>(out.size(), left_);
    const auto got = from_.read({reinterpret_cast<char*>(out.data()), most});
    if (!got) return wait_failed(got.error());
    if (*got == 0) {
        if (kind_ != kind::until_end) return wait_failed(error::closed);
        at_end_ = true;
        return 0u;
    }
    seen_ += *got;
    say_continue_ = false; // it sends without leave
    if (seen_ > most_) return fail(error::too_large, {413, "a body that is too large"});
    if (kind_ != kind::until_end) left_ -= *got;
    if (kind_ == kind::length && left_ == 0) at_end_ = true;
    return *got;
}

result<std::string_view> body::read_all(std::span<char> out) {
    std::size_t size = 0;
    while (size < out.size()) {
        const auto got = read(std::as_writable_bytes(out.subspan(size)));
        if (!got) return got.error();
        if (*got == 0) return std::string_view{out.data(), size};
        size += *got;
    }
    std::byte more;
    const auto got = read({&more, 1});
    if (!got) return got.error();
    if (*got != 0) return error::too_large;
    return std::string_view{out.data(), size};
}

outcome request::read_target() {
    std::string_view target = head_.target;
    if (target == "*") {
        path_ = target;
        return {};
    }
    if (target.front() != '/') {
        // The absolute form, whose host counts instead of the field (RFC 9112, 3.2.2).
        const std::size_t scheme = target.find("://");
        const std::string_view name = target.substr(0, scheme);
        if (!same_text(name, "http") && !same_text(name, "https")) return {400, "a scheme that isn't http"};
        target.remove_prefix(scheme + 3);
        const std::size_t end = target.find_first_of("/?");
        head_.host = target.substr(0, end);
        for (const char c : head_.host)
            if (!detail::is(c, detail::name_character)) return {400, "a host that is no name"};
        if (head_.host.empty()) return {400, "a target without a host"};
        target = end == target.npos ? std::string_view{} : target.substr(end);
    }
    const std::size_t question = target.find('?');
    if (question != target.npos) query_ = target.substr(question + 1);
    const std::string_view raw = target.substr(0, question);
    if (raw.empty()) {
        path_ = "/";
        return {};
    }
    // The buffer is the server's own; the head is read only once.
    const auto path = decode_path({const_cast<char*>(raw.data()), raw.size()});
    if (!path) return {400, "a path that can't be decoded"};
    path_ = *path;
    return {};
}

} // namespace uk::http
