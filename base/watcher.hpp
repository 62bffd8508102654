// Changes in folders, as the kernel tells them: inotify(7). Nothing is polled, and nothing is read to find them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace uk::base {

class watcher {
  public:
    struct change {
        enum class type {
            whole,
            unfinished,
            gone
        }; ///< unfinished: somebody has begun to write it and not closed it yet
        std::filesystem::path path; ///< below a watched folder, as that was given; or such a folder itself
        type kind = type::whole;
    };

    /// Errors: environment: the kernel's limit of inotify instances is reached.
    static result<watcher> make();

    /// From now on these are watched and no others, each without what lies below it; one that isn't there is left out.
    /// True: some weren't before. Errors: environment: the kernel's limit of watches is reached.
    result<bool> watch(const std::set<std::filesystem::path>& folders);

    /// Readable when something has happened.
    int number() const { return events_.number(); }

    /// What has happened since the last call, in order; does not wait. If it was too much for the kernel to note, every
    /// watched folder.
    std::vector<change> take();

  private:
    explicit watcher(descriptor events) : events_{std::move(events)} {}

    descriptor events_;
    std::map<int, std::set<std::filesystem::path>> paths_; // by inotify's number; one folder may have several paths
};

} // namespace uk::base
