/* Before musl's src/internal/locale_impl.h: an image has fibers, which share one locale and need no thread of C's.
   The recipe keeps musl's own pthread_impl.h and syscall.h out by defining their guards.
   `errno` is not here either: __errno_location belongs to the scheduler (kernel/fiber). */
#ifndef PORT_LOCALE_IMPL_H
#define PORT_LOCALE_IMPL_H

#include <features.h>
#include <locale.h>

/* What musl reads through __pthread_self(). */
struct port_self {
    locale_t locale;
};

extern hidden const struct port_self port_self;
#define __pthread_self() (&port_self)

#include_next "locale_impl.h"

#endif
