// A toolchain of one program, linked statically: `cc … -c IN -o OUT` and `cc rcsD OUT IN…` write what they read, with a word about it. A text with
// `mistake` in it is refused; -Dwait… takes a second.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char text[1 << 20];

static int copy(const char* from, FILE* to) {
    FILE* const in = fopen(from, "r");
    if (!in) return fprintf(stderr, "%s isn't there\n", from), 1;
    const size_t size = fread(text, 1, sizeof text - 1, in);
    text[size] = '\0';
    fclose(in);
    if (strstr(text, "mistake")) return fprintf(stderr, "%s has a mistake\n", from), 1;
    fprintf(to, "[%s %zu]\n", from, size);
    fwrite(text, 1, size, to);
    return 0;
}

int main(int count, char** words) {
    const int archives = count > 2 && strcmp(words[1], "rcsD") == 0;
    const char* to = archives ? words[2] : words[count - 1];
    FILE* const out = fopen(to, "w");
    if (!out) return perror(to), 1;
    for (int i = 1; i < count; ++i)
        if (strncmp(words[i], "-Dwait", 6) == 0) sleep(1);
    for (int i = archives ? 3 : count - 3; i < (archives ? count : count - 2); ++i)
        if (copy(words[i], out)) return 1;
    for (int i = 1; i < count; ++i) fprintf(out, "%s ", words[i]);
    return fclose(out) != 0;
}
