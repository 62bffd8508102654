/* A failed assert() is a panic that says where. */
#include <assert.h>
#include <stdio.h>

hidden _Noreturn void port_assert(const char* text); /* recipes/libstdcxx, c_library.cpp */

_Noreturn void __assert_fail(const char* expression, const char* file, int line, const char* function) {
    char text[256];
    snprintf(text, sizeof text, "assertion failed: %s (%s:%d: %s)", expression, file, line, function);
    port_assert(text);
}
