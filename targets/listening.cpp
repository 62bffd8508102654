#include "targets/listening.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <thread>

#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/descriptor.hpp"

namespace uk::targets {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

using sockets = std::set<std::string>;

constexpr milliseconds between_looks{1};     // no event tells that a socket is gone
constexpr milliseconds usual_time{50};       // for a kernel that doesn't say what listens

// One answer of sock_diag(7), a part of the list: whether one of `wanted` is in it, `none` if the list goes on. Null: an error.
enum class found : std::uint8_t { none, one, end };
std::optional<found> look(std::span<const std::byte> answer, const sockets& wanted) {
    auto left = static_cast<unsigned>(answer.size());
    for (const auto* at = reinterpret_cast<const nlmsghdr*>(answer.data()); NLMSG_OK(at, left);
         at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_type == NLMSG_DONE) return found::end;
        if (at->nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
        const auto* one = static_cast<const inet_diag_msg*>(NLMSG_DATA(at));
        if (wanted.contains(std::to_string(one->idiag_inode))) return found::one;
    }
    return found::none;
}

// Whether one of `wanted` is in the kernel's list of sockets of a protocol in such states.
std::optional<bool> lists(int kernel, std::uint8_t family, std::uint8_t protocol, std::uint32_t states,
                          const sockets& wanted) {
    struct {
        nlmsghdr head;
        inet_diag_req_v2 what;
    } question{};
    question.head = {sizeof question, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 0, 0};
    question.what.sdiag_family = family;
    question.what.sdiag_protocol = protocol;
    question.what.idiag_states = states;
    if (::send(kernel, &question, sizeof question, 0) < 0) return std::nullopt;
    alignas(nlmsghdr) std::array<std::byte, 32768> answer; // as large as the kernel makes one
    for (bool is_there = false;;) {
        const auto size = ::recv(kernel, answer.data(), answer.size(), 0);
        if (size <= 0) return std::nullopt;
        const auto now = look(std::span{answer}.first(static_cast<std::size_t>(size)), wanted);
        if (!now) return std::nullopt;
        if (*now == found::end) return is_there;
        is_there = is_there || *now == found::one;
    }
}

// Null: this kernel doesn't say.
std::optional<bool> any_listens(const sockets& wanted) {
    const base::descriptor kernel{::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
    if (!kernel.is_open()) return std::nullopt;
    for (const std::uint8_t family : {AF_INET, AF_INET6}) {
        const auto tcp = lists(kernel.number(), family, IPPROTO_TCP, 1U << TCP_LISTEN, wanted);
        if (!tcp || *tcp) return tcp;
        const auto udp = lists(kernel.number(), family, IPPROTO_UDP, ~0U, wanted);
        if (!udp || *udp) return udp;
    }
    return false;
}

void add_sockets(sockets& to, const std::string& process) {
    std::error_code ignored;
    for (auto at = fs::directory_iterator{"/proc/" + process + "/fd", ignored}; at != fs::directory_iterator{};
         at.increment(ignored)) {
        const std::string what = fs::read_symlink(at->path(), ignored).string();
        if (what.starts_with("socket:[")) to.insert(what.substr(8, what.size() - 9));
    }
}

} // namespace

sockets sockets_of(pid_t process) {
    sockets found;
    add_sockets(found, std::to_string(process));
    std::ifstream children{fmt::format("/proc/{0}/task/{0}/children", process)};
    for (std::string child; children >> child;) add_sockets(found, child);
    return found;
}

void wait_until_gone(const sockets& wanted, milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!wanted.empty() && std::chrono::steady_clock::now() < end) {
        const auto listens = any_listens(wanted);
        if (!listens) return std::this_thread::sleep_for(usual_time);
        if (!*listens) return;
        std::this_thread::sleep_for(between_looks);
    }
}

} // namespace uk::targets
