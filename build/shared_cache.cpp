#include "build/shared_cache.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/process.hpp"
#include "base/text.hpp"
#include "build/reapi.hpp"
#include "build/result_reader.hpp"
#include "registry/helper.hpp"

namespace uk::build {

using base::digest;
using base::result;
using base::sha256;

namespace {

constexpr std::int64_t largest_result = 4 << 20;
constexpr std::size_t givers = 8;

} // namespace

result<std::unique_ptr<shared_cache>> shared_cache::open(store& into, const shared_cache_options& how,
                                                         std::function<void(const base::diagnostic&)> warn) {
    const bool is_grpc = how.url.starts_with("grpc");
    const std::string program = TRY(is_grpc ? registry::find_remote_helper() : registry::find_helper()).string();
    return std::unique_ptr<shared_cache>{
        new shared_cache{into, how, std::move(warn), {program, "cache", how.url, std::to_string(how.silence)}}};
}

shared_cache::shared_cache(store& into, const shared_cache_options& how,
                           std::function<void(const base::diagnostic&)> warn, std::vector<std::string> program)
    : store_{into}, how_{how}, warn_{std::move(warn)}, link_{std::move(program)}, writes_{how.write} {}

shared_cache::~shared_cache() {
    const std::scoped_lock lock{guard_};
    ends_ = true;
    writes_ = false;
    offers_.clear();
    wake_.notify_all();
}

void shared_cache::give_up(const std::string& why) {
    writes_ = false;
    if (!reads_.exchange(false) || why.empty()) return;
    warn_({{},
           fmt::format("the shared cache can't be used: {}; the build goes on without it", why),
           {},
           fmt::format("it is `{}`, as `--cache` or UK_CACHE_URL says; `off` builds without one", how_.url)});
}

void shared_cache::stop_writing(const std::string& why) {
    if (!writes_.exchange(false) || why.empty()) return;
    warn_({{},
           fmt::format("the shared cache doesn't take what was made here: {}; nothing more is given to it", why),
           {},
           fmt::format("it is `{}`; with `read-only` (`--cache-mode`, UK_CACHE_MODE) nothing is given", how_.url)});
}

void shared_cache::warn_of_wrong(const action& what) {
    if (said_wrong_.exchange(true)) return;
    warn_(
        {{},
         fmt::format("the shared cache has something wrong for `{}`, which isn't used", name_of(what)),
         {},
         fmt::format("it is `{}`; with `read-write` (`--cache-mode`, UK_CACHE_MODE) what is made here takes its place",
                     how_.url)});
}

bool shared_cache::has_seen(const sha256& blob) {
    const std::scoped_lock lock{guard_};
    return there_.contains(blob);
}

shared_link::reply shared_cache::get(part where, const digest& what, std::int64_t limit) {
    if (!reads_) return {};
    auto reply = link_.get(where, what, limit);
    if (reply.said == status::trouble) give_up(reply.content);
    return reply;
}

// Found: the blob is in the store now.
result<shared_cache::status> shared_cache::fetch(const digest& blob) {
    if (store_.has(blob)) return status::found;
    const auto reply = get(part::blobs, blob, blob.size);
    if (reply.said != status::found) return reply.said;
    if (base::digest_of(reply.content) != blob) return status::wrong;
    TRY(store_.put(reply.content));
    const std::scoped_lock lock{guard_};
    there_.insert(blob.hash);
    return status::found;
}

result<std::optional<action_result>> shared_cache::find(const action& what, const digest& key) {
    const auto bytes = get(part::actions, key, largest_result);
    action_result made;
    const status all = bytes.said == status::found ? TRY(read(what, bytes.content, made)) : bytes.said;
    if (all == status::found) return std::optional{std::move(made)};
    if (all == status::wrong) warn_of_wrong(what);
    return std::optional<action_result>{};
}

// What came as a result: is it one of this action, and are its blobs there?
result<shared_cache::status> shared_cache::read(const action& what, std::string_view bytes, action_result& into) {
    const auto message = reapi::decode_result(bytes);
    if (!message || message->status != 0) return status::wrong;
    return read_result(what, *message, store_, [&](const digest& blob) { return fetch(blob); }, into);
}

void shared_cache::offer(const action& what, const digest& key, const action_result& result) {
    if (!writes_) return;
    const std::scoped_lock lock{guard_};
    offers_.push_back({&what, key, result});
    if (givers_.size() < givers && givers_.size() < offers_.size() + giving_) givers_.emplace_back([this] { work(); });
    wake_.notify_all();
}

void shared_cache::finish() {
    std::unique_lock lock{guard_};
    while ((!offers_.empty() || giving_ > 0) && writes_ && !base::is_interrupted())
        wake_.wait_for(lock, std::chrono::milliseconds{100});
}

void shared_cache::work() {
    std::unique_lock lock{guard_};
    while (true) {
        wake_.wait(lock, [&] { return ends_ || !offers_.empty(); });
        if (ends_) return;
        const offered next = std::move(offers_.front());
        offers_.pop_front();
        ++giving_;
        lock.unlock();
        if (writes_ && !base::is_interrupted()) give(next);
        lock.lock();
        --giving_;
        wake_.notify_all();
    }
}

bool shared_cache::put(part where, const digest& what, std::string_view content) {
    if (!writes_) return false;
    const auto reply = link_.put(where, what, content);
    if (reply.said == status::stored) return true;
    stop_writing(reply.content);
    return false;
}

// The blobs first, then what speaks of them.
void shared_cache::give(const offered& one) {
    reapi::result_message message{.files = {}, .folders = {}, .said = one.result.standard_error};
    std::map<std::string, std::vector<reapi::output_file>> trees;
    for (const std::string& folder : one.what->output_folders) trees[folder];
    for (const auto& [path, file] : one.result.files) {
        if (!has_seen(file.blob.hash)) {
            const auto content = store_.get(file.blob);
            if (!content || !put(part::blobs, file.blob, *content)) return;
            const std::scoped_lock lock{guard_};
            there_.insert(file.blob.hash);
        }
        const auto folder = std::ranges::find_if(
            one.what->output_folders, [&](const auto& each) { return path != each && base::lies_in(path, each); });
        if (folder == one.what->output_folders.end()) message.files.push_back({path, file.blob, file.executable});
        else trees[*folder].push_back({path.substr(folder->size() + 1), file.blob, file.executable});
    }
    for (const auto& [folder, files] : trees) {
        const std::string tree = reapi::encode_tree(files);
        message.folders[folder] = base::digest_of(tree);
        if (!put(part::blobs, message.folders[folder], tree)) return;
    }
    const std::string bytes = reapi::encode_result(message);
    if (bytes.size() <= largest_result) put(part::actions, one.key, bytes);
}

} // namespace uk::build
