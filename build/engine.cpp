#include "build/engine.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <queue>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "build/action_key.hpp"
#include "build/request.hpp"
#include "build/sandbox.hpp"
#include "build/schedule.hpp"
#include "build/shell.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::error;
using base::fail;
using base::result;
using base::sha256;
using base::status;

namespace {

constexpr std::chrono::seconds flush_interval{2};
constexpr int attempts = 3; // with blobs that turn out to be wrong

class executor {
  public:
    executor(const plan& what, const toolchain& tools, store& into, const engine_options& how, bool verify)
        : plan_{what}, tools_{tools}, store_{into}, how_{how}, verify_{verify}, keys_{what, tools, into, how.sandbox} {}

    result<outcome> run();

  private:
    void order();
    void work(unsigned worker);
    void make_ready(std::size_t index) { ready_.emplace(nodes_[index], index, nodes_.size()); }
    void conclude(std::size_t index, const result<void>& performed);
    result<void> perform(std::size_t index, bool& postponed);
    result<void> make(std::size_t index, const keyed_action& mine);
    std::optional<action_result> look_up(const sha256& key);
    result<void> keep(std::size_t index, const sandbox_result& ran);
    result<void> log(std::size_t index, const sandbox_result& ran);
    result<void> commit();
    result<void> verify_results();
    error failure(std::size_t index) const;
    void tell(event::type kind, std::size_t index, std::string_view text = {});

    const plan& plan_;
    const toolchain& tools_;
    store& store_;
    const engine_options& how_;
    const bool verify_;
    key_finder keys_;
    outcome done_;
    std::vector<plan_node> nodes_;
    struct taking_up {
        unsigned worker = 0;
        std::chrono::steady_clock::time_point begin;
    };
    std::vector<taking_up> taken_; // by action

