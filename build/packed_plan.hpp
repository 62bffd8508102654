// The parts of a plan as bytes (build/packing.hpp), each by itself.
#pragma once

#include "build/action.hpp"
#include "build/packing.hpp"
#include "build/store.hpp"
#include "build/toolchain.hpp"

namespace uk::build {

void pack(packer& to, const action& a);
/// Lists that actions have in common, by the word that says them: the engine knows by the list itself that it is the same.
using shared_lists = std::map<const char*, std::shared_ptr<const std::vector<std::string>>>;
action unpack_action(unpacker& from, shared_lists& lists);

void pack(packer& to, const result_file& file);
result_file unpack_result_file(unpacker& from);

/// The output files of an action that ended well.
void pack(packer& to, const action_result& made);
action_result unpack_action_result(unpacker& from);

/// What running actions needs of it.
void pack(packer& to, const toolchain& tools);
toolchain unpack_toolchain(unpacker& from);

} // namespace uk::build
