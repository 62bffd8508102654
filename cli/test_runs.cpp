#include "cli/test_runs.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "base/process.hpp"

namespace uk::cli {

using base::result;
using clock = std::chrono::steady_clock;

namespace {

// docs/reference/statuses.md
std::string why_of(int status) {
    constexpr int wrong_parameter = 64, panic = 126, could_not_start = 127;
    const char* meaning = status == wrong_parameter   ? ", a wrong parameter"
                          : status == panic           ? ", a panic"
                          : status == could_not_start ? ", it could not start"
                                                      : "";
    return fmt::format("status {}{}", status, meaning);
}

struct progress_of_case {
    std::uint64_t started = 0, ended = 0, limit = 1; // runs; a failure takes `limit` down to its own
    std::optional<clock::time_point> begin, end;
    test_end result;
    bool is_over() const { return ended >= limit && started == ended; }
};

// All that the threads share; the lock guards everything that changes.
class pool {
  public:
    pool(const std::vector<test_case>& cases, const std::function<void(const test_case&, const test_end&)>& tell)
        : cases_{cases}, tell_{tell}, all_(cases.size()) {
        for (std::size_t i = 0; i < cases.size(); ++i) all_[i].limit = std::max<std::uint64_t>(cases[i].seeds, 1);
    }

    void work() {
        std::unique_lock guard{lock_};
        while (const auto next = take()) {
            const auto [index, run] = *next;
            guard.unlock();
            base::command command{.arguments = cases_[index].words, .environment = {}, .folder = {}, .input = {}};
            if (cases_[index].seeds)
                command.arguments.push_back(fmt::format("--simulated.seed={}", cases_[index].first_seed + run));
            command.timeout_seconds = cases_[index].limit_seconds;
            const auto done = base::run(command);
            guard.lock();
            finish(index, run, done);
        }
    }

    result<std::vector<test_end>> ends() {
        if (base::is_interrupted()) return base::error{base::status::interrupted, "interrupted"};
        std::vector<test_end> ends;
        for (progress_of_case& one : all_) ends.push_back(std::move(one.result));
        return ends;
    }

  private:
    // The next run of the first case that has one left.
    std::optional<std::pair<std::size_t, std::uint64_t>> take() {
        if (base::is_interrupted()) return std::nullopt;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            progress_of_case& one = all_[i];
            if (one.started >= one.limit) continue;
            if (!one.begin) one.begin = clock::now();
            return std::pair{i, one.started++};
        }
        return std::nullopt;
    }

    void finish(std::size_t index, std::uint64_t run, const result<base::finished>& done) {
        progress_of_case& one = all_[index];
        ++one.ended;
        if (base::is_interrupted()) return;
        const bool passed = done && done->status == 0;
        if (!passed && run < one.limit) {
            one.limit = run;
            one.result.passed = false;
            one.result.seed = cases_[index].first_seed + run;
            one.result.why =
                done ? why_of(done->status) : fmt::format("no end within {} s", cases_[index].limit_seconds);
            one.result.output = done ? done->output + done->errors : done.error().diagnostics().front().message + "\n";
        }
        one.result.runs = one.limit;
        one.end = clock::now();
        while (told_ < all_.size() && all_[told_].is_over()) {
            progress_of_case& next = all_[told_];
            next.result.took = std::chrono::duration_cast<std::chrono::milliseconds>(*next.end - *next.begin);
            tell_(cases_[told_++], next.result);
        }
    }

    const std::vector<test_case>& cases_;
    const std::function<void(const test_case&, const test_end&)>& tell_;
    std::mutex lock_;
    std::vector<progress_of_case> all_;
    std::size_t told_ = 0;
};

} // namespace

result<std::vector<test_end>> run_tests(const std::vector<test_case>& cases, unsigned jobs,
                                        const std::function<void(const test_case&, const test_end&)>& tell) {
    pool shared{cases, tell};
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(jobs, 1u); ++i) threads.emplace_back([&] { shared.work(); });
    }
    return shared.ends();
}

} // namespace uk::cli
