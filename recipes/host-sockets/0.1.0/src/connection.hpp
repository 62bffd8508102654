// A TCP connection as the host's answers reach it. Receiving: the host puts what comes into buffers that all connections share
// (with a ring), or it is fetched when somebody reads. Sending: small writes gather, and go with those of all other connections
// when the scheduler looks; large ones go at once. One that is idle has neither buffer nor fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/net/address.hpp>
#include <uk/net/ready.hpp>

#include "socket.hpp"

namespace uk::host_sockets {

/// Received bytes that nobody has read yet.
struct chunk {
    chunk* next;
    std::byte* data;
    std::uint32_t size;
    std::uint16_t number; ///< of a shared buffer
    bool shared;
};

/// Written bytes that the host hasn't got yet.
struct outgoing {
    static constexpr std::size_t room = 4096 - 16;
    outgoing* next_spare;
    std::uint32_t size, sent;
    std::byte bytes[room];
};

struct connection : socket {
    connection(int number, const net::endpoint& other);

    static connection* make(int number, const net::endpoint& other); ///< null: no memory; the descriptor is closed

    // receiving (receive.cpp)
    result<std::size_t> read(std::span<std::byte> in_here);
    bool can_read(); ///< whether `read` wouldn't block
    bool want_more(); ///< the host shall tell when there is more; false: it can't
    void tell_reader();
    void forget_received();
    void drain(); ///< what the host holds unread would make it end the connection with a reset

    // sending (send.cpp)
    result<void> write(std::span<const std::byte> bytes);
    result<void> send_now(std::span<const std::byte> bytes);
    void gather(); ///< goes with the next look
    bool send_gathered(); ///< as much as the host takes at once; true: all, or it failed
    void all_sent();
    void fail(long answer);

    void drop();
    void end(); ///< nothing is to be sent any more
    void reset();

    net::endpoint peer;
    long broken = 0; // the errno that ended it
    net::ready_ticket* ticket = nullptr;
    chunk *first = nullptr, *last = nullptr;
    std::uint32_t unread = 0;
    outgoing* written = nullptr;
    connection* next_gathered = nullptr;
    bool gathered = false; // stands in the list
    bool on_its_way = false; // the ring has the request
    bool writing = false; // a fiber is in send_now
    bool dropped = false; // has no handle any more
    bool finishing = false, finished = false;
    bool ended = false; // the other end has finished
    bool closing = false; // the host says that an end or an error will be read
    bool may_have_more = true; // without shared buffers: a call might find bytes
    bool taking_back = false; // receiving is being cancelled
};

/// receive.cpp: whether the host fills shared buffers. Called once.
result<void> start_receiving();
/// send.cpp: what is gathered goes at each look.
void start_sending();

} // namespace uk::host_sockets
