// A TCP connection as the component keeps it: what arrived and wasn't read, who waits, how it ended.
#pragma once

#include <cstdint>

#include <uk/fiber.hpp>

#include "inside.hpp"
#include "lwip/tcp.h"

namespace uk::lwip {

/// Bytes that arrived, copied: small segments share one, so that a sender of single bytes costs no more memory than another.
struct piece {
    piece* next;
    std::uint16_t begin, end, room;
    std::byte* bytes() { return reinterpret_cast<std::byte*>(this + 1); }
};

struct connection {
    tcp_pcb* pcb = nullptr; ///< null: lwIP has done with it
    piece* first = nullptr; ///< what can be read
    piece* last = nullptr;
    net::ready_ticket* ticket = nullptr;
    connection* next = nullptr; ///< in its listener's queue, or among those with something to send
    fiber::event readable, writable;
    std::span<std::byte> wanted; ///< where a reader that blocks wants the bytes
    std::size_t got = 0; ///< how many were put there
    net::endpoint peer;
    error why = error::closed;
    bool ended = false; ///< the other end has finished
    bool failed = false; ///< `why` says how
    bool finished = false; ///< this end has
    bool unsent = false; ///< in the list of those with something to send
    bool connected = false;
};

/// Makes a connection the owner of a pcb. Null when memory is short.
connection* adopt(tcp_pcb* pcb);
/// Forgets a connection; its pcb goes on to the end without it.
void abandon(connection* c);
/// Ends it at once.
void abort(connection* c);

} // namespace uk::lwip
