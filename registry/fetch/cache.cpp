#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <curl/curl.h>

#include "registry/fetch/cache_channel.hpp"
#include "registry/fetch/fetch.hpp"

namespace uk::registry {

namespace {

using cache_protocol::answer;
using cache_protocol::done;
using cache_protocol::request;
using cache_protocol::task;

constexpr std::size_t connections = 16;

// Where and as whom. What is secret comes from files, so that no list of processes shows it.
struct access {
    std::string url, token, problem;
    long silence = 0;
    bool local = false;
};

access make_access(std::string url, long silence) {
    access made{.url = {}, .token = {}, .problem = {}, .silence = silence, .local = is_this_machine(url)};
    while (url.ends_with('/')) url.pop_back();
    made.url = std::move(url);
    const std::string_view host = std::string_view{made.url}.substr(0, made.url.find('/', std::strlen("https://")));
    if (!made.local && !made.url.starts_with("https://"))
        made.problem = "it must be https (http of this machine alone)";
    if (host.find('@') != std::string_view::npos) made.problem = "a URL with a name or a password isn't used";
    if (made.problem.empty()) made.token = cache_protocol::read_token("UK_CACHE_TOKEN_FILE", made.problem);
    return made;
}

struct body {
    std::string* into;
    std::size_t limit;
    bool too_large = false;
};

// The server's word for the size counts for nothing: what comes is counted.
std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto* b = static_cast<body*>(to);
    const std::size_t bytes = size * count;
    if (bytes > b->limit - b->into->size()) {
        b->too_large = true;
        return 0;
    }
    b->into->append(data, bytes);
    return bytes;
}

struct upload {
    std::string_view all, left;
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* from) {
    auto* u = static_cast<upload*>(from);
    const std::size_t bytes = std::min(size * count, u->left.size());
    std::memcpy(to, u->left.data(), bytes);
    u->left.remove_prefix(bytes);
    return bytes;
}

int rewind(void* from, curl_off_t offset, int origin) {
    auto* u = static_cast<upload*>(from);
    if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > u->all.size()) return CURL_SEEKFUNC_FAIL;
    u->left = u->all.substr(static_cast<std::size_t>(offset));
    return CURL_SEEKFUNC_OK;
}

// One kept connection.
class connection {
  public:
    explicit connection(const access& to) : to_{to}, handle_{curl_easy_init(), curl_easy_cleanup} {
        static constexpr char no_waiting[] = "Expect:";
        headers_ = curl_slist_append(headers_, no_waiting);
        if (!to.token.empty()) headers_ = curl_slist_append(headers_, ("Authorization: Bearer " + to.token).c_str());
    }
    ~connection() { curl_slist_free_all(headers_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    done perform(const task& what) {
        // What may pass by itself is tried twice.
        for (int attempt = 0;; ++attempt) {
            bool may_pass = false;
            done made = attempt_once(what, may_pass);
            if (!may_pass || attempt == 1) return made;
            std::this_thread::sleep_for(std::chrono::milliseconds{200});
        }
    }

  private:
    done attempt_once(const task& what, bool& may_pass) {
        using status = answer::status;
        set_up(what.asked);
        done made;
        body b{&made.content, static_cast<std::size_t>(what.asked.size)};
        std::string ignored; // what a server says to a PUT
        upload u{what.content, what.content};
        const bool puts = what.asked.what == request::verb::put;
        if (puts) b = {&ignored, 65536};
        CURL* const c = handle_.get();
        curl_easy_setopt(c, CURLOPT_WRITEDATA, &b);
        if (puts) {
            curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
            curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(what.content.size()));
            curl_easy_setopt(c, CURLOPT_READDATA, &u);
            curl_easy_setopt(c, CURLOPT_SEEKDATA, &u);
        }
        said_[0] = '\0';
        const CURLcode code = curl_easy_perform(c);
        long answered = 0;
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answered);
        if (!puts && answered == 404) return {status::missing, {}};
        if (!puts && b.too_large && answered == 200) return {status::wrong, {}};
        if (code != CURLE_OK) {
            may_pass = code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
                       code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
            return {status::trouble, said_[0] ? said_ : curl_easy_strerror(code)};
        }
        if (!puts && answered == 200) return {status::found, std::move(made.content)};
        if (puts && answered >= 200 && answered < 300) return {status::stored, {}};
        may_pass = answered == 429 || answered >= 500;
        return {status::trouble, "it answered with status " + std::to_string(answered)};
    }

    void set_up(const request& asked) {
        CURL* const c = handle_.get();
        curl_easy_reset(c); // keeps the connection
        const char* part = asked.where == request::part::actions ? "/ac/" : "/cas/";
        curl_easy_setopt(c, CURLOPT_URL, (to_.url + part + std::string(asked.hash, sizeof asked.hash)).c_str());
        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, to_.local ? "http" : "https");
        curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L); // elsewhere is somebody else
        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, to_.silence);
        curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 100L);
        curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, to_.silence);
        curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said_);
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers_);
        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, rewind);
        curl_easy_setopt(c, CURLOPT_NETRC, to_.token.empty() ? CURL_NETRC_OPTIONAL : CURL_NETRC_IGNORED);
        if (const char* file = std::getenv("NETRC"); file && *file) curl_easy_setopt(c, CURLOPT_NETRC_FILE, file);
        if (const char* file = std::getenv("SSL_CERT_FILE")) curl_easy_setopt(c, CURLOPT_CAINFO, file);
        if (to_.local) curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    }

    const access& to_;
    std::unique_ptr<CURL, void (*)(CURL*)> handle_;
    curl_slist* headers_ = nullptr;
    char said_[CURL_ERROR_SIZE] = "";
};

class server {
  public:
    explicit server(access to) : to_{std::move(to)} {}

    // To the end of the socket; what is under way then is of no use to anybody.
    void serve() {
        for (task next; cache_protocol::read_task(next); next = {}) {
            const std::scoped_lock lock{guard_};
            tasks_.push_back(std::move(next));
            if (idle_ < tasks_.size() && threads_ < connections) {
                ++threads_;
                std::thread{[this] { work(); }}.detach();
            }
            wake_.notify_one();
        }
    }

  private:
    void work() {
        connection mine{to_};
        std::unique_lock lock{guard_};
        while (true) {
            ++idle_;
            wake_.wait(lock, [&] { return !tasks_.empty(); });
            --idle_;
            const task next = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            replies_.send(next.asked.id,
                          to_.problem.empty() ? mine.perform(next) : done{answer::status::trouble, to_.problem});
            lock.lock();
        }
    }

    const access to_;
    cache_protocol::replies replies_;
    std::mutex guard_;
    std::condition_variable wake_;
    std::deque<task> tasks_;
    std::size_t threads_ = 0, idle_ = 0;
};

} // namespace

void serve_cache(const std::string& url, long silence) {
    cache_protocol::leave_signals_to_uk();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    server here{make_access(url, silence)};
    here.serve();
    std::_Exit(0); // with its threads wherever they are
}

} // namespace uk::registry
