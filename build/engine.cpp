#include "build/engine.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "build/action_key.hpp"
#include "build/preimage.hpp"
#include "build/reads.hpp"
#include "build/remote.hpp"
#include "build/request.hpp"
#include "build/sandbox.hpp"
#include "build/schedule.hpp"
#include "build/shared_cache.hpp"
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
    struct attempt {
        bool verify = false; ///< every blob that is taken from the store
        std::int64_t began = 0; ///< the execution that it is a part of
    };
    executor(const plan& what, const toolchain& tools, store& into, const engine_options& how, attempt which)
        : plan_{what}, tools_{tools}, store_{into}, how_{how}, shared_{how.sandbox ? how.shared : nullptr},
          away_{how.sandbox ? how.away : nullptr}, attempt_{which}, keys_{what, tools, into, how.sandbox} {}

    result<outcome> run();

  private:
    // Without servers a worker looks an action up and runs it. With one, some look up, more of them than there are
    // processors, because they wait for the network, and others run what isn't known: here, or away.
    enum class duty { all, looking, running, away };

    void order();
    bool is_over() const;
    void work(unsigned worker, duty mine);
    void make_ready(std::size_t index) { ready_.emplace(nodes_[index], index, nodes_.size()); }
    void conclude(std::size_t index, const result<void>& performed);
    enum class found { here, nowhere, postponed }; ///< postponed: the same is being looked up or made
    result<found> look(std::size_t index);
    result<found> perform(std::size_t index, duty mine);
    result<void> make(std::size_t index, const keyed_action& mine);
    result<found> make_away(std::size_t index, const keyed_action& mine);
    result<void> settle(std::size_t index, const keyed_action& mine, const sandbox_result& ran);
    std::priority_queue<priority>& queue_of(duty mine);
    duty next_duty(std::size_t index, duty so_far) const;
    std::optional<action_result> look_up(const sha256& key);
    void note_reads(std::size_t index, const keyed_action& mine, const std::vector<std::string>& read);
    result<void> keep(std::size_t index, const sandbox_result& ran);
    result<void> log(std::size_t index, const keyed_action& mine, const sandbox_result& ran);
    result<void> commit();
    result<void> verify_results();
    error failure(std::size_t index) const;
    void tell(event::type kind, std::size_t index, std::string_view text = {});

    const plan& plan_;
    const toolchain& tools_;
    store& store_;
    const engine_options& how_;
    shared_cache* const shared_;
    remote* const away_;
    const attempt attempt_;
    key_finder keys_;
    shared_contents contents_;
    outcome done_;
    std::vector<plan_node> nodes_;
    struct taking_up {
        unsigned worker = 0;
        std::chrono::steady_clock::time_point begin;
        bool is_told = false; ///< that it started
    };
    std::vector<taking_up> taken_; // by action
    std::vector<keyed_action> keyed_; // by action

    std::mutex guard_; // of what follows
    std::condition_variable wake_;
    std::priority_queue<priority> ready_, unknown_,
        leaving_; // to be looked up; looked up, to be run here; to be run away
    std::vector<std::size_t> waits_for_; // by action: how many others aren't done yet
    std::map<sha256, std::vector<std::size_t>> in_work_; // key → actions that wait for the same
    std::map<sha256, action_result> fresh_; // made here
    std::map<sha256, std::size_t> uncommitted_; // by key, the action
    struct reading {
        sha256 frame, key;
        read_paths paths;
    };
    std::map<std::size_t, reading> read_; // by action, uncommitted
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
    if (known && attempt_.verify) {
        for (const auto& [path, file] : known->files) {
            if (!store_.get(file.blob)) return std::nullopt;
        }
    }
    return known;
}

result<executor::found> executor::look(std::size_t index) {
    action_outcome& outcome_here = done_.actions[index];
    const keyed_action& mine = keyed_[index] = TRY(keys_.key_of(index, done_.actions));
    outcome_here.key = mine.key;
    outcome_here.inputs = mine.inputs;
    {
        const std::scoped_lock lock{guard_};
        if (const auto other = in_work_.find(mine.key); other != in_work_.end()) {
            other->second.push_back(index);
            return found::postponed;
        }
        in_work_[mine.key];
    }
    auto known = look_up(mine.key);
    if (!known && how_.sandbox && plan_.actions[index].is_selective) {
        const outline all = keys_.outline_of(index, done_.actions, mine);
        known = find_by_reads(store_, all, [&](const sha256& key) { return look_up(key); });
        if (known) CHECK(store_.put_action(mine.key, *known));
    }
    if (!known && shared_ != nullptr) {
        known = TRY(shared_->find(plan_.actions[index], {mine.key, mine.size}));
        outcome_here.fetched = known.has_value();
        if (known) CHECK(store_.put_action(mine.key, *known));
    }
    if (!known) return found::nowhere;
    outcome_here.result = *std::move(known);
    outcome_here.ok = true;
    const std::scoped_lock lock{guard_};
    ++finished_;
    tell(outcome_here.fetched ? event::type::fetched : event::type::cached, index, outcome_here.result.standard_error);
    return found::here;
}

