// A read of memory that nobody mapped.
// expect-status: 126
// expect-text: uk: panic: read of memory that is not mapped, at 0x
#include <uk/needs.hpp>

namespace {
char* volatile wild = reinterpret_cast<char*>(0x7f00'0000'0000); // canonical, and in no page table
} // namespace

uk::result<void> run() { return uk::ended(*static_cast<volatile char*>(wild)); }
