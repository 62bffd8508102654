#include "targets/listening.hpp"

#include <chrono>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace {

using uk::base::descriptor;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

descriptor bound(int family, int type) {
    descriptor made{::socket(family, type | SOCK_CLOEXEC, 0)};
    sockaddr_storage address{};
    address.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    EXPECT_EQ(::bind(made.number(), reinterpret_cast<sockaddr*>(&address), size), 0);
    if (type == SOCK_STREAM) {
        EXPECT_EQ(::listen(made.number(), 8), 0);
    }
    return made;
}

clock::duration waited(const std::set<std::string>& sockets, std::chrono::milliseconds patience) {
    const auto begin = clock::now();
    uk::targets::wait_until_gone(sockets, patience);
    return clock::now() - begin;
}

TEST(listening, what_listens_is_waited_for_until_it_is_gone) {
    for (const int family : {AF_INET, AF_INET6}) {
        for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
            descriptor socket = bound(family, type);
            const auto mine = uk::targets::sockets_of(::getpid());
            EXPECT_GE(waited(mine, 100ms), 100ms) << family << ' ' << type;
            std::jthread closes{[&] {
                std::this_thread::sleep_for(50ms);
                socket.close();
            }};
            const auto time = waited(mine, 10s);
            EXPECT_GE(time, 40ms) << family << ' ' << type;
            EXPECT_LT(time, 5s) << family << ' ' << type;
        }
    }
}

TEST(listening, what_only_was_connected_is_not_waited_for) {
    const descriptor listener = bound(AF_INET, SOCK_STREAM);
    const auto before = uk::targets::sockets_of(::getpid());
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ASSERT_EQ(::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    const descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    ASSERT_EQ(::connect(socket.number(), reinterpret_cast<sockaddr*>(&address), size), 0);
    auto connected = uk::targets::sockets_of(::getpid());
    std::erase_if(connected, [&](const std::string& one) { return before.contains(one); });
    ASSERT_FALSE(connected.empty());
    EXPECT_LT(waited(connected, 10s), 5s);
}

TEST(listening, the_sockets_of_others_are_not_waited_for) {
    const descriptor socket = bound(AF_INET, SOCK_STREAM);
    EXPECT_LT(waited({"1", "2"}, 10s), 5s);
    EXPECT_LT(waited({}, 10s), 5s);
}

} // namespace
