// A TCP connection (RFC 9293): what the protocol knows of it, and what the application does with it. Whichever of the two is done
// last frees it.
#pragma once

#include "inside.hpp"
#include "ring.hpp"

namespace uk::inet {

constexpr u8 fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;

/// Whether a sequence number lies behind another (RFC 9293, 3.4).
inline bool after(u32 a, u32 b) { return static_cast<std::int32_t>(a - b) > 0; }

enum class state : u8 {
    gone, ///< the protocol has done with it
    asked, ///< SYN-SENT
    answering, ///< SYN-RECEIVED
    open, ///< from ESTABLISHED on; what has ended is in `ended`, `finished` and `finish_heard`
    time_wait,
};

struct connection;

struct connection_list {
    connection* first = nullptr;
    connection* last = nullptr;
    unsigned count = 0;
    void put(connection* c);
    void take_out(connection* c);
};

/// A listening endpoint, and the connections that nobody has accepted yet.
struct acceptor {
    acceptor* next = nullptr;
    connection* first = nullptr; // open ones
    connection* last = nullptr;
    int pending = 0; // half-open ones and those
    fiber::event arrived;
    address where;
    u16 port = 0;
    net::endpoint local;
};

/// Bytes that came before their time.
struct late_range {
    u32 begin, end;
};

struct connection {
    connection *next = nullptr, *previous = nullptr; // in its list
    connection* chain = nullptr; // in its place of the table
    connection* queued = nullptr; // in its listener's queue, or among those with something to send
    acceptor* listener = nullptr; // until it is accepted

    address local, remote;
    u16 local_port = 0, remote_port = 0;
    inet::state state = inet::state::gone;
    u8 attempts = 0; // to send something, without an answer
    u8 backoff = 0;
    u8 duplicates = 0; // acknowledgements
    u8 late_count = 0;
    bool owned = true; // a flow holds it
    bool ended = false; // the other end has finished
    bool finished = false; // this end has
    bool finish_sent = false;
    bool finish_heard = false; // the other end has acknowledged that
    bool passive = false; // the other end finished first
    bool end_known = false; // where the other end finishes
    bool recovering = false; // RFC 6582
    bool sleepy_ack = false; // one segment waits for its acknowledgement
    bool ack_now = false;
    bool unsent = false; // in the list of those with something to send
    bool failed = false; // `why` says how

    // Sending: `una` is the first byte of `sending`, `next_byte` what is sent next, `most` the end of what ever was.
    u32 una = 0, next_byte = 0, most = 0;
    u32 window = 0, most_window = 0, window_seq = 0, window_ack = 0;
    u32 congestion = 0, threshold = 0, recover = 0;
    u32 timed = 0; // measured when this is acknowledged
    u16 segment = 536;
    ring sending;
    // Receiving: bytes behind `expected` that came early lie beyond the end of `received`.
    u32 expected = 0, advertised = 0, end = 0;
    late_range late[4];
    ring received;

    milliseconds timed_at = 0; // 0: nothing is measured
    u32 smooth = 0, variation = 0, timeout = 1000; // RFC 6298, in milliseconds; times 8 and 4
    milliseconds due = no_time, ack_due = no_time, challenged = 0;

    net::ready_ticket* ticket = nullptr;
    fiber::event readable, writable;
    std::span<std::byte> wanted; // where a reader that blocks wants the bytes
    std::size_t got = 0; // how many were put there
    error why = error::closed;
};

constexpr u32 receive_window = config::inet::tcp_window, send_buffer = config::inet::tcp_buffer;

// table.cpp
extern connection_list active, waiting; // the latter in TIME-WAIT, the oldest first
connection* find(const address& local, const address& remote, u16 local_port, u16 remote_port);
/// Takes up a connection between those ends. Null when memory is short, or there are too many.
connection* take_up(const address& local, const address& remote, u16 local_port, u16 remote_port);
/// The protocol has done with it; who owns it is told.
void let_go(connection* c, error why);
void enter_time_wait(connection* c);
/// The first sequence number of a connection (RFC 6528).
u32 first_number(const connection& c);

// tcp_output.cpp
/// Sends one segment from there on. False: the card was busy.
bool emit(connection* c, u32 from, u32 count, u8 flags);
/// The number of segments without bytes: behind all that was sent, as far as the other end has room.
inline u32 quiet_number(const connection* c) {
    const u32 edge = c->una + c->window;
    return after(c->most, edge) ? edge : c->most;
}
inline bool acknowledge(connection* c) { return emit(c, quiet_number(c), 0, ack); }
/// Sends what may be sent. `probe`: a byte at least, whatever the window.
void push(connection* c, bool probe = false);
/// Ends it without more ado, and tells the other end.
void reset(connection* c);
void send_later(connection* c);
void forget_unsent(connection* c);
/// Room for bytes of TCP in one packet.
u16 largest_segment(const address& to);
/// Puts the option that says so.
void put_segment_option(outgoing& p);
/// The head of a segment without options; its size.
void put_head(outgoing& p, u16 from, u16 to, u32 sequence, u32 acknowledged, u8 flags, u32 window);

/// A segment that arrived.
struct segment {
    u16 from, to; // ports
    u32 sequence, acknowledged;
    u32 window;
    u8 flags;
    u8* data;
    u32 size;
    u16 largest; // of its option; 536 without (RFC 9293, 3.7.1)
};

// listening.cpp
acceptor* listening_at(const address& a, u16 port);
void receive_for_listener(acceptor* a, const incoming& p, const segment& s);
void established(connection* c);

// tcp_acknowledgements.cpp
/// Says where both ends are, to whoever sent something that can't be (RFC 5961, 7: not too often).
void challenge(connection* c);
/// Takes the time that an answer took (RFC 6298, 2).
void measure(connection* c);
/// False: the segment is to be forgotten.
bool take_acknowledgement(connection* c, const segment& s);

// tcp_input.cpp
/// The other end has sent its SYN.
void begin(connection* c, const segment& s);
void process(connection* c, const segment& s);
/// Answers a segment of no connection (RFC 9293, 3.10.7.1).
void refuse(const incoming& p, const segment& s);

void wake_reader(connection* c);
void arm(connection* c, milliseconds when);

} // namespace uk::inet
