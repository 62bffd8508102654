/* musl's own files ask for `errno` under a second name; the scheduler has the first. */
#include <errno.h>

int* ___errno_location(void) { return (__errno_location)(); }
