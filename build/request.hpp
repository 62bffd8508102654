// From an action of a plan to what its sandbox is given.
#pragma once

#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "build/action_key.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

/// Files that many actions are given, each read once. Thread-safe.
class shared_contents {
  public:
    /// Valid as long as this is. Errors: failed: it isn't `expected` any more.
    base::result<std::string_view> read(const std::filesystem::path& file, const base::digest& expected);

  private:
    std::mutex guard_;
    std::unordered_map<std::string, std::string> files_;
};

struct request_source {
    const plan& what;
    const toolchain& tools;
    store& kept;
    const std::vector<action_outcome>& so_far; ///< of the actions that this one reads
    shared_contents& contents;
    bool sandbox = true;
};

/// The request's files are views of `from.contents` and of `own`, so those live as long. Errors: failed: a file isn't any more what
/// `mine` was made of; source: a blob is gone or wrong.
base::result<sandbox_request> make_request(const request_source& from, std::size_t index, const keyed_action& mine,
                                           std::deque<std::string>& own);

} // namespace uk::build
