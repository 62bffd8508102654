/* In place of musl's src/internal/syscall.h: there are none. */
#ifndef PORT_SYSCALL_H
#define PORT_SYSCALL_H

#include <errno.h>
#include <features.h>

#endif
