// What libstdc++ asks of the system's C library in advance: nothing.
