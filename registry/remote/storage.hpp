// The cache's side of the Remote Execution API: blobs and results of actions. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "registry/fetch/cache_channel.hpp"
#include "registry/remote/access.hpp"
#include "registry/remote/execution.pb.h"

namespace uk::registry::remote {

using cache_protocol::answer;
using cache_protocol::done;
using cache_protocol::request;
using cache_protocol::task;

::build::bazel::remote::execution::v2::Digest digest_of(const request& asked);
std::string names_of(std::span<const cache_protocol::named_blob> blobs);

class storage {
  public:
    storage(const access& to, bool executes) : to_{to}, executes_{executes} {}

    /// May this one go together with others in one call?
    bool is_small(const task& one);
    /// All are small, and of one verb; an answer for each. Never more than `most_together`, nor than `room` bytes.
    std::vector<done> perform_together(std::span<const task> tasks);
    done perform(const task& one);

    static constexpr std::size_t most_together = 200;
    std::int64_t room();

    /// What the server says of itself, asked once: "" or why it is of no use.
    std::string trouble();
    /// Does it still answer? At most `silence` seconds.
    bool is_alive() const;

  private:
    done get_result(const request& asked);
    done put_result(const task& one);
    done look(const task& one);
    done read(const request& asked);
    done write(const task& one);
    std::vector<done> read_together(std::span<const task> tasks);
    std::vector<done> write_together(std::span<const task> tasks);
    std::string path_of(const char* part, const request& asked) const;

    const access& to_;
    const bool executes_;
    std::mutex guard_; // of what follows
    bool asked_ = false;
    std::string trouble_;
    std::int64_t room_ = 0;
    bool takes_results_ = true;
    std::atomic<bool> reads_together_{true}, writes_together_{true};
};

} // namespace uk::registry::remote
