/* A plugin for QEMU's emulation (docs/devel/tcg-plugins.rst, API version 1): counts guest instructions from an image's
   first to the one that sends each byte of its console.

   The console is a 16550 whose bytes QEMU writes to a file as they are sent, so: before each port write the file's size
   says what the port write before it has sent. One processor only. An iteration of a rep-prefixed instruction counts as
   an instruction. Arguments: entry=ADDRESS, console=FILE, result=FILE; the result has a line `OFFSET INSTRUCTIONS` for each
   byte. With total=FILE alone: all instructions until QEMU ends. Debian has no header for plugins; the prototypes are the API's. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { no_registers = 0, add_u64 = 0 };
extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb*));
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn*, void (*)(unsigned, void*), int, void*);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn*, int, void*, uint64_t);
extern void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void*), void*);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
extern struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn*);
extern const void* qemu_plugin_insn_data(const struct qemu_plugin_insn*);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn*);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t executed, began, last_write; /* in instructions */
static uint64_t entry;
static long reported;
static const char* console;
static FILE* result;
static FILE* total;

/* Everything that has come to the console by now was sent by the port write before this one. */
static void look(void) {
    struct stat now;
    if (!began || stat(console, &now) != 0) return;
    for (; reported < now.st_size; ++reported)
        fprintf(result, "%ld %llu\n", reported, (unsigned long long)(last_write - began + 1));
}

static void at_port_write(unsigned processor, void* unused) {
    (void)processor, (void)unused;
    look();
    last_write = executed;
}

/* Firmware may have run at the same address before: the last passage before the console speaks is the image's. */
static void at_entry(unsigned processor, void* unused) {
    (void)processor, (void)unused;
    if (reported == 0) began = executed;
}

static int writes_port(const unsigned char* code, size_t size) {
    size_t i = 0;
    while (i < size &&
           (code[i] == 0x66 || code[i] == 0x67 || code[i] == 0xf2 || code[i] == 0xf3 || (code[i] & 0xf0) == 0x40))
        ++i;
    return i < size && (code[i] == 0xe6 || code[i] == 0xe7 || code[i] == 0xee || code[i] == 0xef || code[i] == 0x6e ||
                        code[i] == 0x6f);
}

static void translated(plugin_id id, struct qemu_plugin_tb* block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
        struct qemu_plugin_insn* one = qemu_plugin_tb_get_insn(block, i);
        qemu_plugin_register_vcpu_insn_exec_inline(one, add_u64, &executed, 1);
        if (qemu_plugin_insn_vaddr(one) == entry)
            qemu_plugin_register_vcpu_insn_exec_cb(one, at_entry, no_registers, NULL);
        if (writes_port(qemu_plugin_insn_data(one), qemu_plugin_insn_size(one)))
            qemu_plugin_register_vcpu_insn_exec_cb(one, at_port_write, no_registers, NULL);
    }
}

static void ended(plugin_id id, void* unused) {
    (void)id, (void)unused;
    if (total) {
        fprintf(total, "%llu\n", (unsigned long long)executed);
        fclose(total);
        return;
    }
    look();
    fclose(result);
}

__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void* machine, int count,
                                                               char** arguments) {
    (void)machine;
    for (int i = 0; i < count; ++i) {
        if (strncmp(arguments[i], "entry=", 6) == 0) entry = strtoull(arguments[i] + 6, NULL, 0);
        if (strncmp(arguments[i], "console=", 8) == 0) console = strdup(arguments[i] + 8);
        if (strncmp(arguments[i], "result=", 7) == 0) result = fopen(arguments[i] + 7, "w");
        if (strncmp(arguments[i], "total=", 6) == 0) total = fopen(arguments[i] + 6, "w");
    }
    if (!total && (!entry || !console || !result)) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
