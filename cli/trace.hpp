// When each action ran, on which worker: a Chrome trace. docs/explanation/build.md has the format.
#pragma once

#include <string>

#include "base/json.hpp"
#include "build/engine.hpp"

namespace uk::cli {

/// One event as a JSON line.
std::string event_line(const build::event& what);

class trace {
  public:
    /// For engine_options::tell.
    void add(const build::event& what);
    /// The whole trace, as JSON.
    std::string text() const;

  private:
    base::json events_ = base::json::array();
    std::chrono::steady_clock::time_point first_{};
};

} // namespace uk::cli
