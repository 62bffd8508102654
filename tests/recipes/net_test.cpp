// Addresses as text against the host's own inet_pton(3) and inet_ntop(3); the queue of ready flows.
#include <random>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <uk/net/address.hpp>

namespace uk::net {
namespace {

std::string text(const ip_address& a) {
    char out[longest_address];
    return std::string{format(a, std::span<char, longest_address>{out})};
}

std::string text(const endpoint& e) {
    char out[longest_endpoint];
    return std::string{format(e, std::span<char, longest_endpoint>{out})};
}

// What the host makes of a text; nothing if it refuses it.
std::optional<ip_address> host_parse(const std::string& text) {
    in_addr v4{};
    if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return ip_address::v4(ntohl(v4.s_addr));
    std::array<std::uint8_t, 16> v6{};
    if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return ip_address::v6(v6);
    return {};
}

TEST(net_address, says_addresses_as_people_write_them) {
    EXPECT_EQ(text(ip_address::v4(0x0a000002)), "10.0.0.2");
    EXPECT_EQ(text(ip_address{}), "::");
    EXPECT_EQ(text(endpoint{ip_address::v4(0x7f000001), 8080}), "127.0.0.1:8080");
    EXPECT_EQ(text(endpoint{*parse_address("fd00::2"), 65535}), "[fd00::2]:65535");
    EXPECT_EQ(text(*parse_address("1:0:0:2:0:0:0:3")), "1:0:0:2::3");
    EXPECT_EQ(text(*parse_address("1:0:0:2:3:0:0:4")), "1::2:3:0:0:4") << "the first of two equal runs";
    EXPECT_EQ(text(*parse_address("1:0:2:3:4:5:6:7")), "1:0:2:3:4:5:6:7") << "one zero stays";
    EXPECT_EQ(text(*parse_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).size(), 39u);
}

TEST(net_address, reads_and_writes_like_the_host) {
    std::mt19937 random{7};
    for (int i = 0; i < 20000; ++i) {
        std::array<std::uint8_t, 16> bytes{};
        for (auto& b : bytes) b = random() % 3 ? 0 : static_cast<std::uint8_t>(random());
        const ip_address a = random() % 4 ? ip_address::v6(bytes) : ip_address::v4(random());
        const std::string ours = text(a);
        EXPECT_EQ(host_parse(ours), a) << ours;
        const auto back = parse_address(ours);
        ASSERT_TRUE(back) << ours;
        EXPECT_EQ(*back, a) << ours;
        char host[INET6_ADDRSTRLEN];
        ::inet_ntop(AF_INET6, a.bytes().data(), host, sizeof host);
        const auto from_host = parse_address(host);
        ASSERT_TRUE(from_host) << host;
        EXPECT_EQ(*from_host, a) << host;
    }
}

TEST(net_address, refuses_what_the_host_refuses) {
    std::mt19937 random{11};
    const std::string letters = "0123456789abcF:::...%[]x ";
    int read = 0;
    for (int i = 0; i < 200000; ++i) {
        std::string word(random() % 16, ' ');
        for (char& c : word) c = letters[random() % letters.size()];
        const auto ours = parse_address(word);
        const auto host = host_parse(word);
        EXPECT_EQ(ours.has_value(), host.has_value()) << "`" << word << "`";
        if (ours && host) {
            EXPECT_EQ(*ours, *host) << word;
        }
        read += ours.has_value();
    }
    EXPECT_GT(read, 100) << "the words are too wild to say much";
}

TEST(net_address, reads_endpoints) {
    EXPECT_EQ(parse_endpoint("10.0.0.2:80"), (endpoint{ip_address::v4(0x0a000002), 80}));
    EXPECT_EQ(parse_endpoint("[::1]:8080"), (endpoint{*parse_address("::1"), 8080}));
    for (const char* wrong : {"", "10.0.0.2", "10.0.0.2:", "10.0.0.2:65536", "10.0.0.2:80 ", "::1:80", "[::1]",
                              "[::1]80", "[10.0.0.2]:80", "10.0.0.2:-1", "[::1]:000080"})
        EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
}

TEST(net_address, knows_its_kind) {
    EXPECT_TRUE(ip_address::v4(1).is_v4());
    EXPECT_FALSE(ip_address{}.is_v4());
    EXPECT_TRUE(ip_address{}.is_any());
    EXPECT_TRUE(ip_address::v4(0).is_any());
    EXPECT_FALSE(loopback_v4.is_any());
    EXPECT_EQ(ip_address::v4(0x01020304).number(), 0x01020304u);
}

} // namespace
} // namespace uk::net
