/* In place of musl's src/internal/pthread_impl.h: an image has fibers, which share one locale and need no thread of C's.
   `errno` is not here either: __errno_location belongs to the scheduler (kernel/fiber). */
#ifndef PORT_PTHREAD_IMPL_H
#define PORT_PTHREAD_IMPL_H

#include <errno.h>
#include <limits.h>
#include <locale.h>

#include "libc.h"

/* What musl reads through __pthread_self(). */
struct port_self {
    locale_t locale;
};

extern hidden const struct port_self port_self;
#define __pthread_self() (&port_self)

#endif
