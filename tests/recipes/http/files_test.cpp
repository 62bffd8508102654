// Files: conditions and ranges by RFC 9110, 13 and 14, types, folders.
#include "rig.hpp"

#include <uk/http/date.hpp>

using namespace uk;
using namespace uk::test;

namespace {

struct http_files : rig {
    std::string tag() {
        const std::string got = ask(get("/ten.txt"));
        const std::size_t at = got.find("ETag: ") + 6;
        return got.substr(at, got.find('\r', at) - at);
    }
    static std::string content(const std::string& text) { return text.substr(text.find("\r\n\r\n") + 4); }
};

} // namespace

TEST_F(http_files, ranges) {
    const struct {
        const char* range;
        int status;
        const char* content_range;
        const char* content;
    } table[] = {
        {"bytes=0-0", 206, "bytes 0-0/10", "0"},
        {"bytes=2-4", 206, "bytes 2-4/10", "234"},
        {"bytes=2-", 206, "bytes 2-9/10", "23456789"},
        {"bytes=-3", 206, "bytes 7-9/10", "789"},
        {"bytes=-99", 206, "bytes 0-9/10", "0123456789"},
        {"bytes=5-99", 206, "bytes 5-9/10", "56789"},
        {"bytes=0-18446744073709551615", 206, "bytes 0-9/10", "0123456789"},
        {"BYTES=9-9", 206, "bytes 9-9/10", "9"},
        {"bytes=10-", 416, "bytes */10", "416 Range Not Satisfiable\n"},
        {"bytes=-0", 416, "bytes */10", "416 Range Not Satisfiable\n"},
        {"bytes=4-2", 200, "", "0123456789"},
        {"bytes=a-b", 200, "", "0123456789"},
        {"bytes=-", 200, "", "0123456789"},
        {"bytes=", 200, "", "0123456789"},
        {"lines=1-2", 200, "", "0123456789"},
        {"bytes=0-1,3-4", 200, "", "0123456789"},
        {"bytes=0-99999999999999999999", 200, "", "0123456789"},
    };
    for (const auto& one : table) {
        const std::string got = ask(get("/ten.txt", std::string{"Range: "} + one.range + "\r\n"));
        EXPECT_EQ(status_of(got), one.status) << one.range;
        EXPECT_EQ(content(got), one.content) << one.range;
        const std::string line = std::string{"Content-Range: "} + one.content_range + "\r\n";
        EXPECT_EQ(got.find(line) != got.npos, one.content_range[0] != 0) << one.range << "\n" << got;
    }
    EXPECT_EQ(status_of(ask(get("/empty", "Range: bytes=0-\r\n"))), 416);
    EXPECT_EQ(status_of(ask("HEAD /ten.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n")), 200);
}

TEST_F(http_files, conditions) {
    const std::string t = tag();
    ASSERT_EQ(t.size(), 18u);
    const struct {
        std::string fields;
        int status;
    } table[] = {
        {"If-None-Match: " + t, 304},
        {"If-None-Match: W/" + t, 304},
        {"If-None-Match: \"x\", " + t, 304},
        {"If-None-Match: \"x,\", \"y\"", 200},
        {"If-None-Match: \"x\"\r\nIf-None-Match: " + t, 304},
        {"If-None-Match: *", 304},
        {"If-Match: " + t, 200},
        {"If-Match: *", 200},
        {"If-Match: \"x\"", 412},
        {"If-Match: W/" + t, 412},
        {"If-Match: \"x\"\r\nIf-None-Match: " + t, 412},
        {"If-Range: " + t + "\r\nRange: bytes=0-1", 206},
        {"If-Range: \"x\"\r\nRange: bytes=0-1", 200},
        {"If-Range: W/" + t + "\r\nRange: bytes=0-1", 200},
        {"If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\nRange: bytes=0-1", 200},
        {"If-Modified-Since: Sun, 06 Nov 2094 08:49:37 GMT", 200},
    };
    for (const auto& one : table)
        EXPECT_EQ(status_of(ask(get("/ten.txt", one.fields + "\r\n"))), one.status) << one.fields;
    const std::string unchanged = ask(get("/ten.txt", "If-None-Match: " + t + "\r\n"));
    EXPECT_EQ(content(unchanged), "");
    EXPECT_NE(unchanged.find("ETag: " + t), std::string::npos);
    EXPECT_EQ(unchanged.find("Content-Length"), std::string::npos);
}

TEST_F(http_files, tags_are_of_the_content) {
    const std::string before = tag();
    EXPECT_EQ(tag(), before);
    files.files["ten.txt"] = "0123456780";
    EXPECT_NE(tag(), before);
    files.files["ten.txt"] = "0123456789";
    EXPECT_EQ(tag(), before);
}

TEST_F(http_files, folders) {
    EXPECT_NE(ask(get("/sub?a=b")).find("Location: /sub/\r\n"), std::string::npos);
    files.files["x y/index.html"] = "";
    EXPECT_NE(ask(get("/x%20y")).find("Location: /x%20y/\r\n"), std::string::npos);
    EXPECT_NE(ask("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n").find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos);
}

TEST_F(http_files, large_ones_arrive_whole) {
    const std::string got = ask(get("/large.bin"));
    EXPECT_EQ(content(got), files.files["large.bin"]);
}

TEST(http_date, is_as_the_system_writes_it) {
    for (std::int64_t seconds = 0; seconds < 8'000'000'000; seconds += 98'765'431) {
        char ours[29], theirs[64];
        http::write_date(wall_time{std::chrono::seconds{seconds}}, ours);
        const std::time_t when = seconds;
        const std::size_t size = std::strftime(theirs, sizeof theirs, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&when));
        ASSERT_EQ((std::string_view{ours, 29}), (std::string_view{theirs, size}));
    }
}
