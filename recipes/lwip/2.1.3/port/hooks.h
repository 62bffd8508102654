// What lwIP calls in the port, beside what its own headers declare.
#pragma once

#include "lwip/ip_addr.h"

struct tcp_pcb;
struct tcp_hdr;

#ifdef __cplusplus
extern "C" {
#endif

/// The first sequence number of a connection (RFC 6528).
u32_t uk_lwip_sequence_number(const ip_addr_t* local, u16_t local_port, const ip_addr_t* remote, u16_t remote_port);

/// Looks at each segment before lwIP does. ERR_OK lets it through; ERR_ABRT: its connection in TIME-WAIT is gone, as if it had
/// not been (patches/time-wait.patch); ERR_ALREADY: it belongs to the first of the active connections (patches/cookies.patch).
err_t uk_lwip_segment(struct tcp_pcb* pcb, const struct tcp_hdr* header);

#ifdef __cplusplus
}
#endif