result<executor::found> executor::perform(std::size_t index, duty mine) {
    if (base::is_interrupted() || (how_.stop && how_.stop())) return error{status::interrupted, "interrupted"};
    if (how_.known != nullptr && (*how_.known)[index]) {
        done_.actions[index] = *(*how_.known)[index];
        done_.actions[index].ran = done_.actions[index].fetched = false;
        const std::scoped_lock lock{guard_};
        ++finished_;
        return found::here;
    }
    if (mine == duty::away) return make_away(index, keyed_[index]);
    const found so_far = mine == duty::running ? found::nowhere : TRY(look(index));
    if (so_far != found::nowhere || mine == duty::looking) return so_far;
    CHECK(make(index, keyed_[index]));
    return found::here;
}

result<void> executor::make(std::size_t index, const keyed_action& mine) {
    {
        const std::scoped_lock lock{guard_};
        if (!std::exchange(taken_[index].is_told, true)) tell(event::type::started, index);
    }
    std::deque<std::string> own; // the request's files are views of it
    const sandbox_request request =
        TRY(make_request({plan_, tools_, store_, done_.actions, contents_, how_.sandbox}, index, mine, own));
    const sandbox_result ran = TRY(how_.sandbox ? run_in_sandbox(request) : run_unprotected(request));
    CHECK(keep(index, ran));
    if (done_.actions[index].ok) note_reads(index, mine, ran.read);
    return settle(index, mine, ran);
}

result<executor::found> executor::make_away(std::size_t index, const keyed_action& mine) {
    {
        const std::scoped_lock lock{guard_};
        if (!std::exchange(taken_[index].is_told, true)) tell(event::type::started, index);
    }
    auto made = TRY(away_->run({plan_, done_.actions, keys_, index, mine}));
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    if (!made) return found::nowhere;
    action_outcome& done = done_.actions[index];
    done.is_remote = true;
    if (made->is_known) {
        CHECK(store_.put_action(mine.key, made->result));
        done.fetched = done.ok = true;
        done.result = std::move(made->result);
        const std::scoped_lock lock{guard_};
        ++finished_;
        tell(event::type::fetched, index, done.result.standard_error);
        return found::here;
    }
    const sandbox_result ran{.status = made->status, .said = made->result.standard_error};
    CHECK(keep(index, ran));
    if (done.ok) done.result = std::move(made->result);
    CHECK(settle(index, mine, ran));
    return found::here;
}

// Of one that ran and was kept.
result<void> executor::settle(std::size_t index, const keyed_action& mine, const sandbox_result& ran) {
    CHECK(log(index, mine, ran));
    const action_outcome& done = done_.actions[index];
    const std::scoped_lock lock{guard_};
    if (done.ok) {
        fresh_[mine.key] = done.result;
        uncommitted_.emplace(mine.key, index);
    }
    ++finished_;
    tell(done.ok ? event::type::finished : event::type::failed, index,
         done.ok ? done.result.standard_error : done.errors);
    if (std::chrono::steady_clock::now() - flushed_ > flush_interval) CHECK(commit());
    return {};
}

void executor::note_reads(std::size_t index, const keyed_action& mine, const std::vector<std::string>& read) {
    // None at all: this kernel doesn't tell.
    if (read.empty() || std::ranges::any_of(read, [](const auto& path) { return path.contains('\n'); })) return;
    const outline all = keys_.outline_of(index, done_.actions, mine);
    const auto key = key_of_reads(all, read);
    if (!key) return;
    const std::scoped_lock lock{guard_};
    fresh_[*key] = done_.actions[index].result;
    read_[index] = {all.frame, *key, read};
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

result<void> executor::log(std::size_t index, const keyed_action& mine, const sandbox_result& ran) {
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
                    .said = std::nullopt,
                    .build = attempt_.began,
                    .before = std::nullopt};
    if (const auto last = store_.find_last_log(said.project, said.name)) said.before = last->key;
    // Of one that ended well and made the wrong thing, the engine's words stand behind its own.
    const std::string& text = ran.wrong.empty() ? ran.said : done_.actions[index].errors;
    if (!text.empty()) said.said = TRY(store_.put(text));
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        if (const auto known = keys_.listing_of(mine.inputs[i].hash))
            store_.put_listing(mine.inputs[i].hash, known->text);
    }
    preimage made_of = preimage_of(plan_, index, mine, keys_.needs());
    made_of.read = ran.read;
    return store_.put_log(said, write(made_of));
}

