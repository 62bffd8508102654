// How lwIP is built: no operating system, raw API, memory from the image's allocator, nothing that counts or prints.
// Explained only where the value isn't lwIP's own advice (opt.h).
#pragma once

// --- no operating system: one thread of control at a time, see port/src/engine.cpp ----------------------------------
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1
#define LWIP_TIMERS_CUSTOM 1 // port/src/timers.cpp

// --- memory: what is needed, when it is needed; limits are in port/src/memory.cpp -----------------------------------
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 1
#define mem_clib_malloc uk_lwip_allocate
#define mem_clib_free uk_lwip_free
#define MEMP_MEM_MALLOC 1
#define LWIP_STATS 0
#define LWIP_NOASSERT 1

// --- what there is --------------------------------------------------------------------------------------------------
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define LWIP_ICMP 1
#define LWIP_ICMP6 1
#define LWIP_DHCP 1
#define LWIP_IGMP 0
#define LWIP_IPV6_MLD 1 // switches that look into MLD need it for neighbour solicitations (RFC 4861, 7.2.1)
#define LWIP_MULTICAST_TX_OPTIONS 0
#define LWIP_IPV6_DHCP6 0
#define LWIP_IPV6_SCOPES 0
#define LWIP_IPV6_FRAG 0
#define LWIP_IPV6_REASS 0
#define IP_FRAG 0
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define IP_OPTIONS_ALLOWED 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 1
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 2
#define LWIP_DNS 1 // only so that DHCP and ND6 hand over servers: port/src/engine.cpp
#define DNS_MAX_SERVERS 4
#define LWIP_RAW 0
#define LWIP_UDP 1
#define LWIP_TCP 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 256
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define DHCP_DOES_ARP_CHECK 0 // would cost seconds of every boot

#define ARP_TABLE_SIZE 16
#define ARP_QUEUEING 0
#define IP_REASS_MAX_PBUFS 32
#define MEMP_NUM_REASSDATA 8
#define LWIP_ND6_NUM_NEIGHBORS 16
#define LWIP_ND6_NUM_DESTINATIONS 16
#define LWIP_ND6_QUEUEING 1
#define MEMP_NUM_ND6_QUEUE 32

// --- TCP ------------------------------------------------------------------------------------------------------------
#define TCP_MSS 1460
#define TCP_WND UK_TCP_WINDOW
#define TCP_SND_BUF UK_TCP_BUFFER
#define TCP_SND_QUEUELEN (8 * (TCP_SND_BUF) / (TCP_MSS))
#define MEMP_NUM_TCP_SEG TCP_SND_QUEUELEN // read by sanity checks only
#define TCP_LISTEN_BACKLOG 1
#define TCP_OVERSIZE TCP_MSS
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_MAX_BYTES TCP_WND
#define TCP_OOSEQ_MAX_PBUFS 32
#define TCP_MSL 30000UL // as Linux does; RFC 9293 speaks of two minutes for networks of another time
#define TCP_MAXRTX 15 // with the pauses below about 12 minutes (RFC 9293, 3.8.3: at least 100 s)
#define TCP_RTO_MAX 60000 // milliseconds; of patches/retransmission.patch
#define LWIP_WND_SCALE 0
#define LWIP_TCP_SACK_OUT 0
#define SO_REUSE 1 // a port can be listened at again while its old connections end
#define TCP_TTL 64
#define IP_DEFAULT_TTL 64

// --- checksums: what the card does is left to it, packet by packet --------------------------------------------------
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY 0
#define LWIP_CHKSUM uk_lwip_checksum

// --- hooks ----------------------------------------------------------------------------------------------------------
#define LWIP_HOOK_FILENAME "hooks.h"
#define LWIP_HOOK_TCP_ISN uk_lwip_sequence_number
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, options, options_1, options_2, packet)                                 \
    ((pcb)->state == LISTEN || (TCPH_FLAGS(header) & (TCP_SYN | TCP_RST)) ? uk_lwip_segment(pcb, header) : ERR_OK)
