#include <uk/dns_client/message.hpp>

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace uk::dns_client {
namespace {

// www.example.org is an alias of x.example.org, which is 192.0.2.7; written out by hand after RFC 1035, 4.1.
std::vector<std::byte> aliased() {
    std::array<std::byte, longest_message> buffer;
    const auto question = write_question("www.Example.org", kind::a, 0x1234, buffer);
    std::vector<std::byte> message(question.begin(), question.end());
    message[2] = std::byte{0x81};
    message[7] = std::byte{2};
    for (const int b : {0xc0,     12,   0,  5, 0, 1, 0, 0, 0, 60, 0,  4, 1, int{'x'}, 0xc0, 16, 1,
                        int{'X'}, 0xc0, 16, 0, 1, 0, 1, 0, 0, 0,  30, 0, 4, 192,      0,    2,  7})
        message.push_back(static_cast<std::byte>(b));
    return message;
}

result<answer> read(const std::vector<std::byte>& message, std::span<net::ip_address> out) {
    return read_answer(message, "www.example.org", kind::a, 0x1234, out);
}

TEST(dns_message, follows_an_alias) {
    net::ip_address out[2];
    const auto said = read(aliased(), out);
    ASSERT_TRUE(said);
    EXPECT_EQ(said->count, 1u);
    EXPECT_EQ(said->seconds, 30u);
    EXPECT_EQ(out[0], net::ip_address::v4(0xc0000207));
}

TEST(dns_message, another_identifier_is_no_answer) {
    net::ip_address out[2];
    EXPECT_EQ(read_answer(aliased(), "www.example.org", kind::a, 0x1235, out).error(), error::invalid);
}

TEST(dns_message, a_message_that_ends_early_is_invalid) {
    net::ip_address out[2];
    const auto whole = aliased();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, out)) << size;
}

TEST(dns_message, a_name_that_points_at_itself_ends) {
    auto message = aliased();
    message[12] = std::byte{0xc0};
    message[13] = std::byte{12};
    net::ip_address out[2];
    EXPECT_EQ(read(message, out).error(), error::invalid);
}

TEST(dns_message, survives_whatever_comes) {
    std::mt19937 chance{1};
    const auto whole = aliased();
    net::ip_address out[2];
    for (int i = 0; i < 100'000; ++i) {
        auto message = whole;
        for (int k = 0; k < 3; ++k)
            message[12 + chance() % (message.size() - 12)] = static_cast<std::byte>(chance() % 3 ? 0xc0 : chance());
        const auto said = read(message, out);
        if (said) {
            EXPECT_LE(said->count, 2u);
        }
    }
}

TEST(dns_message, host_names) {
    for (const char* name : {"a", "a.b", "a.b.", "x-1_2.example"}) EXPECT_TRUE(is_host_name(name)) << name;
    for (const char* name : {"", ".", "a..b", ".a", "a b", "a/b"}) EXPECT_FALSE(is_host_name(name)) << name;
}

} // namespace
} // namespace uk::dns_client
