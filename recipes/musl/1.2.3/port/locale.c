/* One locale for the whole image: "C" with UTF-8 characters. */
#include <locale.h>
#include <string.h>

#include "locale_impl.h"

hidden const struct port_self port_self = {.locale = UTF8_LOCALE};

char* setlocale(int category, const char* name) {
    if ((unsigned)category > LC_ALL) return 0;
    if (name && *name && strcmp(name, "C") && strcmp(name, "POSIX") && strcmp(name, "C.UTF-8")) return 0;
    return "C.UTF-8";
}

locale_t __newlocale(int mask, const char* name, locale_t base) { return UTF8_LOCALE; }
locale_t __duplocale(locale_t locale) { return locale; }
void __freelocale(locale_t locale) {}
locale_t __uselocale(locale_t locale) { return UTF8_LOCALE; }

weak_alias(__newlocale, newlocale);
weak_alias(__duplocale, duplocale);
weak_alias(__freelocale, freelocale);
weak_alias(__uselocale, uselocale);

hidden const char* __lctrans(const char* message, const struct __locale_map* map) { return message; }
hidden const char* __lctrans_cur(const char* message) { return message; }
