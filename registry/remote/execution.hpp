// The other side of the Remote Execution API: one action after another, each until it is done. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "registry/remote/storage.hpp"

namespace uk::registry::remote {

class execution {
  public:
    execution(const access& to, storage& beside) : to_{to}, storage_{beside} {}

    /// Waits as long as the server answers. A stream that breaks is taken up again where it was.
    done perform(const request& asked);

  private:
    using clock = std::chrono::steady_clock;
    struct listening {
        grpc::ClientContext* call;
        clock::time_point heard;
    };
    class stream;

    done conclude(const ::build::bazel::remote::execution::v2::Operation& ended, std::int64_t limit);
    void watch();

    const access& to_;
    storage& storage_;
    std::mutex guard_; // of what follows
    std::map<const stream*, listening> streams_;
    bool watches_ = false;
    bool is_silent_ = false; ///< nobody answered any more
};

} // namespace uk::registry::remote
