// Carries what comes to sockets of one network into another: TCP connections and UDP datagrams. The sockets that it is given
// were opened in the one namespace; those that it makes itself belong to the one in which it runs.
#pragma once

#include <vector>

#include <netinet/in.h>

namespace uk::targets {

struct relayed_port {
    int socket = -1; ///< listening, or bound if it is UDP's; the caller's
    bool udp = false;
    sockaddr_in to{}; ///< where what comes there goes
};

/// Carries until `until` can be read or its other end is closed. A connection that can't be made, or that breaks, is reset
/// on the other side.
void relay(const std::vector<relayed_port>& ports, int until);

} // namespace uk::targets
