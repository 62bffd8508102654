/* Where Linux enters the process: the stack holds argc, argv, the environment and the auxiliary vector (System V ABI,
   AMD64 supplement, 3.4.1). And the three things that C++ can't say: a change of stack, and the return from a signal. */

    .section .text.uk_hosted, "ax", @progbits
    .globl _start
    .hidden _DYNAMIC
_start:
    xorl %ebp, %ebp
    movq %rsp, %rdi
    leaq __ehdr_start(%rip), %rsi
    leaq _DYNAMIC(%rip), %rdx
    andq $-16, %rsp
    call uk_hosted_start
    ud2

    /* void uk_hosted_on_stack(void* end, void (*function)()): never returns. */
    .globl uk_hosted_on_stack
uk_hosted_on_stack:
    movq %rdi, %rsp
    xorl %ebp, %ebp
    call *%rsi
    ud2

    .globl uk_hosted_return_from_signal
uk_hosted_return_from_signal:
    movl $15, %eax                          /* rt_sigreturn */
    syscall

    .section .note.GNU-stack, "", @progbits
