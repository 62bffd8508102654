// Takes outputs out of a room: regular files that lie where they say, through no link, whatever the command did.
#pragma once

#include "build/sandbox.hpp"

namespace uk::build {

/// Fills `to.outputs`, or `to.wrong` with the first that isn't what it should be. `build` is an open folder; nothing may
/// change in it any more.
void take_outputs(int build, const sandbox_request& what, sandbox_result& to);

/// The request's files that were opened and read, sorted. An empty one counts as read: its size says all.
std::vector<std::string> files_read(int build, const sandbox_request& what);

} // namespace uk::build
