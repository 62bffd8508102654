#include "build/engine.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "build/reapi.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

// What every action sees; an action's own variables come on top. SOURCE_DATE_EPOCH: 1980-01-01, the first day that every
// archive format can say.
const std::map<std::string, std::string> fixed_environment = {{"HOME", "/build"}, {"LC_ALL", "C"}, {"PATH", "/usr/bin"}, {"PWD", "/build"},
                                                              {"SOURCE_DATE_EPOCH", "315532800"}, {"TMPDIR", "/tmp"}, {"TZ", "UTC"}};

constexpr std::chrono::seconds flush_interval{2};

class executor {
  public:
    executor(const plan& what, const toolchain& tools, store& into, const engine_options& how) : plan_{what}, tools_{tools}, store_{into}, how_{how} {}

    result<outcome> run();

  private:
    struct node {
        std::vector<std::size_t> used_by;
        std::size_t waits_for = 0;
        std::size_t length = 0; // of the longest chain that begins here
    };

    void order();
    void work();
    result<void> perform(std::size_t index);
    result<base::sha256> key_of(std::size_t index, std::vector<digest>& blobs);
    result<digest> folder_digest(const host_folder& folder);
    result<sandbox_request> request_for(std::size_t index, const std::vector<digest>& blobs, const fs::path& scratch);
    result<void> keep(std::size_t index, const sandbox_result& ran);
    error failure(std::size_t index) const;
    void tell(event::type kind, std::size_t index, std::chrono::milliseconds took = {}, std::string_view text = {});

    const plan& plan_;
    const toolchain& tools_;
    store& store_;
    const engine_options& how_;
    outcome done_;
    std::vector<node> nodes_;

    std::mutex guard_;
    std::condition_variable wake_;
    std::priority_queue<std::pair<std::size_t, std::size_t>> ready_; // (length, plan_.size() - index): first the longest chain
    std::size_t left_ = 0, running_ = 0, finished_ = 0;
    bool stop_ = false;
    std::map<std::size_t, error> errors_; // by action: the first in plan order is reported
    std::mutex folders_guard_;
    std::map<fs::path, digest> folders_;
    std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

void executor::order() {
    nodes_.resize(plan_.actions.size());
    for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
        std::vector<std::size_t> from;
        for (const input& in : plan_.actions[i].inputs) {
            if (const auto* other = std::get_if<output_of>(&in.from)) from.push_back(other->action);
        }
        std::ranges::sort(from);
        from.erase(std::ranges::unique(from).begin(), from.end());
        nodes_[i].waits_for = from.size();
        for (const std::size_t other : from) nodes_[other].used_by.push_back(i);
    }
    for (std::size_t i = nodes_.size(); i-- > 0;) {
        for (const std::size_t user : nodes_[i].used_by) nodes_[i].length = std::max(nodes_[i].length, nodes_[user].length + 1);
        if (nodes_[i].waits_for == 0) ready_.emplace(nodes_[i].length, nodes_.size() - i);
    }
    left_ = nodes_.size();
}

result<digest> executor::folder_digest(const host_folder& folder) {
    const std::scoped_lock lock{folders_guard_}; // also keeps two threads from hashing one folder
    const auto at = folders_.find(folder.folder);
    if (at != folders_.end()) return at->second;
    const digest d = TRY(store_.digest_of_host_folder(folder.folder));
    folders_.emplace(folder.folder, d);
    return d;
}

// The action's REAPI key; `blobs` is the digest of each input that is a file.
result<base::sha256> executor::key_of(std::size_t index, std::vector<digest>& blobs) {
    const action& a = plan_.actions[index];
    base::tree_builder tree;
    for (const input& in : a.inputs) {
        digest blob;
        bool executable = in.executable;
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            const digest whole = TRY(folder_digest(*folder));
            tree.add_tree(in.path, whole);
            blobs.push_back(whole);
            continue;
        }
        if (const auto* other = std::get_if<output_of>(&in.from)) {
            const auto& files = done_.actions[other->action].result.files;
            const auto file = files.find(other->path);
            if (file == files.end()) return fail(status::internal, {}, "`{}` reads `{}`, which `{}` doesn't make", a.label, other->path, plan_.actions[other->action].label);
            blob = file->second.blob;
            executable = executable || file->second.executable;
        } else if (const auto* text = std::get_if<generated>(&in.from)) {
            blob = base::digest_of(text->content);
        } else {
            blob = TRY(store_.digest_of_host_file(std::get<host_file>(in.from).file));
        }
        tree.add_file(in.path, blob, executable);
        blobs.push_back(blob);
    }
    reapi::platform needs{{"toolchain", fmt::format("{}-{}-{}", tools_.name, tools_.version, tools_.fingerprint.hex())}};
    if (!how_.sandbox) needs["sandbox"] = "off";
    reapi::command command{.arguments = a.arguments, .environment = fixed_environment, .output_paths = a.outputs, .needs = needs};
    for (const auto& [name, value] : a.environment) command.environment[name] = value;
    return base::digest_of(reapi::encode_action(base::digest_of(reapi::encode_command(command)), tree.finish(), needs)).hash;
}

