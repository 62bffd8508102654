// The client before answers that a test writes, good ones and bad ones.
#include "rig.hpp"

#include <uk/http/client.hpp>

using namespace std::chrono_literals;
using namespace uk;
using namespace uk::test;

namespace {

/// A stack whose connections answer with what the test has prepared for each.
class answering_stack {
  public:
    using flow = memory::flow;
    using listener = memory::listener;
    class datagrams {
      public:
        result<void> send(const net::endpoint&, std::span<const std::byte>) { return error::io; }
        result<net::arrival> receive(std::span<std::byte>) { return error::io; }
        net::endpoint local() { return {}; }
    };

    std::vector<std::string> answers; ///< of each connection
    std::vector<std::shared_ptr<memory::wire>> wires;
    net::endpoint connected;
    bool stay_open = false;
    std::size_t piece = SIZE_MAX;

    result<listener> listen(const net::endpoint&) { return error::io; }
    result<flow> connect(const net::endpoint& where) {
        if (wires.size() == answers.size()) return error::closed;
        connected = where;
        auto made = std::make_shared<memory::wire>();
        std::string_view text = answers[wires.size()];
        for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) made->send(text.substr(0, piece));
        if (!stay_open) made->finish();
        wires.push_back(made);
        return flow{made};
    }
    result<datagrams> bind(const net::endpoint&) { return error::io; }
    result<std::size_t> addresses(std::span<net::ip_network>) { return 0u; }
    std::size_t name_servers(std::span<net::ip_address>) { return 0; }
};
static_assert(net::Stack<answering_stack>);

class names {
  public:
    result<std::size_t> resolve(std::string_view name, std::span<net::ip_address> out) {
        if (name != "example.org") return error::not_found;
        out[0] = net::ip_address::v4(0x0a000001);
        return 1u;
    }
};

struct http_client : testing::Test {
    http_client() { fake::reset(); }
    answering_stack stack;
    names resolver;
    http::client<answering_stack, names> web{stack, resolver};

    /// Status and body of one answer, or the error's name.
    std::string get(std::string_view url) {
        const auto answer = web.send({.url = url});
        if (!answer) return std::string{answer.error().name()};
        return text_of(**answer);
    }
    static std::string text_of(http::answer& answer) {
        std::string out = std::to_string(answer.status()) + " ";
        std::byte piece[7];
        for (;;) {
            const auto got = answer.body().read(piece);
            if (!got) return out + "!" + std::string{got.error().name()};
            if (*got == 0) return out;
            out.append(reinterpret_cast<const char*>(piece), *got);
        }
    }
};

} // namespace

TEST_F(http_client, reads_every_form_of_answers) {
    const struct {
        const char *text, *expected;
    } table[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"},
        {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 "},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\n",
         "200 hello"},
        {"HTTP/1.0 200 OK\r\n\r\nuntil the end", "200 until the end"},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx",
         "404 x"},
        {"HTTP/1.1 204 No Content\r\n\r\n", "204 "},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "304 "},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "200 hel!closed"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n", "200 he!closed"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "200 !invalid"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "invalid"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "invalid"},
        {"HTTP/1.1 101 Switching\r\n\r\n", "invalid"},
        {"HTTP/2.0 200 OK\r\n\r\n", "invalid"},
        {"nonsense that is long enough", "invalid"},
        {"HTTP/1.1 200 OK\r\nA: b", "closed"},
        {"", "closed"},
    };
    for (const std::size_t piece : {std::size_t{1000}, std::size_t{1}}) {
        stack.piece = piece;
        for (const auto& one : table) {
            stack.answers.emplace_back(one.text);
            EXPECT_EQ(get("http://example.org/"), one.expected) << one.text;
        }
    }
}

