// Progress of a build: one line that is drawn over on a terminal, a plain line now and then otherwise.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "build/engine.hpp"
#include "cli/context.hpp"

namespace uk::cli {

class progress {
  public:
    explicit progress(const context& how) : how_{how} {}
    ~progress() { clear(); }

    /// For engine_options::tell.
    void tell(const build::event& what);
    /// The same of an action that is looked at for another reason.
    void tell(const build::action& next, std::size_t done, std::size_t total);
    /// A stage without actions: `resolving`, `fetching musl_1.2.3.orig.tar.gz`.
    void stage(const std::string& text);
    void clear();

  private:
    void draw(const std::string& text);

    const context& how_;
    bool drawn_ = false;
    std::set<std::string> said_; ///< warnings
    std::chrono::steady_clock::time_point last_{};
};

} // namespace uk::cli
