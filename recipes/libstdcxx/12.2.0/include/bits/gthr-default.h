// Threads as libstdc++ sees them: one.
#include_next <bits/gthr-single.h>
