// An error that leaves `run` is said, and the status is 1.
// expect-status: 1
// expect-text: not_found
#include <uk/needs.hpp>

uk::result<void> run() { return uk::error::not_found; }
