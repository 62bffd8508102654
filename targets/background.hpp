// A run beside this process, which goes on with its own work: `uk dev` builds while the image serves. It has our terminal,
// and never outlives us.
#pragma once

#include <sys/types.h>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "targets/runner.hpp"

namespace uk::targets {

class background {
  public:
    /// `run(what)` in a copy of this process; call it while there is one thread. What goes wrong there it says itself on
    /// standard error, and ends with `running_failed`. Errors: environment, if there can't be another process.
    static base::result<background> start(const run_request& what);

    background(background&& other) noexcept;
    background& operator=(background&&) = delete;
    ~background(); ///< ends it

    /// Readable once it has ended.
    int number() const { return handle_.number(); }
    /// Waits for its end. The image's status, as of `run`; 128 + signal for a killed one.
    int wait();
    /// Ends it, image and all, and waits for that: five seconds, then it is killed. Where it listened somebody else can then.
    void end();

  private:
    background(pid_t id, base::descriptor handle) : id_{id}, handle_{std::move(handle)} {}

    pid_t id_ = -1;
    base::descriptor handle_;
};

} // namespace uk::targets
