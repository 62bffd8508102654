/* The streams of an image: stdout and stderr write to the platform's text of last resort, at once; stdin is empty.
   There are no files: fopen and its kin are absent, so that using them is an error when linking. */
#include <errno.h>

#include "stdio_impl.h"

#undef stdin
#undef stdout
#undef stderr

hidden void port_write_text(const char* text, size_t size); /* recipes/libstdcxx, c_library.cpp */

static size_t write_out(FILE* stream, const unsigned char* text, size_t size) {
    port_write_text((const char*)stream->wbase, stream->wpos - stream->wbase);
    stream->wpos = stream->wbase = stream->buf;
    port_write_text((const char*)text, size);
    return size;
}

static size_t read_end(FILE* stream, unsigned char* into, size_t size) {
    stream->flags |= F_EOF;
    return 0;
}

static off_t seek_nowhere(FILE* stream, off_t offset, int whence) {
    errno = ESPIPE;
    return -1;
}

static int close_nothing(FILE* stream) { return 0; }

#define STREAM(direction, operation, number)                                                                           \
    {                                                                                                                  \
        .buf = (unsigned char[UNGET]){0} + UNGET,                                                                      \
        .buf_size = 0,                                                                                                 \
        .fd = number,                                                                                                  \
        .flags = F_PERM | direction,                                                                                   \
        .lbf = -1,                                                                                                     \
        operation,                                                                                                     \
        .seek = seek_nowhere,                                                                                          \
        .close = close_nothing,                                                                                        \
        .lock = -1,                                                                                                    \
    }

hidden FILE __stdin_FILE = STREAM(F_NOWR, .read = read_end, 0);
hidden FILE __stdout_FILE = STREAM(F_NORD, .write = write_out, 1);
hidden FILE __stderr_FILE = STREAM(F_NORD, .write = write_out, 2);
FILE* const stdin = &__stdin_FILE;
FILE* const stdout = &__stdout_FILE;
FILE* const stderr = &__stderr_FILE;

hidden int __lockfile(FILE* stream) { return 0; }
hidden void __unlockfile(FILE* stream) {}
hidden void __stdio_exit_needed(void) {}
int fflush(FILE* stream) { return 0; }

int fputc(int c, FILE* stream) {
    const unsigned char byte = c;
    return fwrite(&byte, 1, 1, stream) == 1 ? byte : EOF;
}

int putc(int c, FILE* stream) { return fputc(c, stream); }
int putchar(int c) { return fputc(c, stdout); }