// With the guard held. What was made of folders that changed in the meantime isn't kept.
result<void> executor::commit() {
    flushed_ = std::chrono::steady_clock::now();
    if (!uncommitted_.empty()) {
        CHECK(keys_.recheck());
        for (const auto& [key, index] : uncommitted_) {
            CHECK(store_.put_action(key, fresh_.at(key)));
            if (const auto at = read_.find(index); at != read_.end()) {
                CHECK(store_.put_action(at->second.key, fresh_.at(at->second.key)));
                remember_reads(store_, at->second.frame, at->second.paths);
                read_.erase(at); // another worker may just have noted its own, which isn't among these yet
            }
            if (shared_ != nullptr) shared_->offer(plan_.actions[index], {key, keyed_[index].size}, fresh_.at(key));
        }
        uncommitted_.clear();
    }
    return store_.flush();
}

void executor::tell(event::type kind, std::size_t index, std::string_view text) {
    if (!how_.tell) return;
    const taking_up& mine = taken_[index];
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - mine.begin);
    how_.tell({kind, &plan_.actions[index], finished_, plan_.actions.size(), mine.worker,
               done_.actions[index].is_remote, mine.begin, took, text});
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

// With the guard held. What waits for an action that failed is never taken up.
bool executor::is_over() const {
    return stop_ || left_ == 0 || (running_ == 0 && ready_.empty() && unknown_.empty() && leaving_.empty());
}

std::priority_queue<priority>& executor::queue_of(duty mine) {
    if (mine == duty::away) return leaving_;
    return mine == duty::running ? unknown_ : ready_;
}

// Whose it is next, if nobody knows its result.
executor::duty executor::next_duty(std::size_t index, duty so_far) const {
    const bool may_leave = away_ != nullptr && so_far == duty::looking && remote::can_run(plan_.actions[index], tools_);
    return may_leave ? duty::away : duty::running;
}

void executor::work(unsigned worker, duty mine) {
    std::priority_queue<priority>& tasks = queue_of(mine);
    std::unique_lock lock{guard_};
    while (true) {
        wake_.wait(lock, [&] { return is_over() || !tasks.empty(); });
        if (is_over()) break;
        const std::size_t index = tasks.top().index(nodes_.size());
        tasks.pop();
        ++running_;
        taken_[index].worker = worker;
        taken_[index].begin = std::chrono::steady_clock::now();
        lock.unlock();
        const result<found> performed = perform(index, mine);
        lock.lock();
        --running_;
        if (performed && *performed == found::nowhere)
            queue_of(next_duty(index, mine)).emplace(nodes_[index], index, nodes_.size());
        else if (!performed) conclude(index, performed.error());
        else if (*performed == found::here) conclude(index, {});
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
    keyed_.resize(plan_.actions.size());
    order();
    const unsigned jobs =
        how_.jobs > 0 ? static_cast<unsigned>(how_.jobs) : std::max(1u, std::thread::hardware_concurrency());
    {
        const bool alone = shared_ == nullptr && away_ == nullptr;
        const duty worker = alone ? duty::all : duty::running;
        const unsigned lookers = shared_ != nullptr ? shared_cache::at_once : (alone ? 0 : jobs);
        const unsigned leaving = away_ != nullptr ? away_->at_once() : 0;
        std::vector<std::jthread> threads;
        unsigned next = 1;
        while (next < jobs) threads.emplace_back([this, i = next++, worker] { work(i, worker); });
        while (next < jobs + lookers) threads.emplace_back([this, i = next++] { work(i, duty::looking); });
        while (next < jobs + lookers + leaving) threads.emplace_back([this, i = next++] { work(i, duty::away); });
        work(0, worker);
    }
    const auto committed = commit();
    if (shared_ != nullptr) shared_->finish();
    for (auto& [index, one] : errors_) {
        if (one.kind() == status::interrupted) return one;
    }
    if (!errors_.empty()) return errors_.begin()->second;
    CHECK(committed);
    CHECK(verify_results());
    done_.listings = keys_.listings();
    for (const action_outcome& one : done_.actions) {
        done_.ran += one.ran;
        done_.fetched += one.fetched;
        done_.remote += one.ran && one.is_remote;
        done_.cached += one.ok && !one.ran && !one.fetched;
    }
    return std::move(done_);
}

} // namespace

result<outcome> execute(const plan& what, const toolchain& tools, store& into, const engine_options& how) {
    CHECK(into.hold());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t began = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    for (int attempt = 1;; ++attempt) {
        // A blob that is gone or wrong was found out when it was needed: what made it runs again.
        auto done = executor{what, tools, into, how, {attempt > 1, began}}.run();
        if (done || done.error().kind() != status::source || attempt == attempts) return done;
    }
}

} // namespace uk::build
