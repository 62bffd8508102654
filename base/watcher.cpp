#include "base/watcher.hpp"

#include <cerrno>
#include <cstring>

#include <sys/inotify.h>
#include <unistd.h>

namespace uk::base {

namespace fs = std::filesystem;

namespace {

// IN_MODIFY only says that a file isn't complete; what counts is that it was closed.
constexpr std::uint32_t wanted = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM |
                                 IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

watcher::change::type kind_of(std::uint32_t mask) {
    using type = watcher::change::type;
    if (mask & (IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF)) return type::gone;
    if (mask & IN_MODIFY) return type::unfinished;
    if ((mask & IN_CREATE) && !(mask & IN_ISDIR)) return type::unfinished;
    return type::whole;
}

} // namespace

result<watcher> watcher::make() {
    descriptor events{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (!events.is_open())
        return fail(status::environment, {}, "changes of files can't be watched: {}", std::strerror(errno))
            .hint("`sysctl fs.inotify.max_user_instances` says how many programs may");
    return watcher{std::move(events)};
}

result<bool> watcher::watch(const std::set<fs::path>& folders) {
    std::map<int, std::set<fs::path>> now;
    bool added = false;
    for (const fs::path& folder : folders) {
        // Also for those that are watched: another folder may have taken the place of one that was moved away.
        const int number = ::inotify_add_watch(events_.number(), folder.c_str(), wanted);
        if (number < 0 && (errno == ENOSPC || errno == ENOMEM))
            return fail(status::environment, {folder.string(), 0, 0}, "can't be watched: {}", std::strerror(errno))
                .hint("`sysctl fs.inotify.max_user_watches` is the number of folders that a user may watch; raise it");
        if (number < 0) continue;
        const auto before = paths_.find(number);
        added = added || before == paths_.end() || !before->second.contains(folder);
        now[number].insert(folder);
    }
    for (const auto& [number, unused] : paths_) {
        if (!now.contains(number)) ::inotify_rm_watch(events_.number(), number);
    }
    paths_ = std::move(now);
    return added;
}

std::vector<watcher::change> watcher::take() {
    std::vector<change> all;
    alignas(inotify_event) char buffer[16384];
    for (ssize_t count; (count = ::read(events_.number(), buffer, sizeof buffer)) > 0 || errno == EINTR;) {
        for (const char* at = buffer; at < buffer + count;) {
            inotify_event one;
            std::memcpy(&one, at, sizeof one);
            const char* const name = at + sizeof one;
            at = name + one.len;
            if (one.mask & IN_Q_OVERFLOW) {
                for (const auto& [unused, paths] : paths_)
                    for (const fs::path& path : paths) all.push_back({path, change::type::whole});
                continue;
            }
            const auto watched = paths_.find(one.wd);
            if (watched == paths_.end()) continue;
            for (const fs::path& folder : watched->second)
                all.push_back({(one.len > 0 ? folder / name : folder).lexically_normal(), kind_of(one.mask)});
            if (one.mask & IN_IGNORED) paths_.erase(watched);
        }
    }
    return all;
}

} // namespace uk::base
