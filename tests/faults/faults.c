// Preloaded into uk: at the Nth system call of it that writes, or makes its writes last, it is killed, or the disk is full.
//
//     FAULT=KIND:N   kill: SIGKILL before the call. torn: half of what it writes is written, then SIGKILL. full: this call and all later ones that
//                    take room fail with ENOSPC. once: only this one. count: none.
//     FAULT=KIND:GROUP:N   the same at the Nth call of a group; groups: open write sync rename make, which take room, remove and other.
//     FAULT_COUNT=FILE   is appended a line when the process ends by itself: how many calls there were, and of which kinds.
//
// Only calls of the very process count, not those of what it starts; and only of paths that are no pipe, socket or device.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { none, kill_it, torn, full, once };
static int kind;
static long at, self;
static int at_group = -1;
static atomic_long calls;
static atomic_int is_full;
static _Thread_local int is_here; // the call that this thread makes is the one
static const char* count_file;
enum { in_open, in_write, in_sync, in_rename, in_remove, in_make, in_other, groups };
static const char* const group_names[groups] = {"open", "write", "sync", "rename", "remove", "make", "other"};
static atomic_long by_group[groups];

__attribute__((constructor)) static void begin(void) {
    const char* const what = getenv("FAULT");
    self = syscall(SYS_getpid);
    if (what) {
        static const char* const kinds[] = {"count", "kill", "torn", "full", "once"};
        for (int i = 0; i < 5; ++i)
            if (!strncmp(what, kinds[i], strlen(kinds[i]))) kind = i;
        const char* next = strchr(what, ':');
        for (int i = 0; next && i < groups; ++i)
            if (!strncmp(next + 1, group_names[i], strlen(group_names[i]))) at_group = i;
        if (at_group >= 0) next = strchr(next + 1, ':');
        at = next ? atol(next + 1) : 0;
    }
    count_file = getenv("FAULT_COUNT");
    unsetenv("LD_PRELOAD"); // what is started is left alone
}

__attribute__((destructor)) static void end(void) {
    if (!count_file || syscall(SYS_getpid) != self) return;
    FILE* const to = fopen(count_file, "a");
    if (!to) return;
    fprintf(to, "%ld", atomic_load(&calls));
    for (int i = 0; i < groups; ++i) fprintf(to, " %s %ld", group_names[i], atomic_load(&by_group[i]));
    fputs("\n", to);
    fclose(to);
}

static void die(void) {
    syscall(SYS_kill, self, SIGKILL);
    for (;;) pause();
}

// Does this call fail? `takes_room`: can it fail for a full disk. It may not return.
static int fails(int group, int takes_room) {
    if (syscall(SYS_getpid) != self) return 0;
    const long all = atomic_fetch_add(&calls, 1) + 1, of_group = atomic_fetch_add(&by_group[group], 1) + 1;
    is_here = at_group < 0 ? all == at : at_group == group && of_group == at;
    if (kind == kill_it && is_here) die();
    if (kind == full && is_here) atomic_store(&is_full, 1);
    if (takes_room && (atomic_load(&is_full) || (kind == once && is_here))) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}
static int tears(void) { return kind == torn && is_here && syscall(SYS_getpid) == self; }

static int is_file(int descriptor) {
    struct stat about;
    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

#define REAL(name)                                                                                                     \
    static __typeof__(&name) real;                                                                                     \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPEN(name)                                                                                                     \
    int name(const char* path, int flags, ...) {                                                                       \
        REAL(name);                                                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                                  \
        va_end(more);                                                                                                  \
        if ((flags & O_CREAT) && fails(in_open, 1)) return -1;                                                         \
        return real(path, flags, mode);                                                                                \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                   \
    int name(int folder, const char* path, int flags, ...) {                                                           \
        REAL(name);                                                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                                  \
        va_end(more);                                                                                                  \
        if ((flags & O_CREAT) && fails(in_open, 1)) return -1;                                                         \
        return real(folder, path, flags, mode);                                                                        \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void* from, size_t size) {
    REAL(write);
    if (!is_file(file)) return real(file, from, size);
    if (fails(in_write, 1)) return -1;
    if (tears()) real(file, from, size / 2), die();
    return real(file, from, size);
}
ssize_t writev(int file, const struct iovec* parts, int count) {
    REAL(writev);
    if (is_file(file) && fails(in_write, 1)) return -1;
    if (is_file(file) && tears()) real(file, parts, count / 2), die();
    return real(file, parts, count);
}
ssize_t pwrite(int file, const void* from, size_t size, off_t where) {
    REAL(pwrite);
    if (fails(in_write, 1)) return -1;
    if (tears()) real(file, from, size / 2, where), die();
    return real(file, from, size, where);
}
ssize_t pwrite64(int file, const void* from, size_t size, off64_t where) {
    REAL(pwrite64);
    if (fails(in_write, 1)) return -1;
    if (tears()) real(file, from, size / 2, where), die();
    return real(file, from, size, where);
}

#define CALL(name, group, takes_room, parameters, arguments)                                                           \
    int name parameters {                                                                                              \
        REAL(name);                                                                                                    \
        if (fails(group, takes_room)) return -1;                                                                       \
        return real arguments;                                                                                         \
    }
CALL(fsync, in_sync, 1, (int file), (file))
CALL(fdatasync, in_sync, 1, (int file), (file))
CALL(rename, in_rename, 1, (const char* from, const char* to), (from, to))
CALL(renameat, in_rename, 1, (int a, const char* from, int b, const char* to), (a, from, b, to))
CALL(link, in_rename, 1, (const char* from, const char* to), (from, to))
CALL(linkat, in_rename, 1, (int a, const char* from, int b, const char* to, int flags), (a, from, b, to, flags))
CALL(symlink, in_rename, 1, (const char* from, const char* to), (from, to))
CALL(unlink, in_remove, 0, (const char* path), (path))
CALL(unlinkat, in_remove, 0, (int folder, const char* path, int flags), (folder, path, flags))
CALL(rmdir, in_remove, 0, (const char* path), (path))
CALL(mkdir, in_make, 1, (const char* path, mode_t mode), (path, mode))
CALL(mkdirat, in_make, 1, (int folder, const char* path, mode_t mode), (folder, path, mode))
CALL(ftruncate, in_write, 1, (int file, off_t size), (file, size))
CALL(ftruncate64, in_write, 1, (int file, off64_t size), (file, size))
CALL(fallocate, in_write, 1, (int file, int mode, off_t from, off_t size), (file, mode, from, size))
CALL(fchmod, in_other, 0, (int file, mode_t mode), (file, mode))
CALL(utimensat, in_other, 0, (int folder, const char* path, const struct timespec times[2], int flags),
     (folder, path, times, flags))
CALL(sync_file_range, in_other, 0, (int file, off64_t from, off64_t size, unsigned flags), (file, from, size, flags))

char* mkdtemp(char* name) {
    REAL(mkdtemp);
    if (fails(in_make, 1)) return NULL;
    return real(name);
}
int mkstemp(char* name) {
    REAL(mkstemp);
    if (fails(in_open, 1)) return -1;
    return real(name);
}
