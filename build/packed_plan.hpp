// The parts of a plan as bytes (build/packing.hpp), each by itself.
#pragma once

#include "build/action.hpp"
#include "build/packing.hpp"
#include "build/store.hpp"
#include "build/toolchain.hpp"

namespace uk::build {

void pack(packer& to, const action& a);
action unpack_action(unpacker& from);

void pack(packer& to, const result_file& file);
result_file unpack_result_file(unpacker& from);

/// The output files of an action that ended well.
void pack(packer& to, const action_result& made);
action_result unpack_action_result(unpacker& from);

/// What running actions needs of it.
void pack(packer& to, const toolchain& tools);
toolchain unpack_toolchain(unpacker& from);

} // namespace uk::build