TEST_F(http_client, sends_what_is_asked) {
    stack.answers.assign(9, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(get("http://example.org:8080/a?b#c"), "200 ");
    EXPECT_EQ(stack.wires.back()->written, "GET /a?b HTTP/1.1\r\nHost: example.org:8080\r\n\r\n");
    EXPECT_EQ(stack.connected, (net::endpoint{net::ip_address::v4(0x0a000001), 8080}));
    EXPECT_EQ(get("http://[::1]?x"), "200 ");
    EXPECT_EQ(stack.wires.back()->written, "GET /?x HTTP/1.1\r\nHost: [::1]\r\n\r\n");
    EXPECT_FALSE(stack.connected.address.is_v4());
    const http::sent_field fields[] = {{"X-A", "b"}};
    ASSERT_TRUE(web.send(
        {.method = "POST", .url = "HTTP://127.0.0.1/", .fields = fields, .type = "text/plain", .content = "hi"}));
    EXPECT_EQ(
        stack.wires.back()->written,
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
    int left = 2;
    const auto pieces = [&](std::span<std::byte> out) -> result<std::size_t> {
        std::memset(out.data(), 'x', 3);
        return left-- > 0 ? 3u : 0u;
    };
    const http::body_source source{pieces};
    ASSERT_TRUE(web.send({.method = "PUT", .url = "http://127.0.0.1/", .source = &source}));
    EXPECT_TRUE(stack.wires.back()->written.ends_with("chunked\r\n\r\n3\r\nxxx\r\n3\r\nxxx\r\n0\r\n\r\n"));
}

TEST_F(http_client, refuses_what_it_should_not_send) {
    stack.answers.assign(9, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for (const char* url : {"", "example.org", "http://", "http:///x", "http://a:0/", "http://a:65536/", "http://a:x/",
                            "http://a/ b", "http://a b/", "http://a/\r\nX: y", "http://u@a/"})
        EXPECT_EQ(get(url), "invalid") << url;
    EXPECT_EQ(get("https://example.org/"), "unsupported");
    EXPECT_EQ(get("http://example.net/"), "not_found");
    const http::sent_field evil[] = {{"A", "b\r\nEvil: 1"}};
    EXPECT_EQ(web.send({.url = "http://127.0.0.1/", .fields = evil}).error(), error::invalid);
    EXPECT_EQ(web.send({.method = "GET /x", .url = "http://127.0.0.1/"}).error(), error::invalid);
}

TEST_F(http_client, keeps_its_connection_and_makes_a_closed_one_anew) {
    const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    stack.stay_open = true;
    stack.answers = {one, one, one};
    EXPECT_EQ(get("http://example.org/1"), "200 a");
    stack.wires[0]->send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
    EXPECT_EQ(get("http://example.org/2"), "200 b");
    EXPECT_EQ(stack.wires.size(), 1u);
    // Closed meanwhile: once more, elsewhere.
    stack.wires[0]->finish();
    EXPECT_EQ(get("http://example.org/3"), "200 a");
    EXPECT_EQ(stack.wires.size(), 2u);
    // Another place, and an answer that wasn't read, need another connection.
    EXPECT_EQ(get("http://127.0.0.1/"), "200 a");
    EXPECT_EQ(stack.wires.size(), 3u);
    // What may not be done twice isn't.
    stack.answers.push_back(one);
    stack.wires[2]->finish();
    EXPECT_EQ(web.send({.method = "POST", .url = "http://127.0.0.1/"}).error(), error::closed);
    EXPECT_EQ(stack.wires.size(), 3u);
}

TEST_F(http_client, leaves_an_answer_that_was_not_read_behind) {
    stack.stay_open = true;
    stack.answers.assign(2, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    ASSERT_TRUE(web.send({.url = "http://example.org/"}));
    EXPECT_EQ(get("http://example.org/"), "200 a");
    ASSERT_EQ(stack.wires.size(), 2u);
    EXPECT_EQ(count_of(stack.wires[0]->written, "GET "), 1u);
}

TEST_F(http_client, gives_up_on_a_server_that_says_nothing) {
    stack.stay_open = true;
    stack.answers = {"HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"};
    EXPECT_EQ(get("http://example.org/"), "timed_out");
    EXPECT_EQ(get("http://example.org/"), "200 he!timed_out");
}

TEST_F(http_client, limits_answers) {
    stack.answers = {"HTTP/1.1 200 OK\r\nA: " + std::string(9000, 'a')};
    EXPECT_EQ(get("http://example.org/"), "too_large");
}
