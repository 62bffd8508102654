// The server on a network in memory: what a client sends and what it gets, time-outs on a clock that jumps, limits.
#include "rig.hpp"

using namespace std::chrono_literals;
using namespace uk;
using namespace uk::test;

namespace {
struct http_server : rig {};
} // namespace

TEST_F(http_server, sends_a_file_in_one_write) {
    serving([&] {
        const auto w = connect();
        w->send(get("/"));
        settle();
        EXPECT_EQ(status_of(w->written), 200);
        EXPECT_NE(w->written.find("Content-Type: text/html; charset=utf-8\r\n"), std::string::npos);
        EXPECT_NE(w->written.find("Content-Length: 14\r\n"), std::string::npos);
        EXPECT_NE(w->written.find("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), std::string::npos);
        EXPECT_TRUE(w->written.ends_with("\r\n\r\n<h1>hello</h1>"));
        EXPECT_EQ(w->writes, 1u);
        EXPECT_FALSE(w->server_closed);
    });
}

TEST_F(http_server, answers_pipelined_requests_in_order_and_in_one_write) {
    serving([&] {
        const auto w = connect();
        w->send(get("/ten.txt") + get("/missing") + get("/sub/"));
        settle();
        EXPECT_EQ(count_of(w->written, "HTTP/1.1 "), 3u);
        EXPECT_LT(w->written.find("0123456789"), w->written.find("404 Not Found"));
        EXPECT_TRUE(w->written.ends_with("sub"));
        EXPECT_EQ(w->writes, 1u);
    });
}

TEST_F(http_server, gives_the_same_however_a_stream_of_requests_is_split) {
    const std::string text =
        get("/ten.txt") + "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n" +
        "6\r\n world\r\n0\r\nT: r\r\n\r\n" + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" +
        get("/small") + "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nrest" + get("/stream");
    std::string whole;
    serving([&] {
        const auto w = connect();
        w->send(text);
        settle();
        whole = w->written;
        EXPECT_EQ(count_of(whole, "HTTP/1.1 200 OK"), 6u);
        EXPECT_EQ(count_of(whole, "hello world"), 1u);
        for (std::size_t piece : {1, 2, 3, 7, 50}) {
            const auto split = connect();
            for (std::size_t at = 0; at < text.size(); at += piece) {
                split->send(std::string_view{text}.substr(at, piece));
                settle();
            }
            EXPECT_EQ(joined(split->written), joined(whole)) << "in pieces of " << piece;
        }
    });
}

struct bad_request {
    const char* name;
    std::string text;
    int status;
};

TEST_F(http_server, refuses_what_could_be_read_in_two_ways) {
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    const bad_request table[] = {
        {"length and coding", head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"two lengths", head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
        {"the same length twice", head + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"a list of lengths", head + "Content-Length: 3, 3\r\n\r\nabc", 400},
        {"a signed length", head + "Content-Length: +3\r\n\r\nabc", 400},
        {"a negative length", head + "Content-Length: -3\r\n\r\nabc", 400},
        {"an empty length", head + "Content-Length:\r\n\r\nabc", 400},
        {"a length beyond 64 bits", head + "Content-Length: 18446744073709551617\r\n\r\na", 400},
        {"a folded field", head + "A: b\r\n c: d\r\n\r\n", 400},
        {"a folded first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        {"a space in front of the colon", head + "Content-Length : 3\r\n\r\nabc", 400},
        {"an empty name", head + ": 3\r\n\r\n", 400},
        {"a lone LF", head + "A: b\nContent-Length: 3\r\n\r\nabc", 400},
        {"LF at the end of the line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
        {"a lone CR", head + "A: b\rContent-Length: 3\r\n\r\nabc", 400},
        {"NUL in a value", head + std::string{"A: b\0c\r\n\r\n", 11}, 400},
        {"NUL in a name", head + std::string{"A\0: b\r\n\r\n", 9}, 400},
        {"a control character", head + "A: \x01\r\n\r\n", 400},
        {"an unknown coding", head + "Transfer-Encoding: gzip\r\n\r\n", 501},
        {"chunked, then another", head + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 501},
        {"a coding behind nothing", head + "Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n", 501},
        {"chunked twice", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"a coding with a tab",
         head + "Transfer-Encoding: \x0b"
                "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"a coding in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"a host with a slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 505},
        {"HTTP/0.9", "GET /\r\n", 400},
        {"lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"an asterisk", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a broken escape", "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"an escaped NUL", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"an expectation", head + "Expect: more\r\nContent-Length: 3\r\n\r\nabc", 417},
        {"a length in trailers", head + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 0\r\n\r\n", 400},
        {"bad chunk size", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
        {"chunk size with a prefix", head + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400},
        {"chunk size beyond 64 bits", head + "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
         400},
        {"chunk without its end", head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
        {"chunk line with LF only", head + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
        {"chunk extension without end",
         head + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(300, 'a') + "\r\nabc\r\n0\r\n\r\n", 400},
        {"chunk size of many digits", head + "Transfer-Encoding: chunked\r\n\r\n00000000000000003\r\nabc\r\n0\r\n\r\n",
         400},
        {"chunk extension with LF only", head + "Transfer-Encoding: chunked\r\n\r\n3;x\nabc\r\n0\r\n\r\n", 400},
        {"chunk size and a word", head + "Transfer-Encoding: chunked\r\n\r\n3 x\r\nabc\r\n0\r\n\r\n", 400},
        {"bad trailer", head + "Transfer-Encoding: chunked\r\n\r\n0\r\n x\r\n\r\n", 400},
        {"a large chunk", head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffff\r\n", 413},
        {"a large length", head + "Content-Length: 99999999\r\n\r\n", 413},
    };
    for (const bad_request& one : table) {
        serving([&] {
            const auto w = connect();
            w->send(one.text + get("/ten.txt"));
            settle();
            EXPECT_EQ(status_of(w->written), one.status) << one.name << "\n" << w->written;
            EXPECT_EQ(count_of(w->written, "HTTP/1.1 "), 1u) << one.name << ": what follows was read as a request";
            EXPECT_NE(w->written.find("Connection: close\r\n"), std::string::npos) << one.name;
            EXPECT_TRUE(w->server_finished) << one.name;
            wait(3s);
            EXPECT_TRUE(w->server_closed) << one.name << ": lingers for ever";
        });
    }
}

TEST_F(http_server, takes_what_is_allowed) {
    const bad_request table[] = {
        {"empty lines in front", "\r\n\r\n" + get("/ten.txt"), 200},
        {"spaces around a value", get("/ten.txt", "A:  \t b \t\r\n"), 200},
        {"an empty value", get("/ten.txt", "A:\r\n"), 200},
        {"bytes above 127", get("/ten.txt", "A: \xff\r\n"), 200},
        {"the absolute form", "GET http://b/ten.txt?x HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"the absolute form without a path", "GET http://b HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"HTTP/1.0 without a host", "GET /ten.txt HTTP/1.0\r\n\r\n", 200},
        {"HTTP/1.9", "GET /ten.txt HTTP/1.9\r\nHost: a\r\n\r\n", 200},
        {"options of the server", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204},
        {"options of a file", "OPTIONS /ten.txt HTTP/1.1\r\nHost: a\r\n\r\n", 204},
        {"escapes", get("/%74en.txt"), 200},
        {"an escaped space", get("/a%20b.txt"), 200},
        {"a folder", get("/sub/"), 200},
        {"a folder without slash", get("/sub"), 301},
        {"dots", get("/sub/../ten.txt"), 200},
        {"dots above the root", get("/../../ten.txt"), 200},
        {"escaped dots", get("/%2e%2e/%2E%2e/ten.txt"), 200},
        {"escaped slashes", get("/sub%2f..%2ften.txt"), 200},
        {"dots that name a folder", get("/sub/."), 200},
        {"another method", "DELETE /ten.txt HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"a method that nobody knows", "BREW /ten.txt HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"a double slash", get("//ten.txt"), 404},
        {"a query", get("/ten.txt?a=b?c"), 200},
        {"a handler's error", get("/error"), 500},
        {"a field with a line break in it", get("/split"), 500},
    };
    for (const bad_request& one : table) EXPECT_EQ(status_of(ask(one.text)), one.status) << one.name;
}

TEST_F(http_server, head_gives_the_same_fields_and_no_content) {
    for (const char* path : {"/ten.txt", "/small"}) {
        const std::string with = ask(get(path));
        const std::string without = ask("HEAD " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(without, with.substr(0, with.find("\r\n\r\n") + 4)) << path;
    }
}

TEST_F(http_server, closes_when_asked_and_keeps_when_asked) {
    struct {
        std::string text;
        bool closes;
    } table[] = {
        {get("/ten.txt"), false},
        {get("/ten.txt", "Connection: close\r\n"), true},
        {get("/ten.txt", "Connection: x, CLOSE\r\n"), true},
        {"GET /ten.txt HTTP/1.0\r\n\r\n", true},
        {"GET /ten.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
    };
    for (const auto& one : table) {
        serving([&] {
            const auto w = connect();
            w->send(one.text);
            settle();
            EXPECT_EQ(w->server_closed, one.closes) << one.text;
            EXPECT_EQ(count_of(w->written, "Connection: close"), one.closes ? 1u : 0u) << one.text;
        });
    }
    EXPECT_EQ(count_of(ask("GET /ten.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), "Connection: keep-alive"), 1u);
}

TEST_F(http_server, streams_in_chunks_or_until_the_end) {
    const std::string chunked = ask(get("/stream"));
    EXPECT_NE(chunked.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_TRUE(chunked.ends_with("\r\n0\r\n\r\n"));
    const std::string old = ask("GET /stream HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.find("chunked"), std::string::npos);
    EXPECT_EQ(old.size() - old.find("\r\n\r\n") - 4, 20'000u);
    EXPECT_NE(ask(get("/small")).find("Content-Length: 7\r\n"), std::string::npos);
}

TEST_F(http_server, says_continue_only_when_the_handler_reads) {
    serving([&] {
        const auto w = connect();
        w->send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        settle();
        EXPECT_EQ(w->written, "HTTP/1.1 100 Continue\r\n\r\n");
        w->send("ab");
        settle();
        EXPECT_TRUE(w->written.ends_with("\r\n\r\nab"));
        const auto unread = connect();
        unread->send("POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        settle();
        EXPECT_EQ(status_of(unread->written), 200);
        const auto large = connect();
        large->send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        settle();
        EXPECT_EQ(status_of(large->written), 413);
    });
}

TEST_F(http_server, a_body_behind_a_long_head_has_room) {
    const std::string trailer = "T: " + std::string(2500, 't') + "\r\n";
    const std::string got =
        ask(get("/ten.txt", "A: " + std::string(6300, 'a') + "\r\n") +
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n" + trailer + "\r\n");
    EXPECT_EQ(count_of(got, "HTTP/1.1 200 OK"), 2u);
    EXPECT_TRUE(got.ends_with("ab"));
}

TEST_F(http_server, limits_heads) {
    EXPECT_EQ(status_of(ask("GET /" + std::string(9000, 'a'))), 414);
    EXPECT_EQ(status_of(ask(get("/", "A: " + std::string(9000, 'a') + "\r\n"))), 431);
    std::string many;
    for (int i = 0; i < 100; ++i) many += "A: b\r\n";
    EXPECT_EQ(status_of(ask(get("/", many))), 431);
    // The same when it comes in pieces.
    serving([&] {
        const auto w = connect();
        for (int i = 0; i < 1000 && !w->server_finished; ++i) {
            w->send(i == 0 ? "GET / HTTP/1.1\r\nA: aaaaaaaaaa" : "aaaaaaaaaa");
            settle();
        }
        EXPECT_EQ(status_of(w->written), 431);
    });
}

TEST_F(http_server, gives_up_on_slow_ones) {
    serving([&] {
        const auto idle = connect(), head = connect(), body = connect(), reader = connect();
        head->send("GET / HT");
        body->send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\na");
        reader->room = 100;
        reader->send(get("/large.bin"));
        wait(9s);
        head->send("TP");
        EXPECT_EQ(head->written, "");
        wait(2s);
        settle();
        EXPECT_EQ(status_of(head->written), 408);
        EXPECT_TRUE(head->server_finished);
        EXPECT_EQ(body->written, "");
        wait(10s);
        settle();
        EXPECT_EQ(status_of(body->written), 408);
        EXPECT_TRUE(reader->server_closed);
        EXPECT_TRUE(reader->server_reset);
        EXPECT_FALSE(idle->server_closed);
        wait(40s);
        EXPECT_TRUE(idle->server_closed);
        EXPECT_EQ(idle->written, "");
    });
}

TEST_F(http_server, a_body_that_drips_is_given_up) {
    serving([&] {
        const auto w = connect();
        w->send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
        for (int i = 0; i < 10 && w->written.empty(); ++i) {
            wait(5s);
            w->send("x");
        }
        settle();
        EXPECT_EQ(status_of(w->written), 408);
    });
}

TEST_F(http_server, a_handler_that_blocks_holds_nobody_up) {
    how.workers = 3;
    serving([&] {
        const auto slow = connect(), other = connect();
        slow->send(get("/slow"));
        settle();
        other->send(get("/ten.txt"));
        settle();
        EXPECT_EQ(slow->written, "");
        EXPECT_EQ(status_of(other->written), 200);
        // All workers are busy: the next one waits.
        const auto more = connect(), third = connect(), fourth = connect();
        more->send(get("/slow"));
        third->send(get("/slow"));
        fourth->send(get("/ten.txt"));
        settle();
        EXPECT_EQ(fourth->written, "");
        wait(1100ms);
        settle();
        EXPECT_EQ(status_of(fourth->written), 200);
        EXPECT_EQ(status_of(third->written), 200);
    });
}

TEST_F(http_server, thousands_that_wait_cost_no_fiber) {
    serving([&] {
        std::vector<std::shared_ptr<memory::wire>> all;
        for (int i = 0; i < 3000; ++i) {
            all.push_back(connect());
            all.back()->send(i % 2 ? "GET /ten.txt HTTP/1.1\r\nHo" : "");
        }
        settle();
        EXPECT_LE(fake::the_machine().stacks, 5u);
        for (const auto& w : all)
            w->send(w->arriving.empty() && ((&w - all.data()) & 1) ? "st: a\r\n\r\n" : get("/ten.txt"));
        for (int i = 0; i < 100; ++i) settle();
        for (const auto& w : all) ASSERT_EQ(status_of(w->written), 200);
        EXPECT_LE(sizeof(http::detail::connection), 128u);
    });
}

TEST_F(http_server, beyond_the_limit_the_oldest_idle_one_goes) {
    how.connections = 2;
    serving([&] {
        const auto first = connect(), second = connect(), third = connect();
        EXPECT_TRUE(first->server_closed);
        EXPECT_FALSE(second->server_closed);
        second->send(get("/slow"));
        third->send(get("/slow"));
        settle();
        const auto fourth = connect();
        EXPECT_EQ(status_of(fourth->written), 503);
        EXPECT_TRUE(fourth->server_closed);
    });
}

TEST_F(http_server, survives_resets_at_every_place) {
    const std::string text = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    serving([&] {
        for (std::size_t at = 0; at <= text.size(); ++at)
            for (const bool in_order : {false, true}) {
                const auto w = connect();
                w->send(std::string_view{text}.substr(0, at));
                settle();
                in_order ? w->finish() : w->reset();
                settle();
                EXPECT_TRUE(w->server_closed || w->server_finished) << at;
            }
        wait(3s);
        const auto w = connect();
        w->send(get("/ten.txt"));
        settle();
        EXPECT_EQ(status_of(w->written), 200);
    });
}

TEST_F(http_server, cuts_off_what_a_handler_did_not_end) {
    serving([&] {
        for (const char* path : {"/late-error", "/short"}) {
            const auto w = connect();
            w->send(get(path) + get("/ten.txt"));
            settle();
            EXPECT_TRUE(w->server_reset) << path;
            EXPECT_TRUE(w->server_closed) << path;
        }
    });
}

TEST_F(http_server, tells_its_log) {
    std::string log;
    const auto note = [&](const http::log_entry& entry) {
        log += std::string{entry.method} + " " + std::string{entry.path} + " " + std::to_string(entry.status) + " " +
               std::to_string(entry.bytes) + " " + std::string{entry.why} + "\n";
    };
    how.log = note;
    (void)ask(get("/ten.txt") + "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n");
    EXPECT_EQ(log, "GET /ten.txt 200 10 \n  400 16 more than one Content-Length\n");
}

TEST_F(http_server, sleeps_while_nobody_is_connected) {
    serving([&] {
        settle();
        const auto sleeps = fake::the_machine().sleeps;
        wait(1h);
        EXPECT_EQ(fake::the_machine().sleeps, sleeps + 1);
    });
}
