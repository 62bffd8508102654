// What lwIP asks of compiler and platform.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define LWIP_NO_INTTYPES_H 1
#define X8_F "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "zu"

#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_PLATFORM_BYTESWAP 1
#define LWIP_PLATFORM_HTONS(x) __builtin_bswap16(x)
#define LWIP_PLATFORM_HTONL(x) __builtin_bswap32(x)
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x) ((void)0)
#define LWIP_ERROR(message, expression, handler) ((void)0) // wrong calls, which the port doesn't make
#define LWIP_NO_CTYPE_H 1

#ifdef __cplusplus
extern "C" {
#endif

/// memcpy, always called: what GCC makes of it in small code copies single bytes.
void* uk_lwip_copy(void* to, const void* from, size_t size) __asm__("memcpy");
uint16_t uk_lwip_checksum(const void* data, int size);
uint32_t uk_lwip_random(void);

/// Like malloc and free, for packets.
void* uk_lwip_allocate(size_t size);
void uk_lwip_free(void* what);

#ifdef __cplusplus
}
#endif

#define LWIP_RAND() uk_lwip_random()
#define MEMCPY(to, from, size) uk_lwip_copy(to, from, size)
