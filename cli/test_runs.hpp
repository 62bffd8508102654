// Runs tests: every run a process of its own, several at a time. Of a test's seeds the least one that fails counts, so that
// the answer doesn't depend on which process is faster.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::cli {

/// A test on a variant.
struct test_case {
    std::string test, variant;
    std::vector<std::string> words; ///< the command
    std::uint64_t first_seed = 0; ///< given as `--simulated.seed=`
    std::uint64_t seeds = 0; ///< runs, of one seed after the other; 0: one run without a seed
    int limit_seconds = 60; ///< of one run
};

struct test_end {
    bool passed = true;
    std::uint64_t seed = 0; ///< that failed
    std::uint64_t runs = 0; ///< that passed
    std::string why; ///< `status 1`, …; empty if it passed
    std::string output; ///< of the run that failed
    std::chrono::milliseconds took{0}; ///< from the first run's begin to the last one's end
};

/// `tell` is called for each case in their order, as soon as its end is known. Errors: interrupted, environment.
base::result<std::vector<test_end>> run_tests(const std::vector<test_case>& cases, unsigned jobs,
                                              const std::function<void(const test_case&, const test_end&)>& tell);

} // namespace uk::cli
