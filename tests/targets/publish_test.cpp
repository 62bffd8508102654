#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "targets/publish.hpp"

namespace uk::targets {
namespace {

TEST(publish, reads_what_it_writes) {
    const auto full = parse_publish("0.0.0.0:80:8080/udp");
    ASSERT_TRUE(full);
    EXPECT_EQ(*full, (published_port{"0.0.0.0", 80, {8080, true}}));
    EXPECT_EQ(publish_argument(*full), "0.0.0.0:80:8080/udp");
    EXPECT_EQ(*parse_publish("18080:8080"), (published_port{"127.0.0.1", 18080, {8080, false}}));
    EXPECT_EQ(*parse_publish("8080/tcp"), (published_port{"127.0.0.1", 0, {8080, false}}));
}

TEST(publish, refuses_what_is_no_port) {
    for (const char* text :
         {"", "0", "65536", "http", "1:2:3", "1.2.3:4:5", "70000:80", ":80", "80:", "-1:80", "80/sctp", "080"})
        EXPECT_FALSE(parse_publish(text)) << text;
}

TEST(publish, an_images_own_ports_stand_behind_those_asked_for) {
    const std::vector<published_port> asked{{"127.0.0.1", 18080, {8080, false}}};
    const auto all = all_published(asked, {{8080, false}, {53, true}});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0], asked[0]);
    EXPECT_EQ(all[1], (published_port{"127.0.0.1", 0, {53, true}}));
}

TEST(publish, a_taken_port_is_left_to_its_owner) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&place), size), 0);
    ASSERT_EQ(::listen(socket, 1), 0);
    ASSERT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&place), &size), 0);
    const std::uint16_t taken = ntohs(place.sin_port);

    const auto chosen = choose_ports({{.guest = {taken, false}}});
    ASSERT_TRUE(chosen);
    EXPECT_NE(chosen->front().here, taken);
    EXPECT_NE(chosen->front().here, 0);
    EXPECT_FALSE(choose_ports({{.here = taken, .guest = {80, false}}}));
    ::close(socket);
    EXPECT_EQ(choose_ports({{.guest = {taken, false}}})->front().here, taken);
    EXPECT_NE(choose_ports({{.guest = {taken, false}}}, {taken})->front().here, taken);
}

} // namespace
} // namespace uk::targets
