// A compiler, linker and strip that do almost nothing: what they write is a hash of the files they are given and of what those
// include with quotes; and an archiver. So a build costs what its engine costs, and its result still depends on every byte that it should depend on.
//
//     cc [-MD -MF DEPFILE] [-IFOLDER]... -c SOURCE -o OBJECT     c++ ... -o IMAGE OBJECT...     ar rcsD ARCHIVE OBJECT...     strip ... -o TO FROM
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { most = 20000, longest = 512 };

static const char* folders[256];
static char* seen[most]; // what was read, for the depfile
static int folder_count, seen_count;
static uint64_t hash = 14695981039346656037u; // FNV-1a

static int is_file(const char* path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static void add(const char* path, int expand);

// `#include "NAME"`: beside the file that says it, else in the first folder of the search path that has it.
static void include(const char* from, const char* name, size_t length) {
    char path[2 * longest];
    const char* const slash = strrchr(from, '/');
    snprintf(path, sizeof path, "%.*s%.*s", slash ? (int)(slash - from + 1) : 0, from, (int)length, name);
    for (int i = 0; !is_file(path) && i < folder_count; ++i)
        snprintf(path, sizeof path, "%s/%.*s", folders[i], (int)length, name);
    if (is_file(path)) add(path, 1);
}

static void add(const char* path, int expand) {
    for (int i = 0; expand && i < seen_count; ++i)
        if (!strcmp(seen[i], path)) return;
    const int file = open(path, O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0) exit(1);
    char* const text = malloc(about.st_size + 1);
    if (read(file, text, about.st_size) != about.st_size) exit(1);
    close(file);
    text[about.st_size] = 0;
    if (expand && seen_count < most) seen[seen_count++] = strdup(path);
    for (off_t i = 0; i < about.st_size; ++i) hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    for (char* at = text; expand && (at = strstr(at, "#include \"")) != NULL;) {
        at += 10;
        include(path, at, strcspn(at, "\""));
    }
    free(text);
}

static void write_text(const char* path, const char* text) {
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0777);
    const size_t size = strlen(text);
    if (file < 0 || write(file, text, size) != (ssize_t)size || close(file) != 0) exit(1);
}

// An archive is its members, one after the other.
static void archive(const char* path, char** members, int count) {
    const int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (int i = 0; i < count; ++i) {
        const int from = open(members[i], O_RDONLY);
        char text[4096];
        const ssize_t size = read(from, text, sizeof text); // objects are a line each
        if (to < 0 || from < 0 || size < 0 || write(to, text, size) != size || close(from) != 0) exit(1);
    }
    if (close(to) != 0) exit(1);
}

int main(int count, char** words) {
    const char *out = NULL, *depfile = NULL, *name = strrchr(words[0], '/') ? strrchr(words[0], '/') + 1 : words[0];
    int is_compiling = 0;
    if (!strcmp(name, "ar")) {
        archive(words[2], words + 3, count - 3);
        return 0;
    }
    for (int i = 1; i < count; ++i) {
        if (!strcmp(words[i], "-o")) out = words[i + 1];
        else if (!strcmp(words[i], "-MF")) depfile = words[i + 1];
        else if (!strncmp(words[i], "-I", 2) && folder_count < 256) folders[folder_count++] = words[i] + 2;
        else if (!strcmp(words[i], "-c") || !strcmp(words[i], "-fsyntax-only")) is_compiling = 1;
    }
    for (int i = 1; i < count; ++i) {
        const int is_argument = i > 1 && (!strcmp(words[i - 1], "-o") || !strcmp(words[i - 1], "-MF"));
        if (words[i][0] != '-' && !is_argument && is_file(words[i])) add(words[i], is_compiling);
    }
    if (out) {
        char text[64];
        snprintf(text, sizeof text, "%s %016llx\n", is_compiling ? "object" : name, (unsigned long long)hash);
        write_text(out, text);
    }
    if (depfile) {
        char* const text = malloc((seen_count + 1) * longest);
        size_t used = sprintf(text, "%s:", out);
        for (int i = 0; i < seen_count; ++i) used += sprintf(text + used, " %s", seen[i]);
        strcpy(text + used, "\n");
        write_text(depfile, text);
    }
    return 0;
}
