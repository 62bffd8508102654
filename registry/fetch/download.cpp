#include "registry/fetch/fetch.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include <curl/curl.h>
#include <unistd.h>

namespace uk::registry {

namespace {

struct body {
    std::FILE* file;
    std::int64_t left;
    bool too_large = false, disk = false;
};

// Counted here, because curl's own limit lets bodies without a length through.
std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto* b = static_cast<body*>(to);
    const std::size_t bytes = size * count;
    if (static_cast<std::int64_t>(bytes) > b->left) {
        b->too_large = true;
        return 0;
    }
    b->left -= static_cast<std::int64_t>(bytes);
    if (std::fwrite(data, 1, bytes, b->file) != bytes) {
        b->disk = true;
        return 0;
    }
    return bytes;
}

bool is_worth_another_try(CURLcode code, long status) {
    switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE: return true;
    case CURLE_HTTP_RETURNED_ERROR: return status == 429 || status >= 500;
    default: return false;
    }
}

} // namespace

bool is_this_machine(const std::string& url) {
    for (const char* prefix : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
        if (!url.starts_with(prefix)) continue;
        const std::string_view rest = std::string_view{url}.substr(std::strlen(prefix));
        const std::string_view port = rest.substr(0, rest.find_first_of("/?#"));
        // `http://127.0.0.1:80@elsewhere/` is elsewhere.
        return port.find('@') == std::string_view::npos && (port.empty() || port.front() == ':');
    }
    return false;
}

std::string download(const std::string& url, const std::string& file, std::int64_t limit, long silence) {
    const bool local = is_this_machine(url);
    if (!url.starts_with("https://") && !local) return "only https is fetched (http from this machine alone)";
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, void (*)(CURL*)> handle{curl_easy_init(), curl_easy_cleanup};
    CURL* const c = handle.get();
    char said[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(c, CURLOPT_URL, url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, local ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, local ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, local ? 0L : 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, silence);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, silence);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_NETRC, CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    // As the programs of OpenSSL and curl read it; libcurl alone doesn't.
    if (const char* authorities = std::getenv("SSL_CERT_FILE")) curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
    if (local) curl_easy_setopt(c, CURLOPT_NOPROXY, "*");

    for (int attempt = 0;; ++attempt) {
        body b{std::fopen(file.c_str(), "wb"), limit};
        if (!b.file) return "can't write " + file;
        curl_easy_setopt(c, CURLOPT_WRITEDATA, &b);
        const CURLcode code = curl_easy_perform(c);
        const bool flushed = std::fclose(b.file) == 0;
        long status = 0;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
        if (code == CURLE_OK && flushed)
            return status == 200 ? "" : "the server answered with status " + std::to_string(status);
        if (b.too_large) return "the body is larger than " + std::to_string(limit) + " bytes";
        if (b.disk || !flushed) return "the disk is full";
        if (attempt < 2 && is_worth_another_try(code, status)) {
            ::usleep(300'000u << attempt);
            continue;
        }
        return said[0] ? said : curl_easy_strerror(code);
    }
}

} // namespace uk::registry
