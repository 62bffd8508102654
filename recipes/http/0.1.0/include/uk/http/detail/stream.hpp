// Any flow behind one type, so that everything that isn't about flows is compiled once and handlers are plain functions; and
// the two buffers through which a worker reads and writes.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include <uk/bytes.hpp>
#include <uk/fiber.hpp>
#include <uk/net/flow.hpp>
#include <uk/result.hpp>

namespace uk::http::detail {

struct flow_operations {
    result<std::size_t> (*read)(void* flow, std::span<std::byte> in);
    result<void> (*write)(void* flow, std::span<const std::byte> out);
    result<void> (*finish)(void* flow);
    void (*reset)(void* flow);
    result<void> (*watch)(void* flow, net::ready_ticket& ticket);
    void (*unwatch)(void* flow, net::ready_ticket& ticket);
    net::endpoint (*peer)(void* flow);
};

template <net::Flow Flow>
inline constexpr flow_operations operations_of{
    [](void* flow, std::span<std::byte> in) { return static_cast<Flow*>(flow)->read(in); },
    [](void* flow, std::span<const std::byte> out) { return static_cast<Flow*>(flow)->write(out); },
    [](void* flow) { return static_cast<Flow*>(flow)->finish(); },
    [](void* flow) { static_cast<Flow*>(flow)->reset(); },
    [](void* flow, net::ready_ticket& ticket) { return static_cast<Flow*>(flow)->watch(ticket); },
    [](void* flow, net::ready_ticket& ticket) { static_cast<Flow*>(flow)->unwatch(ticket); },
    [](void* flow) { return static_cast<Flow*>(flow)->peer(); },
};

/// A reference to a flow.
struct stream {
    void* flow;
    const flow_operations* how;

    result<std::size_t> read(std::span<char> in) const { return how->read(flow, writable_bytes_of(in)); }
    result<void> write(std::string_view out) const { return how->write(flow, bytes_of(out)); }
    result<void> finish() const { return how->finish(flow); }
    void reset() const { how->reset(flow); }
    net::endpoint peer() const { return how->peer(flow); }
};

/// Bytes that were read and not yet used, in a buffer whose front may be in use (a head that views point into).
class input {
  public:
    /// `buffer` has `end` bytes; those in front of `begin` stay where they are.
    input(stream from, std::span<char> buffer, std::size_t begin, std::size_t end)
        : from_{from}, buffer_{buffer}, base_{begin}, begin_{begin}, end_{end} {}

    std::string_view ahead() const { return {buffer_.data() + begin_, end_ - begin_}; }
    void take(std::size_t count) { begin_ += count; }
    /// Reads once more behind what is there. Errors: the flow's; too_large if there is no room; closed at its end.
    result<void> fill();
    /// Copies what is there, else reads straight from the flow. 0: the flow is at its end.
    result<std::size_t> read(std::span<char> out);

  private:
    stream from_;
    std::span<char> buffer_;
    std::size_t base_;
    std::size_t begin_;
    std::size_t end_;
};

/// What gathers to be written in one go. The first error stays: later writes do nothing, and `state` says it.
class output {
  public:
    output(stream to, std::span<char> buffer, duration limit) : to_{to}, buffer_{buffer}, limit_{limit} {}

    std::size_t size() const { return size_; }
    std::span<char> room() { return {buffer_.data() + size_, buffer_.size() - size_}; }
    void took(std::size_t count) { size_ += count; }
    void cut_to(std::size_t size) { size_ = size; }
    /// Puts text in at `at`; there must be room.
    void insert(std::size_t at, std::string_view text);
    /// Adds text; what doesn't fit goes out.
    void put(std::string_view text);
    /// A literal, whose size nobody has to count.
    template <std::size_t Size>
    void put(const char (&text)[Size]) {
        put(std::string_view{text, Size - 1});
    }
    /// `Name: value` and the end of the line.
    void put_field(std::string_view name, std::string_view value);
    void put_number(std::uint64_t number, unsigned base = 10);
    /// Writes all that is there.
    void flush();
    /// Errors: the flow's; timed_out after the limit.
    result<void> state() const { return broken_ ? result<void>{broken_with_} : result<void>{}; }
    bool broken() const { return broken_; }

    /// A response begins: until `release` it stays in the buffer, whatever else goes out, since its head isn't final.
    void hold() { held_ = size_, released_ = false; }
    /// Where it begins. Only while it is held.
    std::size_t held() const { return held_; }
    void release() { held_ = none, released_ = true; }
    /// Whether the response that began last has been released.
    bool released() const { return released_; }
    /// Writes what stands in front of a held response, and then `extra`.
    void flush_finished(std::string_view extra = {});

  private:
    static constexpr std::size_t none = ~std::size_t{0};
    void write(std::string_view text);

    stream to_;
    std::span<char> buffer_;
    duration limit_;
    std::size_t size_ = 0;
    std::size_t held_ = none;
    bool released_ = false;
    bool broken_ = false;
    error broken_with_ = error::closed;
};

} // namespace uk::http::detail