result<sandbox_request> executor::request_for(std::size_t index, const std::vector<digest>& blobs, const fs::path& scratch) {
    const action& a = plan_.actions[index];
    sandbox_request request{.arguments = a.arguments, .environment = fixed_environment, .mounts = tools_.mounts, .files = {}, .folders = {}, .outputs = a.outputs, .scratch = scratch};
    for (const auto& [name, value] : a.environment) request.environment[name] = value;
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const input& in = a.inputs[i];
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            request.folders.push_back({in.path, fs::absolute(folder->folder)});
            continue;
        }
        bool executable = in.executable;
        if (const auto* other = std::get_if<output_of>(&in.from)) {
            executable = executable || done_.actions[other->action].result.files.at(other->path).executable;
        } else if (!store_.has(blobs[i])) {
            // Files that people write are copied into the store first: what is compiled is what was hashed.
            const auto* text = std::get_if<generated>(&in.from);
            const std::string content = text ? text->content : TRY(base::read_file(std::get<host_file>(in.from).file));
            const digest put = TRY(store_.put(content));
            if (put != blobs[i]) return fail(status::failed, {std::get<host_file>(in.from).file.string(), 0, 0}, "changed while it was being built");
        }
        request.files.push_back({in.path, store_.path_of(blobs[i].hash), executable});
    }
    return request;
}

result<void> executor::keep(std::size_t index, const sandbox_result& ran) {
    const action& a = plan_.actions[index];
    action_outcome& mine = done_.actions[index];
    mine.ran = true;
    mine.exit_status = ran.status;
    mine.result.standard_error = ran.said;
    if (ran.status != 0) {
        mine.errors = ran.said.empty() ? fmt::format("ended with status {} and said nothing", ran.status) : ran.said;
        return {};
    }
    for (std::size_t i = 0; i < a.outputs.size(); ++i) {
        if (ran.outputs[i].place.empty()) {
            mine.exit_status = 1;
            mine.errors = fmt::format("ended well, but didn't make `{}` as a regular file", a.outputs[i]);
            return {};
        }
        mine.result.files[a.outputs[i]] = {TRY(store_.put_file(ran.outputs[i].place)), ran.outputs[i].executable};
    }
    mine.ok = true;
    return store_.put_action(mine.key, mine.result);
}

