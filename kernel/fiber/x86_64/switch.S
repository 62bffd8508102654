/* Changing from one fiber's stack to another's. Only what a called function must preserve (System V ABI for x86_64, 3.2.1)
   is saved: callee-saved registers, and the control words of SSE and x87. */

    .text
    .section .text.uk_switch, "ax", @progbits

    /* void uk_switch(void** from, void* to): `to` is what another call stored through its `from`, or prepare() made. */
    .globl uk_switch
    .hidden uk_switch
uk_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

    /* Where a new fiber begins: prepare() put the function into %r12 and its argument into %r13. */
    .globl uk_fiber_begin
    .hidden uk_fiber_begin
uk_fiber_begin:
    movq %r13, %rdi
    call *%r12
    ud2

    .section .note.GNU-stack, "", @progbits
