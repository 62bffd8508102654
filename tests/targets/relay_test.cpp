#include <cerrno>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "targets/relay.hpp"

namespace uk::targets {
namespace {

sockaddr* any(sockaddr_in& place) { return reinterpret_cast<sockaddr*>(&place); }

// A socket on a free port of 127.0.0.1.
struct place {
    explicit place(int type) : socket{::socket(AF_INET, type, 0)} {
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(socket, any(address), size);
        ::getsockname(socket, any(address), &size);
        if (type == SOCK_STREAM) ::listen(socket, 8);
    }
    place(const place&) = delete;
    ~place() { ::close(socket); }
    int socket;
    sockaddr_in address{};
};

int client_of(place& where, int type) {
    const int made = ::socket(AF_INET, type, 0);
    EXPECT_EQ(::connect(made, any(where.address), sizeof where.address), 0);
    const timeval patience{10, 0};
    ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return made;
}

std::string read_all(int from) {
    std::string all(1 << 20, '\0');
    std::size_t size = 0;
    for (ssize_t n; (n = ::read(from, all.data() + size, all.size() - size)) > 0;) size += static_cast<std::size_t>(n);
    all.resize(size);
    return all;
}

class relaying : public testing::Test {
  protected:
    relaying() {
        EXPECT_EQ(::pipe(stop), 0);
        worker = std::thread{[this] {
            relay({{front.socket, false, back.address},
                   {front_udp.socket, true, back_udp.address},
                   {closed.socket, false, nobody}},
                  stop[0]);
        }};
    }
    ~relaying() override {
        ::close(stop[1]);
        worker.join();
        ::close(stop[0]);
    }

    place front{SOCK_STREAM}, back{SOCK_STREAM}, closed{SOCK_STREAM}, front_udp{SOCK_DGRAM}, back_udp{SOCK_DGRAM};
    sockaddr_in nobody = place{SOCK_STREAM}.address; // closed again at once
    int stop[2] = {-1, -1};
    std::thread worker;
};

TEST_F(relaying, bytes_and_the_end_go_each_way_for_itself) {
    const int client = client_of(front, SOCK_STREAM), server = ::accept(back.socket, nullptr, nullptr);
    const std::string asked(300000, 'a'), answer(500000, 'b');
    std::thread asking{[&] {
        EXPECT_EQ(::write(client, asked.data(), asked.size()), static_cast<ssize_t>(asked.size()));
        ::shutdown(client, SHUT_WR);
    }};
    EXPECT_EQ(read_all(server), asked);
    asking.join();
    std::thread answering{[&] {
        EXPECT_EQ(::write(server, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
        ::close(server);
    }};
    EXPECT_EQ(read_all(client), answer);
    answering.join();
    ::close(client);
}

TEST_F(relaying, a_connection_that_nobody_takes_is_reset) {
    const int client = client_of(closed, SOCK_STREAM);
    char byte;
    EXPECT_LT(::read(client, &byte, 1), 0);
    EXPECT_EQ(errno, ECONNRESET);
    ::close(client);
}

TEST_F(relaying, a_reset_is_handed_on) {
    const int client = client_of(front, SOCK_STREAM), server = ::accept(back.socket, nullptr, nullptr);
    EXPECT_EQ(::write(client, "x", 1), 1);
    char byte;
    EXPECT_EQ(::read(server, &byte, 1), 1);
    const linger reset{1, 0};
    ::setsockopt(server, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(server);
    EXPECT_LT(::read(client, &byte, 1), 0);
    EXPECT_EQ(errno, ECONNRESET);
    ::close(client);
}

TEST_F(relaying, datagrams_are_answered_to_who_sent_them) {
    const int first = client_of(front_udp, SOCK_DGRAM), second = client_of(front_udp, SOCK_DGRAM);
    sockaddr_in from[2];
    char text[8] = "";
    for (const int i : {0, 1}) {
        EXPECT_EQ(::write(i == 0 ? first : second, i == 0 ? "one" : "two", 3), 3);
        socklen_t size = sizeof from[i];
        EXPECT_EQ(::recvfrom(back_udp.socket, text, sizeof text, 0, any(from[i]), &size), 3);
    }
    EXPECT_NE(from[0].sin_port, from[1].sin_port);
    ::sendto(back_udp.socket, "ONE", 3, 0, any(from[0]), sizeof from[0]);
    ::sendto(back_udp.socket, "TWO", 3, 0, any(from[1]), sizeof from[1]);
    EXPECT_EQ(::read(first, text, sizeof text), 3);
    EXPECT_EQ(std::string(text, 3), "ONE");
    EXPECT_EQ(::read(second, text, sizeof text), 3);
    EXPECT_EQ(std::string(text, 3), "TWO");
    ::close(first);
    ::close(second);
}

} // namespace
} // namespace uk::targets
