// What a signature's conformance suite reports to: counts checks and names those that fail.
// A suite is a function template `conformance(conformance_report&, Implementation&)`, run on a fiber of a booted image.
#pragma once

#include <cstddef>
#include <string_view>

namespace uk {

class conformance_report {
  public:
    /// `say` gets one line a failed check; the text is what should have held.
    explicit conformance_report(void (*say)(std::string_view what)) : say_{say} {}

    bool check(std::string_view what, bool holds) {
        ++checks_;
        if (!holds) {
            ++failures_;
            say_(what);
        }
        return holds;
    }

    std::size_t checks() const { return checks_; }
    std::size_t failures() const { return failures_; }

  private:
    void (*say_)(std::string_view);
    std::size_t checks_ = 0;
    std::size_t failures_ = 0;
};

} // namespace uk