    std::mutex guard_; // of what follows
    std::condition_variable wake_;
    std::priority_queue<priority> ready_;
    std::vector<std::size_t> waits_for_; // by action: how many others aren't done yet
    std::map<sha256, std::vector<std::size_t>> in_work_; // key → actions that wait for the same
    std::map<sha256, action_result> fresh_; // made here
    std::set<sha256> uncommitted_;
    std::size_t left_ = 0, running_ = 0, finished_ = 0;
    bool stop_ = false;
    std::map<std::size_t, error> errors_; // by action: the first in plan order is reported
    std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

void executor::order() {
    nodes_ = nodes_of(plan_);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        waits_for_.push_back(nodes_[i].reads.size());
        if (nodes_[i].reads.empty()) make_ready(i);
    }
    left_ = nodes_.size();
}

std::optional<action_result> executor::look_up(const sha256& key) {
    {
        const std::scoped_lock lock{guard_};
        if (const auto at = fresh_.find(key); at != fresh_.end()) return at->second;
    }
    auto known = store_.find_action(key);
    if (known && verify_) {
        for (const auto& [path, file] : known->files) {
            if (!store_.get(file.blob)) return std::nullopt;
        }
    }
    return known;
}

result<void> executor::perform(std::size_t index, bool& postponed) {
    action_outcome& outcome_here = done_.actions[index];
    const keyed_action mine = TRY(keys_.key_of(index, done_.actions));
    outcome_here.key = mine.key;
    {
        const std::scoped_lock lock{guard_};
        if (const auto other = in_work_.find(mine.key); other != in_work_.end()) {
            other->second.push_back(index);
            postponed = true;
            return {};
        }
        in_work_[mine.key];
    }
    if (auto known = look_up(mine.key)) {
        outcome_here.result = *std::move(known);
        outcome_here.ok = true;
        const std::scoped_lock lock{guard_};
        ++finished_;
        tell(event::type::cached, index, outcome_here.result.standard_error);
        return {};
    }
    return make(index, mine);
}

result<void> executor::make(std::size_t index, const keyed_action& mine) {
    {
        const std::scoped_lock lock{guard_};
        tell(event::type::started, index);
    }
    std::deque<std::string> contents; // the request's files are views of them
    const sandbox_request request = TRY(make_request({plan_, tools_, store_, done_.actions}, index, mine, contents));
    const sandbox_result ran = TRY(how_.sandbox ? run_in_sandbox(request) : run_unprotected(request));
    CHECK(keep(index, ran));
    CHECK(log(index, ran));

    const action_outcome& done = done_.actions[index];
    const std::scoped_lock lock{guard_};
    if (done.ok) {
        fresh_[mine.key] = done.result;
        uncommitted_.insert(mine.key);
    }
    ++finished_;
    tell(done.ok ? event::type::finished : event::type::failed, index,
         done.ok ? done.result.standard_error : done.errors);
    if (std::chrono::steady_clock::now() - flushed_ > flush_interval) CHECK(commit());
    return {};
}

result<void> executor::keep(std::size_t index, const sandbox_result& ran) {
    action_outcome& mine = done_.actions[index];
    mine.ran = true;
    mine.exit_status = ran.status;
    mine.result.standard_error = ran.said;
    if (ran.status != 0) {
        mine.errors = ran.said.empty() ? fmt::format("ended with status {} and said nothing", ran.status) : ran.said;
        return {};
    }
    if (!ran.wrong.empty()) {
        mine.exit_status = 1;
        mine.errors = fmt::format("{}ended well, but {}\n", ran.said, ran.wrong);
        return {};
    }
    for (const sandbox_output& one : ran.outputs) {
        const digest blob = TRY(store_.put_open_file(one.file.number()));
        mine.result.files[one.path] = {blob, one.executable};
    }
    mine.ok = true;
    return {};
}

result<void> executor::log(std::size_t index, const sandbox_result& ran) {
    using namespace std::chrono;
    const action& a = plan_.actions[index];
    const auto took = duration_cast<microseconds>(steady_clock::now() - taken_[index].begin);
    const auto began = duration_cast<seconds>((system_clock::now() - took).time_since_epoch());
    action_log said{.key = done_.actions[index].key,
                    .project = how_.project.string(),
                    .name = name_of(a),
                    .command = shell_line(a.arguments),
                    .began = began.count(),
                    .microseconds = took.count(),
                    .status = done_.actions[index].exit_status,
                    .said = std::nullopt};
    // Of one that ended well and made the wrong thing, the engine's words stand behind its own.
    const std::string& text = ran.wrong.empty() ? ran.said : done_.actions[index].errors;
    if (!text.empty()) said.said = TRY(store_.put(text));
    return store_.put_log(said);
}

// With the guard held. What was made of folders that changed in the meantime isn't kept.
result<void> executor::commit() {
    flushed_ = std::chrono::steady_clock::now();
    if (!uncommitted_.empty()) {
        CHECK(keys_.recheck());
        for (const sha256& key : uncommitted_) CHECK(store_.put_action(key, fresh_.at(key)));
        uncommitted_.clear();
    }
    return store_.flush();
}

void executor::tell(event::type kind, std::size_t index, std::string_view text) {
    if (!how_.tell) return;
    const auto& [worker, begin] = taken_[index];
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    how_.tell({kind, &plan_.actions[index], finished_, plan_.actions.size(), worker, begin, took, text});
}

error executor::failure(std::size_t index) const {
    const action& a = plan_.actions[index];
    error e = fail(status::failed, {}, "`{}` of {} for `{}` failed", a.label, a.component, a.variant);
    e.add({"said", std::string{base::trim(done_.actions[index].errors)}, {}});
    e.add({"command", shell_line(a.arguments), {}});
    return e;
}

// With the guard held.
void executor::conclude(std::size_t index, const result<void>& performed) {
    const action_outcome& mine = done_.actions[index];
    if (const auto waiting = in_work_.find(mine.key); waiting != in_work_.end()) {
        for (const std::size_t other : waiting->second) make_ready(other);
        in_work_.erase(waiting);
    }
    --left_;
    if (!performed) {
        errors_.emplace(index, performed.error());
        stop_ = true;
    } else if (mine.ok) {
        for (const std::size_t user : nodes_[index].used_by) {
            if (--waits_for_[user] == 0) make_ready(user);
        }
    } else if (!plan_.actions[index].keep_errors) {
        errors_.emplace(index, failure(index));
        if (!how_.keep_going) stop_ = true;
    } // else: what reads its outputs is never ready; the others go on, so that all mistakes of one kind show at once
}

void executor::work(unsigned worker) {
    std::unique_lock lock{guard_};
    while (true) {
        wake_.wait(lock, [&] { return stop_ || left_ == 0 || !ready_.empty() || running_ == 0; });
        if (stop_ || ready_.empty()) break;
        const std::size_t index = ready_.top().index(nodes_.size());
        ready_.pop();
        ++running_;
        taken_[index] = {worker, std::chrono::steady_clock::now()};
        lock.unlock();
        bool postponed = false;
        const result<void> performed = base::is_interrupted() ? result<void>{error{status::interrupted, "interrupted"}}
                                                              : perform(index, postponed);
        lock.lock();
        --running_;
        if (!postponed) conclude(index, performed);
        wake_.notify_all();
    }
    wake_.notify_all();
}

// Bytes that leave the store for people are looked at in any case.
result<void> executor::verify_results() {
    for (const result_file& file : plan_.results) {
        const auto* from = std::get_if<output_of>(&file.from);
        if (from == nullptr || !done_.actions[from->action].ok) continue;
        const auto& files = done_.actions[from->action].result.files;
        if (const auto at = files.find(from->path); at != files.end()) TRY(store_.get(at->second.blob));
    }
    return {};
}

result<outcome> executor::run() {
    done_.actions.resize(plan_.actions.size());
    taken_.resize(plan_.actions.size());
    order();
    const unsigned jobs =
        how_.jobs > 0 ? static_cast<unsigned>(how_.jobs) : std::max(1u, std::thread::hardware_concurrency());
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < jobs; ++i) threads.emplace_back([this, i] { work(i); });
        work(0);
    }
    const auto committed = commit();
    for (auto& [index, one] : errors_) {
        if (one.kind() == status::interrupted) return one;
    }
    if (!errors_.empty()) return errors_.begin()->second;
    CHECK(committed);
    CHECK(verify_results());
    for (const action_outcome& one : done_.actions) {
        done_.ran += one.ran;
        done_.cached += one.ok && !one.ran;
    }
    return std::move(done_);
}

} // namespace

result<outcome> execute(const plan& what, const toolchain& tools, store& into, const engine_options& how) {
    CHECK(into.hold());
    for (int attempt = 1;; ++attempt) {
        // A blob that is gone or wrong was found out when it was needed: what made it runs again.
        auto done = executor{what, tools, into, how, attempt > 1}.run();
        if (done || done.error().kind() != status::source || attempt == attempts) return done;
    }
}

} // namespace uk::build
