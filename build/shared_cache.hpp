// A cache that machines share, on a server: results of actions under their keys, blobs under their hashes. It is a help and
// never a need: what it doesn't have, gives wrong or can't say is made here. The protocol is that of Bazel's HTTP cache, or the Remote Execution API's.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "build/action.hpp"
#include "build/shared_link.hpp"
#include "build/store.hpp"

namespace uk::build {

struct shared_cache_options {
    std::string url;
    bool write = false; ///< gives what is made here
    int silence = 10; ///< seconds after which a server that says nothing is given up
};

/// For one execution. Thread-safe.
class shared_cache {
  public:
    /// `warn` is called at most once for each thing that goes wrong, from any thread. Errors: environment: uk-fetch isn't there, or uk-remote, which a gRPC URL asks for.
    static base::result<std::unique_ptr<shared_cache>> open(store& into, const shared_cache_options& how,
                                                            std::function<void(const base::diagnostic&)> warn);
    ~shared_cache();
    shared_cache(const shared_cache&) = delete;
    shared_cache& operator=(const shared_cache&) = delete;

    /// How many at a time are worth asking for.
    static constexpr unsigned at_once = 16;

    /// The result under this key, the Action's digest, if it is one of this action and every blob of it came as its hash says; they are in the store
    /// then. Errors: environment: the store can't be written.
    base::result<std::optional<action_result>> find(const action& what, const base::digest& key);

    /// Will be given to the server, if it may be written to. `what` stays until the end of this.
    void offer(const action& what, const base::digest& key, const action_result& result);
    /// Waits until all that was offered is there, or can't be.
    void finish();

  private:
    using status = shared_link::answer::status;
    using part = shared_link::request::part;
    struct offered {
        const action* what;
        base::digest key;
        action_result result;
    };

    shared_cache(store& into, const shared_cache_options& how, std::function<void(const base::diagnostic&)> warn,
                 std::vector<std::string> program);
    base::result<status> fetch(const base::digest& blob);
    base::result<status> read(const action& what, std::string_view bytes, action_result& into);
    shared_link::reply get(part where, const base::digest& what, std::int64_t limit);
    bool put(part where, const base::digest& what, std::string_view content);
    void give(const offered& one);
    void work();
    void give_up(const std::string& why);
    void stop_writing(const std::string& why);
    void warn_of_wrong(const action& what);
    bool has_seen(const base::sha256& blob);

    store& store_;
    const shared_cache_options how_;
    const std::function<void(const base::diagnostic&)> warn_;
    shared_link link_;
    std::atomic<bool> reads_{true}, writes_, said_wrong_{false};

    std::mutex guard_; // of what follows
    std::condition_variable wake_;
    std::deque<offered> offers_;
    std::size_t giving_ = 0;
    bool ends_ = false;
    std::set<base::sha256> there_; // blobs that the server has
    std::vector<std::jthread> givers_;
};

} // namespace uk::build
