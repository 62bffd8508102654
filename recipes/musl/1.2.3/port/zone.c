/* The time zone of an image is UTC. */
#include "../src/time/time_impl.h"

long __timezone = 0;
int __daylight = 0;
char* __tzname[2] = {"UTC", "UTC"};
weak_alias(__timezone, timezone);
weak_alias(__daylight, daylight);
weak_alias(__tzname, tzname);
hidden const char __utc[] = "UTC";

void tzset(void) {}

hidden void __secs_to_zone(long long seconds, int local, int* is_daylight, long* offset, long* opposite,
                           const char** name) {
    *is_daylight = 0;
    *offset = 0;
    if (opposite) *opposite = 0;
    *name = __utc;
}

hidden const char* __tm_to_tzname(const struct tm* time) { return time->__tm_zone == __utc ? __utc : ""; }
