/* Eight bytes at a time, where musl compares single ones: names and fields are compared all day. */
#include <stdint.h>
#include <string.h>

int memcmp(const void* a, const void* b, size_t size) {
    const unsigned char* left = a;
    const unsigned char* right = b;
    for (uint64_t x, y; size >= sizeof x; left += sizeof x, right += sizeof y, size -= sizeof x) {
        __builtin_memcpy(&x, left, sizeof x);
        __builtin_memcpy(&y, right, sizeof y);
        if (x != y) break;
    }
    for (; size > 0; ++left, ++right, --size)
        if (*left != *right) return *left - *right;
    return 0;
}
