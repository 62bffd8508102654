// Prefixes and routers of the link, and the own addresses that come of them (RFC 4862).
#pragma once

#include "inside.hpp"

namespace uk::inet {

/// A prefix: what is on the link, and an own address if it says so. The first is fe80::/64.
struct prefix {
    u64 high = 0, low = 0;
    u8 length = 0; // 0: the place is free
    bool on_link = false, own = false;
    bool tentative = false; // its address is asked for
    milliseconds checked = 0; // when nobody has answered to that; 0: it never was
    milliseconds preferred = 0, valid = 0; // until
};
extern prefix prefixes[5];

struct router {
    address who;
    milliseconds until = 0;
};

extern u64 interface_id; // the lower half of all own addresses

inline bool is_usable(const prefix& p) { return p.own && !p.tentative; }

/// The prefix of an own address, also of one that is still asked for.
prefix* own_prefix(const address& a);
/// Asks for an address before it is used.
void take_address(prefix& p, milliseconds t);
/// What a router's word says: options of prefixes and servers, and the router itself.
void take_prefix(const u8* option, milliseconds t);
void take_servers(const u8* option, std::size_t size, milliseconds t);
void take_router(const address& who, u32 seconds, milliseconds t);
/// What ends with time; `link_usable` says that the link's own address was just found to be free.
milliseconds run_prefixes(milliseconds t, bool& link_usable);

} // namespace uk::inet
