// A server that executes actions, as the Remote Execution API v2 has it. It is a help and never a need: what it can't execute, or
// gives wrong, is made here.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/error.hpp"
#include "build/remote_inputs.hpp"
#include "build/shared_link.hpp"

namespace uk::build {

struct remote_options {
    std::string url;
    unsigned at_once = 32; ///< actions that are there at a time
    int silence = 10; ///< seconds after which a server that says nothing is given up
};

/// For one execution. Thread-safe.
class remote {
  public:
    /// `warn` is called at most once for each thing that goes wrong, from any thread. Errors: environment: uk-remote isn't there.
    static base::result<std::unique_ptr<remote>> open(store& into, const remote_options& how,
                                                      std::function<void(const base::diagnostic&)> warn);

    unsigned at_once() const { return how_.at_once; }
    /// Has it all that it needs with it: a toolchain that is a component, and nothing of this machine?
    static bool can_run(const action& what, const toolchain& tools);

    struct ran {
        bool is_known = false; ///< the server had the result
        int status = 0; ///< exit status
        action_result result; ///< its blobs are in the store; with another status than 0 only what was said
    };
    /// None: it is to be run here. Errors: environment: the store can't be written; failed: an input changed.
    base::result<std::optional<ran>> run(const remote_task& one);

  private:
    using status = shared_link::answer::status;
    using part = shared_link::request::part;

    remote(store& into, const remote_options& how, std::function<void(const base::diagnostic&)> warn,
           std::string program);
    base::result<std::optional<ran>> find(const remote_task& one);
    base::result<status> read(const remote_task& one, std::string_view bytes, ran& into);
    base::result<status> fetch(const base::digest& blob);
    base::result<bool> give(const blob_sources& all);
    base::result<bool> give_all(const remote_task& one, const blob_sources& own);
    void forget(const remote_task& one, const std::vector<base::digest>& missing);
    void give_up(const std::string& why);
    void warn_once(std::atomic<bool>& said, const std::string& text);

    store& store_;
    const remote_options how_;
    const std::function<void(const base::diagnostic&)> warn_;
    shared_link link_;
    std::atomic<bool> works_{true}, said_wrong_{false}, said_refused_{false};
    std::mutex giving_folder_; // one gives it, the others wait
    std::mutex guard_; // of what follows
    std::set<base::digest> there_; ///< blobs and whole folders that the server has
};

} // namespace uk::build
