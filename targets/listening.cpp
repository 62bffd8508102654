#include "targets/listening.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

namespace uk::targets {

namespace fs = std::filesystem;

namespace {

// A line: number, local and remote address, state, two queues, timer, retransmissions, user, timeout, inode (proc_pid_net(5)).
bool listens(const char* table, const std::set<std::string>& sockets) {
    const bool tcp = std::string_view{table}.find("tcp") != std::string_view::npos;
    std::ifstream lines{table};
    std::string line, word, state, inode;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        words >> word >> word >> word >> state >> word >> word >> word >> word >> word >> inode;
        if ((!tcp || state == "0A") && sockets.contains(inode)) return true;
    }
    return false;
}

void add_sockets(std::set<std::string>& to, const std::string& process) {
    std::error_code ignored;
    for (auto at = fs::directory_iterator{"/proc/" + process + "/fd", ignored}; at != fs::directory_iterator{};
         at.increment(ignored)) {
        const std::string what = fs::read_symlink(at->path(), ignored).string();
        if (what.starts_with("socket:[")) to.insert(what.substr(8, what.size() - 9));
    }
}

} // namespace

std::set<std::string> sockets_of(pid_t process) {
    std::set<std::string> found;
    add_sockets(found, std::to_string(process));
    std::ifstream children{fmt::format("/proc/{0}/task/{0}/children", process)};
    for (std::string child; children >> child;) add_sockets(found, child);
    return found;
}

void wait_until_gone(const std::set<std::string>& sockets, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    const auto any = [&] {
        for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"}) {
            if (listens(table, sockets)) return true;
        }
        return false;
    };
    while (!sockets.empty() && any() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{1}); // no event tells of it
}

} // namespace uk::targets
