/* Where the loader (QEMU's -kernel, Xen) enters: the PVH protocol, xen/docs/misc/pvh.pandoc.
   32-bit protected mode, paging off, flat segments, no stack, %ebx = physical address of hvm_start_info.
   Maps the image with large pages for the moment, enters long mode and calls uk_start, which makes the real tables. */

    .set MAP_BEHIND, 0x10000                /* what the loader puts right behind the image must be readable too */
    .set LARGE, 0x200000

    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18                          /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long uk_entry

    .section .text.uk_entry, "ax", @progbits
    .code32
    .globl uk_entry
uk_entry:
    cld
    movl $uk_boot_stack_end, %esp
    movl $boot_tables + 0x1003, boot_tables
    movl $boot_tables + 0x2003, boot_tables + 0x1000
    movl $boot_tables + 0x2000, %edi
    movl $0x83, %eax                        /* present, writable, large */
1:  movl %eax, (%edi)
    addl $8, %edi
    addl $LARGE, %eax
    cmpl $uk_image_end + MAP_BEHIND, %eax
    jb 1b

    movl $boot_tables, %eax
    movl %eax, %cr3
    movl $0x620, %eax                       /* CR4: PAE, OSFXSR, OSXMMEXCPT */
    movl %eax, %cr4
    movl $0xc0000080, %ecx                  /* EFER: long mode, no-execute */
    rdmsr
    orl $0x900, %eax
    wrmsr
    movl $0x80010033, %eax                  /* CR0: PG, WP, NE, ET, MP, PE */
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $0x08, $long_mode

    .code64
long_mode:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    fninit
    xorl %ebp, %ebp
    movl %ebx, %edi
    call uk_start

    /* void uk_call_on_stack(void* end, void (*function)()): never returns. */
    .section .text.uk_call_on_stack, "ax", @progbits
    .globl uk_call_on_stack
uk_call_on_stack:
    movq %rdi, %rsp
    xorl %ebp, %ebp
    call *%rsi
    ud2

    .section .data.uk_gdt, "aw", @progbits
    .balign 8
    .globl uk_gdt
uk_gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
    .quad 0, 0                              /* the task state's descriptor, filled in by descriptors.cpp */
boot_gdt_pointer:
    .word . - uk_gdt - 1
    .long uk_gdt

    .section .bss.uk_tables, "aw", @nobits
    .balign 4096
boot_tables:
    .skip 3 * 4096
