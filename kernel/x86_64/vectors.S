/* Where the processor enters for exceptions and interrupts: one 8-byte stub a vector, so that descriptors.cpp computes
   their addresses. Exceptions never return. Interrupts are open only inside the two functions at the end, which the
   platform calls when a fiber gives way: so their handlers are ordinary C++, and no register needs saving. */

    .set EXCEPTIONS, 32
    .set INTERRUPTS, 16

    .section .text.uk_vectors, "ax", @progbits
    .balign 16
    .globl uk_vectors
uk_vectors:
    .set vector, 0
    .rept EXCEPTIONS
    .balign 8
    pushq $vector
    jmp exception
    .set vector, vector + 1
    .endr
    .set vector, 0
    .rept INTERRUPTS
    .balign 8
    movb $vector, %dil
    jmp interrupt
    .set vector, vector + 1
    .endr

exception:
    cld
    movq %rsp, %rdi                         /* vector, then what the processor pushed */
    andq $-16, %rsp
    call uk_exception
    ud2

interrupt:
    movzbl %dil, %edi
    cld
    subq $8, %rsp                           /* the processor pushed five words onto an aligned stack */
    call uk_interrupt
    addq $8, %rsp
    iretq

    /* void uk_sleep(): called with interrupts closed; opens them and sleeps as one step, returns after one was handled. */
    .section .text.uk_sleep, "ax", @progbits
    .globl uk_sleep
uk_sleep:
    sti
    hlt
    cli
    ret

    /* void uk_take_interrupts(): lets in what waits, without sleeping. */
    .section .text.uk_take_interrupts, "ax", @progbits
    .globl uk_take_interrupts
uk_take_interrupts:
    sti
    nop
    cli
    ret
