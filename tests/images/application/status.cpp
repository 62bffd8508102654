// The status of an application reaches whoever ran the image.
// expect-status: 7
#include <uk/needs.hpp>

uk::result<void> run() { return uk::ended(7); }
