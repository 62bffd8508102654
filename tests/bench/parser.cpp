// Reads one request's head N times with our parser or with http-parser, to the same end: each field is looked at.
// Usage: parser ours|http-parser N
#include <cstdlib>
#include <string_view>

#include <http_parser.h>

#include <uk/http/head.hpp>

namespace {

/// What Firefox sends for a page.
constexpr std::string_view request =
    "GET /index.html?page=2 HTTP/1.1\r\n"
    "Host: example.org\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate\r\n"
    "Connection: keep-alive\r\n"
    "Upgrade-Insecure-Requests: 1\r\n\r\n";

unsigned long ours() {
    uk::http::request_head head;
    if (uk::http::read_head(request, 100, head).status != uk::http::outcome::complete) std::abort();
    return head.size;
}

unsigned long theirs() {
    unsigned long seen = 0;
    const auto note = [](http_parser* p, const char*, std::size_t size) {
        *static_cast<unsigned long*>(p->data) += size;
        return 0;
    };
    static constexpr http_parser_settings settings{nullptr, note, nullptr, note,    note,
                                                   nullptr, note, nullptr, nullptr, nullptr};
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &seen;
    if (http_parser_execute(&parser, &settings, request.data(), request.size()) != request.size()) std::abort();
    return seen;
}

} // namespace

int main(int count, char** words) {
    if (count != 3) return 2;
    const bool are_ours = std::string_view{words[1]} == "ours";
    unsigned long seen = 0;
    for (long i = std::atol(words[2]); i > 0; --i) seen += are_ours ? ours() : theirs();
    return seen == 1;
}
