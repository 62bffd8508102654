// What the sources of the component share: addresses in both forms, errors, and entering and leaving lwIP.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include <uk/lwip/engine.hpp>

#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

struct tcp_hdr;

namespace uk::lwip {

/// The card's interface.
extern struct netif interface;

/// Work for `serve`.
void signal_work();

// timers.cpp
/// The clock of TCP stands still while nothing waits for it; this lets it go on.
void resume_timers();
extern bool timers_rest;
/// Runs what is due, returns when something is due again.
instant run_timers();
/// An ARP request went out: entries may wait for its answer.
void note_arp_request();

/// Held while lwIP is called: its clock goes on first, and what it has put aside for later wakes the fiber that does it.
/// Nothing blocks while one lives.
class inside {
  public:
    inside() {
        if (timers_rest) resume_timers();
    }
    ~inside() {
        if (interface.loop_first || (interface.next && interface.next->loop_first)) signal_work();
    }
    inside(const inside&) = delete;
    inside& operator=(const inside&) = delete;
};

/// What was written to a flow since goes out.
void flush();

/// To lwIP's form. An "any" address of either kind becomes the one that means both.
ip_addr_t from(const net::endpoint& where);
/// From lwIP's form.
net::endpoint to_endpoint(const ip_addr_t& address, u16_t port);
net::ip_address to_address(const ip_addr_t& address);
/// Whether the stack itself has this address, or it means "any".
bool is_own(const ip_addr_t& address);
/// A port from the dynamic range (RFC 6335, 6), by chance.
u16_t random_port();

error to_error(err_t e);

// chance.cpp
/// Draws the secrets that sequence numbers and ports come from. Errors: io.
result<void> seed(const card& what);
/// What only this stack knows of the ends of the segment at hand, of a number and of a time (SYN cookies).
u32_t secret_of(const tcp_hdr& segment, u32_t first, u32_t time);

/// An object in the heap, or null.
template <class T, class... Arguments>
T* make(Arguments&&... arguments) {
    void* const place = std::malloc(sizeof(T));
    return place ? ::new (place) T(std::forward<Arguments>(arguments)...) : nullptr;
}
template <class T>
void unmake(T* what) {
    std::destroy_at(what);
    std::free(what);
}

// memory.cpp
/// Packets that are being put together from fragments.
unsigned reassemblies();

} // namespace uk::lwip
