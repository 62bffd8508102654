// A server on the memory network with one handler that does whatever a test needs, and clients that send text.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <uk/http/server.hpp>

#include "../../kernel/fake_platform.hpp"
#include "memory_network.hpp"

namespace uk::test {

/// A store.kv over a map.
class store {
  public:
    struct entry {
        const std::string* text;
    };
    std::map<std::string, std::string, std::less<>> files;

    result<entry> find(std::string_view name) {
        const auto at = files.find(name);
        if (at == files.end()) return error::not_found;
        return entry{&at->second};
    }
    std::uint64_t size(const entry& of) { return of.text->size(); }
    result<std::size_t> read(const entry& of, std::uint64_t offset, std::span<std::byte> out) {
        if (offset >= of.text->size()) return 0u;
        const std::size_t count = std::min<std::size_t>(out.size(), of.text->size() - offset);
        std::memcpy(out.data(), of.text->data() + offset, count);
        return count;
    }
    result<void> list(std::string_view, function_ref<bool(std::string_view)>) { return {}; }
};

/// What the handler of the tests does: `/echo` gives the body back, `/stream` sends in pieces, `/ignore` doesn't read the body,
/// `/slow` blocks for a second, `/error` fails; all else is a file.
inline result<void> handle(store& files, const http::request& asked, http::response& answer) {
    if (asked.path() == "/echo") {
        static std::array<char, 1 << 16> place; // one at a time
        const auto body = asked.body().read_all(place);
        if (!body) return body.error();
        return answer.send("text/plain", *body);
    }
    if (asked.path() == "/stream") {
        for (int i = 0; i < 2000; ++i) UK_TRY(answer.write("0123456789"));
        return {};
    }
    if (asked.path() == "/small") {
        UK_TRY(answer.write("one "));
        return answer.write("two");
    }
    if (asked.path() == "/ignore") return answer.send("text/plain", "ignored\n");
    if (asked.path() == "/slow") {
        UK_TRY(fiber::sleep(std::chrono::seconds{1}));
        return answer.send("text/plain", "slow\n");
    }
    if (asked.path() == "/error") return error::io;
    if (asked.path() == "/late-error") {
        UK_TRY(answer.length(100));
        UK_TRY(answer.write("begun"));
        return error::io;
    }
    if (asked.path() == "/short") {
        UK_TRY(answer.length(100));
        return answer.write("begun");
    }
    if (asked.path() == "/split") return answer.field("X-A", "b\r\nX-Evil: 1") ? result<void>{} : answer.fail(500);
    return http::files(files, asked, answer);
}

struct rig : testing::Test {
    rig() {
        fake::reset();
        files.files = {{"index.html", "<h1>hello</h1>"},
                       {"ten.txt", "0123456789"},
                       {"sub/index.html", "sub"},
                       {"a b.txt", "space"},
                       {"large.bin", std::string(100'000, 'x')},
                       {"empty", ""}};
    }
    ~rig() override { EXPECT_EQ(fake::the_machine().stacks, 0u); }

    store files;
    http::options how;
    std::shared_ptr<memory::backlog> clients = std::make_shared<memory::backlog>();

    /// Runs `body` as the client side of a server.
    template <class Body>
    void serving(Body body) {
        memory::listener listener{clients};
        fiber::scope s;
        ASSERT_TRUE(s.spawn([&] {
            const auto ended =
                http::serve_on(listener, how, [this](const http::request& asked, http::response& answer) {
                    return handle(files, asked, answer);
                });
            EXPECT_EQ(ended.error(), error::cancelled);
        }));
        body();
        s.cancel();
        (void)s.join().has_value();
    }

    std::shared_ptr<memory::wire> connect() {
        auto made = std::make_shared<memory::wire>();
        clients->waiting.push_back(made);
        clients->arrived.signal();
        settle();
        return made;
    }
    /// Until nothing more happens without time passing.
    static void settle() {
        for (int i = 0; i < 30; ++i) (void)fiber::yield().has_value();
    }
    static void wait(duration d) { (void)fiber::sleep(d).has_value(); }

    /// What one connection gets for that text.
    std::string ask(std::string_view text) {
        std::string got;
        serving([&] {
            const auto w = connect();
            w->send(text);
            settle();
            got = w->written;
        });
        return got;
    }
};

/// The status of the first response in `text`; 0 if there is none.
inline int status_of(std::string_view text) {
    return text.starts_with("HTTP/1.1 ") && text.size() > 12 ? std::stoi(std::string{text.substr(9, 3)}) : 0;
}
inline std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + what.size())) ++count;
    return count;
}
/// `text` with every run of chunks as one content: where it was cut doesn't matter.
inline std::string joined(std::string_view text) {
    constexpr std::string_view mark = "Transfer-Encoding: chunked\r\n\r\n";
    std::string out;
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark)) {
        out += text.substr(0, at + mark.size());
        text.remove_prefix(at + mark.size());
        for (;;) {
            const std::size_t size = std::stoul(std::string{text.substr(0, text.find('\r'))}, nullptr, 16);
            text.remove_prefix(text.find('\n') + 1);
            out += text.substr(0, size);
            text.remove_prefix(size + 2);
            if (size == 0) break;
        }
    }
    return out += text;
}
inline std::string get(std::string_view path, std::string_view more = "") {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{more} + "\r\n";
}

} // namespace uk::test
