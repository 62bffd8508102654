// The program that speaks with a shared cache's server, or one that executes, as uk sees it: questions from any thread, each waits for its answer.
// The program is started by the first question; so a build that needs nothing starts nothing.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hpp"
#include "base/digest.hpp"
#include "registry/fetch/cache_protocol.hpp"

namespace uk::build {

class shared_link {
  public:
    using request = registry::cache_protocol::request;
    using answer = registry::cache_protocol::answer;

    /// `words`: the program and its arguments.
    explicit shared_link(std::vector<std::string> words) : words_{std::move(words)} {}
    /// Ends the program, wherever it is.
    ~shared_link();
    shared_link(const shared_link&) = delete;
    shared_link& operator=(const shared_link&) = delete;

    struct reply {
        answer::status said = answer::status::trouble;
        std::string content; ///< or why not; none when uk itself was interrupted
    };
    /// At most `limit` bytes of what the server has under this digest: a blob's, or an Action's.
    reply get(request::part where, const base::digest& what, std::int64_t limit);
    reply put(request::part where, const base::digest& what, std::string_view content);
    struct item {
        base::digest blob;
        std::string_view content;
    };
    /// All at a time. The first answer that isn't `stored`, else one that is.
    reply put(std::span<const item> blobs);
    /// uk-remote alone. Found: those that the server doesn't have are in `missing`.
    reply look(std::span<const base::digest> blobs, std::vector<base::digest>& missing);
    /// uk-remote alone. Found: the content is an ActionResult. Missing: `missing` says which blobs, if it is known.
    reply execute(const base::digest& action, std::int64_t limit, std::vector<base::digest>& missing);

  private:
    struct waiting {
        std::int64_t limit = 0;
        bool is_there = false;
        reply got{};
        std::condition_variable answered{};
    };
    reply ask(request what, std::string_view content);
    bool begin(request& what, std::string_view content, waiting& mine);
    reply end(const request& what, waiting& mine);
    bool start();
    void listen();

    static std::vector<base::digest> named(std::string_view content);

    const std::vector<std::string> words_;
    std::mutex sending_; // a request is sent whole
    std::mutex guard_; // of what follows
    std::map<std::uint32_t, waiting*> waiting_;
    std::uint32_t last_ = 0;
    bool started_ = false, gone_ = false;
    base::descriptor channel_;
    pid_t program_ = -1;
    std::thread listener_;
};

} // namespace uk::build
