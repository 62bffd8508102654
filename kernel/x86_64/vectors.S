/* Where the processor enters for exceptions and interrupts: one 4-byte stub a vector, so that descriptors.cpp computes
   their addresses. Exceptions never return. Interrupts are open only inside the two functions at the end, which the
   platform calls when a fiber gives way: so their handlers are ordinary C++, and no register needs saving. */

    .set EXCEPTIONS, 32
    .set INTERRUPTS, 16

    /* Stubs of two instructions of two bytes each. The assembler makes the jumps short while they reach, and says so below. */
    .macro stubs first, last, to
    .set vector, \first
    .rept \last - \first
    pushq $vector
    jmp \to
    .set vector, vector + 1
    .endr
    .endm

    .section .text.uk_vectors, "ax", @progbits
    .globl uk_vectors, uk_interrupt_vectors
uk_vectors:
    stubs 0, EXCEPTIONS, exception
    .org uk_vectors + 4 * EXCEPTIONS        /* an error if they are longer */

exception:
    cld
    movq %rsp, %rdi                         /* vector, then what the processor pushed */
    andq $-16, %rsp
    call uk_exception
    ud2

uk_interrupt_vectors:
    stubs 0, INTERRUPTS, interrupt
    .org uk_interrupt_vectors + 4 * INTERRUPTS

interrupt:                                  /* the processor's five words and ours: the stack is aligned */
    cld
    movq (%rsp), %rdi
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