result<void> executor::perform(std::size_t index) {
    action_outcome& mine = done_.actions[index];
    std::vector<digest> blobs;
    mine.key = TRY(key_of(index, blobs));
    if (auto known = store_.find_action(mine.key)) {
        mine.result = *std::move(known);
        mine.ok = true;
        const std::scoped_lock lock{guard_};
        ++finished_;
        tell(event::type::cached, index, {}, mine.result.standard_error);
        return {};
    }
    {
        const std::scoped_lock lock{guard_};
        tell(event::type::started, index);
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto scratch = TRY(base::scratch_folder::make(store_.home() / "tmp"));
    const sandbox_request request = TRY(request_for(index, blobs, scratch.path()));
    const sandbox_result ran = TRY(how_.sandbox ? run_in_sandbox(request) : run_unprotected(request));
    CHECK(keep(index, ran));

    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const std::scoped_lock lock{guard_};
    ++finished_;
    tell(mine.ok ? event::type::finished : event::type::failed, index, took, mine.ok ? mine.result.standard_error : mine.errors);
    if (std::chrono::steady_clock::now() - flushed_ > flush_interval) {
        flushed_ = std::chrono::steady_clock::now();
        CHECK(store_.flush());
    }
    return {};
}

void executor::tell(event::type kind, std::size_t index, std::chrono::milliseconds took, std::string_view text) {
    if (how_.tell) how_.tell({kind, &plan_.actions[index], finished_, plan_.actions.size(), took, text});
}

error executor::failure(std::size_t index) const {
    const action& a = plan_.actions[index];
    std::string command;
    for (const std::string& word : a.arguments) command += (command.empty() ? "" : " ") + word;
    error e = fail(status::failed, {}, "`{}` of {} for `{}` failed", a.label, a.component, a.variant);
    e.add({"said", std::string{base::trim(done_.actions[index].errors)}, {}});
    e.add({"command", command, {}});
    return e;
}

void executor::work() {
    std::unique_lock lock{guard_};
    while (true) {
        wake_.wait(lock, [&] { return stop_ || left_ == 0 || !ready_.empty() || running_ == 0; });
        if (stop_ || ready_.empty()) break;
        const std::size_t index = nodes_.size() - ready_.top().second;
        ready_.pop();
        ++running_;
        lock.unlock();
        const result<void> performed = perform(index);
        lock.lock();
        --running_;
        --left_;
        if (!performed) {
            errors_.emplace(index, performed.error());
            stop_ = true;
        } else if (!done_.actions[index].ok) {
            // What reads its outputs is never ready; the others go on, so that all mistakes of one kind show at once.
            if (!plan_.actions[index].keep_errors) {
                errors_.emplace(index, failure(index));
                if (!how_.keep_going) stop_ = true;
            }
        } else {
            for (const std::size_t user : nodes_[index].used_by) {
                if (--nodes_[user].waits_for == 0) ready_.emplace(nodes_[user].length, nodes_.size() - user);
            }
        }
        wake_.notify_all();
    }
    wake_.notify_all();
}

result<outcome> executor::run() {
    done_.actions.resize(plan_.actions.size());
    order();
    const unsigned jobs = how_.jobs > 0 ? static_cast<unsigned>(how_.jobs) : std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([this] { work(); });
    threads.clear(); // joins
    CHECK(store_.flush());
    if (!errors_.empty()) {
        for (auto& [index, one] : errors_) {
            if (one.kind() == status::interrupted) return one;
        }
        return errors_.begin()->second;
    }
    for (const action_outcome& one : done_.actions) {
        done_.ran += one.ran;
        done_.cached += one.ok && !one.ran;
    }
    return std::move(done_);
}

} // namespace

result<outcome> execute(const plan& what, const toolchain& tools, store& into, const engine_options& how) {
    return executor{what, tools, into, how}.run();
}

result<void> write_results(const plan& what, const outcome& done, store& from, const fs::path& dist) {
    std::map<std::string, std::set<std::string>> wanted; // variant → files
    for (const result_file& file : what.results) {
        wanted[file.path.substr(0, file.path.find('/'))].insert(file.path);
        std::string content;
        if (const auto* text = std::get_if<generated>(&file.from)) {
            content = text->content;
        } else {
            const output_of& output = std::get<output_of>(file.from);
            content = TRY(from.get(done.actions[output.action].result.files.at(output.path).blob));
        }
        const fs::path to = dist / file.path;
        // Left alone if it is the same: whoever watches it has no reason to start again.
        std::error_code ignored;
        if (fs::is_regular_file(to, ignored) && fs::file_size(to, ignored) == content.size()) {
            const auto old = base::read_file(to);
            if (old && *old == content) continue;
        }
        CHECK(base::make_folders(to.parent_path()));
        CHECK(base::write_file(to, content, file.executable));
    }
    for (const auto& [variant, files] : wanted) {
        std::error_code ignored;
        for (const auto& entry : fs::recursive_directory_iterator(dist / variant, fs::directory_options::none, ignored)) {
            if (entry.is_regular_file() && !files.contains(entry.path().lexically_relative(dist).string())) fs::remove(entry.path(), ignored);
        }
    }
    return {};
}

result<void> check_sandbox() {
    const auto scratch = TRY(base::scratch_folder::make(fs::temp_directory_path()));
    // The smallest program that is always there: the dynamic loader, asked for its version.
    sandbox_request request{.arguments = {"/lib64/ld-linux-x86-64.so.2", "--version"}, .environment = {}, .mounts = {"/lib64/ld-linux-x86-64.so.2"}, .files = {}, .folders = {}, .outputs = {}, .scratch = scratch.path()};
    const sandbox_result ran = TRY(run_in_sandbox(request));
    if (ran.status != 0) return fail(status::environment, {}, "a program in the sandbox ended with status {}", ran.status);
    return {};
}

} // namespace uk::build
