// Serving one connection after another: attend() is the way of a ticket.
#include <uk/http/detail/server.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <uk/platform.hpp>

namespace uk::http::detail {
namespace {

/// More workers than these don't wait for work; one always does, so that a handler that blocks holds nobody up.
constexpr std::uint32_t most_waiting = 4;
/// Of a body that nobody wanted, what is still read so that the connection can go on.
constexpr std::uint64_t most_unread = 64 * 1024;

} // namespace

result<void> server::start(fiber::scope& fibers) {
    fibers_ = &fibers;
    UK_TRY(start_worker());
    return fibers.spawn([this] { return keep_time(); }, {.name = "http time"});
}

result<void> server::start_worker() {
    auto* const memory = static_cast<char*>(std::malloc(input_size() + how_.output_bytes));
    if (!memory) return error::out_of_memory;
    const worker w{memory, memory + input_size()};
    const auto started = fibers_->spawn([this, w] { work(w); }, {.stack_size = how_.worker_stack, .name = "http"});
    if (!started) {
        std::free(memory);
        return started.error();
    }
    ++workers_;
    return {};
}

void server::work(worker w) {
    while (waiting_ < most_waiting) {
        ++waiting_;
        const auto ticket = queue_.next();
        --waiting_;
        if (!ticket) break;
        attend(*static_cast<connection*>((*ticket)->owner()), w);
    }
    --workers_;
    std::free(w.in);
}

void server::attend(connection& c, worker& w) {
    c.watched = false;
    if (c.state == state::lingering) return drain(c, w);
    output out{stream_of(c), {w.out, how_.output_bytes}, how_.write};
    if (c.state == state::late) {
        answer_refused(c, out, {408, "the head came too slowly"});
        return;
    }
    char* text;
    if (!read_more(c, w, text)) return close(c);
    std::size_t begin = 0, end = c.used;
    if (!c.saved) c.used = 0;
    for (;;) {
        request_head head;
        const std::size_t size = std::min<std::size_t>(end - begin, how_.head_bytes);
        const outcome read = read_head({text + begin, size}, how_.fields, head);
        if (read.status == outcome::incomplete && size < how_.head_bytes) break;
        unpark(c);
        if (read.status != outcome::complete) {
            const bool in_line = std::string_view{text + begin, size}.find('\n') == std::string_view::npos;
            outcome why = read;
            if (read.status == outcome::incomplete)
                why = {static_cast<std::uint16_t>(in_line ? 414 : 431), "a head that is too large"};
            return answer_refused(c, out, why);
        }
        if (text != w.in || (begin > 0 && (head.form.chunked || head.form.has_length))) {
            // To the front of the worker's buffer: what came in pieces, and what has a body, which needs the room behind it.
            std::memmove(w.in, text + begin, end - begin);
            end -= begin;
            begin = 0;
            text = w.in;
            forget(c);
            (void)read_head({text, end}, how_.fields, head).status;
        }
        if (waiting_ == 0 && workers_ < how_.workers) (void)start_worker().has_value();
        const next then = serve_one(c, w, out, head, begin, end);
        begin = end - c.used; // what serve_one left unread lies at the end
        c.used = 0;
        if (then != next::again) {
            if (then == next::reset) stream_of(c).reset();
            if (then != next::reset) out.flush();
            if (then != next::linger || out.broken()) return close(c);
            (void)stream_of(c).finish().has_value();
            return park(c, state::lingering, fiber::after(how_.linger));
        }
        if (begin == end) break;
    }
    out.flush();
    if (out.broken()) return close(c);
    if (begin == end && c.state != state::reading) {
        forget(c);
        return park(c, state::idle, fiber::after(how_.idle));
    }
    if (!save(c, {text + begin, end - begin})) return close(c);
    if (c.state == state::reading) return park(c, state::reading, c.deadline);
    unpark(c);
    park(c, state::reading, fiber::after(how_.head));
}

/// Reads once: into the worker's buffer, or behind what came earlier. False: there is nothing more to serve.
bool server::read_more(connection& c, worker& w, char*& text) {
    std::span<char> room{w.in, how_.head_bytes};
    if (c.saved) {
        if (c.used == c.capacity && !grow(c)) return false;
        room = {c.saved + c.used, c.capacity - c.used};
        text = c.saved;
    } else {
        text = w.in;
        c.used = 0;
    }
    const auto got = stream_of(c).read(room);
    if (!got || *got == 0) return false;
    c.used += static_cast<std::uint32_t>(*got);
    return true;
}

bool server::grow(connection& c) {
    const std::uint32_t capacity = std::min(how_.head_bytes, c.capacity * 2);
    auto* const larger = static_cast<char*>(std::realloc(c.saved, capacity));
    if (!larger) return false;
    c.saved = larger;
    c.capacity = capacity;
    return true;
}

/// Keeps the beginning of a head. `text` may be part of what is kept already.
bool server::save(connection& c, std::string_view text) {
    if (!c.saved) {
        std::uint32_t capacity = 256;
        while (capacity < text.size() + 64) capacity *= 2;
        c.capacity = std::min(capacity, how_.head_bytes);
        c.saved = static_cast<char*>(std::malloc(c.capacity));
        if (!c.saved) return false;
    }
    std::memmove(c.saved, text.data(), text.size());
    c.used = static_cast<std::uint32_t>(text.size());
    return true;
}

void server::forget(connection& c) {
    std::free(c.saved);
    c.saved = nullptr;
    c.used = c.capacity = 0;
}

/// One request whose head is complete. Leaves in `c.used` how many bytes at the end of the buffer weren't read, and in `end`
/// where that is.
server::next server::serve_one(connection& c, worker& w, output& out, request_head& head, std::size_t begin,
                               std::size_t& end) {
    const stream flow = stream_of(c);
    input in{flow, {w.in, input_size()}, begin + head.size, end};
    const body::kind kind = head.form.chunked      ? body::kind::chunked
                            : head.form.has_length ? body::kind::length
                                                   : body::kind::none;
    body content{in, kind, head.form.length, how_.body_bytes, how_.body};
    content.before_waiting(out, head.expects_continue && head.minor > 0 && !content.at_end());
    request asked{head, content, how_.log ? flow.peer() : net::endpoint{}};
    ++c.requests;
    const bool keep = (head.minor > 0 || head.form.keep_alive) && !head.form.close && c.requests != how_.requests;
    response answer{out,
                    sums_,
                    {.without_body = head.method == method::head,
                     .can_chunk = head.minor > 0,
                     .close = !keep,
                     .say_keep_alive = keep && head.minor == 0,
                     .date = date(platform::now())}};
    outcome refused = asked.read_target();
    if (head.form.length > how_.body_bytes) refused = {413, "a body that is too large"};
    if (refused.status) answer.close();
    next then = next::linger;
    if (refused.status) {
        if (!answer.fail(refused.status)) then = next::close;
    } else if (asked.path() == "*") {
        (void)answer.status(204).has_value();
        answer.add("Allow", "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE");
        then = answer.end() ? next::again : next::close;
    } else {
        // What can't be known afterwards must be decided before the head goes out: an unread body ends the connection only if
        // it is a large one.
        then = finish(asked, answer, handle_(asked, answer));
        refused = content.problem();
    }
    if (how_.log) log(c, head.method_name, asked.path(), answer, refused.why);
    const std::string_view ahead = in.ahead();
    end = static_cast<std::size_t>(ahead.data() - w.in) + ahead.size();
    c.used = static_cast<std::uint32_t>(ahead.size());
    if (then == next::again && !answer.keeps()) then = content.at_end() ? next::close : next::linger;
    return then;
}

/// What is left to do after the handler: a response for its error, the response's end, the rest of the request.
server::next server::finish(const request& asked, response& answer, const result<void>& handled) {
    body& content = asked.body();
    if (!handled) {
        unsigned code = 500;
        if (handled.error() == error::not_found) code = 404;
        if (handled.error() == error::out_of_memory) code = 503;
        if (content.problem().status) code = content.problem().status;
        if (code != 404) answer.close();
        if (!answer.fail(code)) return next::reset; // what has gone may not look complete
    }
    if (content.problem().status || content.unasked()) answer.close();
    if (!answer.end()) return next::reset;
    if (!answer.keeps()) return content.at_end() ? next::close : next::linger;
    std::byte rest[256];
    for (std::uint64_t seen = 0; !content.at_end();) {
        const auto got = content.read(rest);
        seen += got ? *got : 0;
        if (!got || seen > most_unread) {
            answer.close();
            return next::linger;
        }
    }
    return next::again;
}

void server::answer_refused(connection& c, output& out, outcome why) {
    unpark(c);
    response answer{out, sums_, {.close = true, .date = date(platform::now())}};
    (void)answer.fail(why.status).has_value();
    (void)answer.end().has_value();
    out.flush();
    if (how_.log) log(c, {}, {}, answer, why.why);
    if (out.broken()) return close(c);
    forget(c);
    (void)stream_of(c).finish().has_value();
    park(c, state::lingering, fiber::after(how_.linger));
}

/// Throws away what still comes after the last response, until the other end has finished or its time is over.
void server::drain(connection& c, worker& w) {
    const auto got = stream_of(c).read({w.in, how_.head_bytes});
    if (!got || *got == 0) return close(c);
    park(c, state::lingering, c.deadline);
}

void server::log(connection& c, std::string_view method, std::string_view path, const response& r, const char* why) {
    how_.log({stream_of(c).peer(), method, path, static_cast<std::uint16_t>(r.code()), r.sent(), why});
}

} // namespace uk::http::detail
