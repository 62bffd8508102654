// The server behind `serve`, for any kind of flow. A connection between requests, or with an incomplete head, is parked: it
// waits as a ticket and holds no fiber and no buffer but what came of its head. Workers take the tickets of those that can be
// read, read once, and run the handler as soon as a head is complete.
#pragma once

#include <array>
#include <cstdint>

#include <uk/fiber.hpp>
#include <uk/function_ref.hpp>
#include <uk/http/detail/stream.hpp>
#include <uk/http/options.hpp>
#include <uk/http/request.hpp>
#include <uk/http/response.hpp>
#include <uk/net/ready.hpp>

namespace uk::http::detail {

class server;

/// Parked ones are in the list of their state, in the order in which their time is over.
enum class state : std::uint8_t { idle, reading, lingering, late, busy };

struct connection {
    explicit connection(net::ready_queue& queue) : ticket{queue, this} {}

    net::ready_ticket ticket;
    connection* next = nullptr;
    connection* previous = nullptr;
    instant deadline = never;
    char* saved = nullptr; ///< the beginning of a head; none while nothing came
    std::uint32_t used = 0;
    std::uint32_t capacity = 0;
    std::uint32_t requests = 0;
    detail::state state = detail::state::busy;
    bool watched = false;
};

template <class Flow>
struct connection_of : connection {
    connection_of(net::ready_queue& queue, Flow&& from) : connection{queue}, flow{std::move(from)} {}
    Flow flow;
};

/// What the server must know of connections.
struct connection_operations {
    const flow_operations* flow;
    void* (*flow_of)(connection&);
    void (*destroy)(connection&); ///< with its flow
};

template <class Flow>
inline constexpr connection_operations operations_of_connection{
    &operations_of<Flow>,
    [](connection& c) -> void* { return &static_cast<connection_of<Flow>&>(c).flow; },
    [](connection& c) { delete &static_cast<connection_of<Flow>&>(c); },
};

/// First in, first out; whoever is in may leave.
class connection_list {
  public:
    connection* first() const { return first_; }
    void append(connection& c);
    void remove(connection& c);

  private:
    connection* first_ = nullptr;
    connection* last_ = nullptr;
};

using handler = function_ref<result<void>(const request&, response&)>;

class server {
  public:
    server(const options& how, handler handle, const connection_operations& operations)
        : how_{how}, handle_{handle}, operations_{operations} {}
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server(); ///< closes all connections; the workers have ended

    /// Starts what serves, in `fibers`. Errors: out_of_memory.
    result<void> start(fiber::scope& fibers);
    net::ready_queue& queue() { return queue_; }
    /// Whether one more connection may come; closes the one that has been idle for longest if that makes room.
    bool has_room();
    /// Tells a new connection that it can't be served now.
    void refuse(stream to);
    /// A new connection: waits for its first request.
    void admit(connection& c);
    /// Memory is short: closes an idle connection, if there is one.
    bool close_idle();

  private:
    struct worker {
        char* in;
        char* out;
    };
    enum class next : std::uint8_t { again, close, linger, reset };

    result<void> start_worker();
    void work(worker w);
    result<void> keep_time();
    void attend(connection& c, worker& w);
    bool read_more(connection& c, worker& w, char*& text);
    bool grow(connection& c);
    void drain(connection& c, worker& w);
    next serve_one(connection& c, worker& w, output& out, request_head& head, std::size_t begin, std::size_t& end);
    next finish(const request& r, response& answer, const result<void>& handled);
    void answer_refused(connection& c, output& out, outcome why);
    void log(connection& c, std::string_view method, std::string_view path, const response& r, const char* why);

    void park(connection& c, state how, instant until);
    bool save(connection& c, std::string_view text);
    void forget(connection& c);
    void unpark(connection& c);
    void close(connection& c);
    stream stream_of(connection& c) { return {operations_.flow_of(c), operations_.flow}; }
    connection_list& list_of(state s) { return lists_[static_cast<std::size_t>(s)]; }
    std::string_view date(instant now);
    std::uint32_t input_size() const { return how_.head_bytes + 512; }

    const options& how_;
    handler handle_;
    const connection_operations& operations_;
    fiber::scope* fibers_ = nullptr;
    net::ready_queue queue_;
    std::array<connection_list, 4> lists_{};
    fiber::event earlier_; ///< a deadline has come that is earlier than what `keep_time` waits for
    instant waits_until_ = never;
    std::uint32_t connections_ = 0;
    std::uint32_t workers_ = 0;
    std::uint32_t waiting_ = 0;
    kept_sums sums_{};
    instant date_until_{};
    bool date_known_ = false;
    std::array<char, 29> date_{};
};

} // namespace uk::http::detail
