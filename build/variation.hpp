// What an action's outputs must not depend on, and how to change it: `uk verify` runs actions in surroundings that are others
// than a build's in each of these.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "build/sandbox.hpp"

namespace uk::build {

enum class variation { folder, user, host, mask, processors, uptime, locale, zone, environment, order, times };

/// For programs: `time-zone`.
std::string name_of(variation one);
/// For people, with what it is in a build and what it becomes: "the host's name (`uk`, varied: `elsewhere`)".
std::string describe(variation one);

/// All that this machine can vary: processors needs two of them, uptime a kernel with time namespaces.
std::vector<variation> possible_variations();

/// The files of folders, read once. Thread-safe.
class folder_reader {
  public:
    struct file {
        std::string path, content;
        bool executable = false;
        std::int64_t time = 0;
    };
    /// Lives as long as the reader. Errors: input, environment.
    base::result<const std::vector<file>*> read(const std::filesystem::path& folder);

  private:
    std::mutex guard_;
    std::map<std::filesystem::path, std::vector<file>> read_;
};

/// Places the files of the request's shown folders one by one, with their times: what varying times is compared with, since
/// their order may be another one already.
base::result<void> place_folders(sandbox_request& request, folder_reader& folders);

/// Changes a build's request. What the action itself declares in its environment (`own`) stays. Order and times need the
/// files of shown folders placed one by one: `folders` must live as long as the request.
base::result<void> vary(sandbox_request& request, const std::vector<variation>& all,
                        const std::map<std::string, std::string>& own, folder_reader& folders);

} // namespace uk::build
