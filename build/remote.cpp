#include "build/remote.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/reapi.hpp"
#include "build/result_reader.hpp"
#include "registry/helper.hpp"

namespace uk::build {

using base::digest;
using base::result;

namespace {

constexpr std::int64_t largest_result = 4 << 20;
constexpr std::int64_t under_way = 16 << 20; // bytes of blobs that are given at a time
constexpr std::size_t blobs_under_way = 1000;
constexpr int attempts = 4; // with blobs that the server lost

} // namespace

result<std::unique_ptr<remote>> remote::open(store& into, const remote_options& how,
                                             std::function<void(const base::diagnostic&)> warn) {
    const std::string program = TRY(registry::find_remote_helper()).string();
    return std::unique_ptr<remote>{new remote{into, how, std::move(warn), program}};
}

remote::remote(store& into, const remote_options& how, std::function<void(const base::diagnostic&)> warn,
               std::string program)
    : store_{into}, how_{how}, warn_{std::move(warn)},
      link_{{std::move(program), "execute", how.url, std::to_string(how.silence)}} {}

bool remote::can_run(const action& what, const toolchain& tools) {
    return tools.tree && what.arguments.front().front() != '/' && what.output_folders.empty();
}

void remote::give_up(const std::string& why) {
    if (!works_.exchange(false) || why.empty()) return;
    warn_({{},
           fmt::format("nothing can be executed remotely: {}; the build goes on here", base::printable(why)),
           {},
           fmt::format("it is `{}`, as `--remote` or UK_REMOTE_URL says; `off` builds without it", how_.url)});
}

void remote::warn_once(std::atomic<bool>& said, const std::string& text) {
    if (said.exchange(true)) return;
    warn_({{}, text, {}, fmt::format("the server is `{}`, as `--remote` or UK_REMOTE_URL says", how_.url)});
}

// Found: the blob is in the store now.
result<remote::status> remote::fetch(const digest& blob) {
    if (store_.has(blob)) return status::found;
    const auto reply = link_.get(part::blobs, blob, blob.size);
    if (reply.said == status::trouble) give_up(reply.content);
    if (reply.said != status::found) return reply.said;
    if (base::digest_of(reply.content) != blob) return status::wrong;
    TRY(store_.put(reply.content));
    const std::scoped_lock lock{guard_};
    there_.insert(blob);
    return status::found;
}

result<remote::status> remote::read(const remote_task& one, std::string_view bytes, ran& into) {
    const auto message = reapi::decode_result(bytes);
    if (!message) return status::wrong;
    into.status = message->status;
    return read_result(one.self(), *message, store_, [&](const digest& blob) { return fetch(blob); }, into.result);
}

// What the server knows needs no inputs there.
result<std::optional<remote::ran>> remote::find(const remote_task& one) {
    const auto reply = link_.get(part::actions, {one.keyed.key, one.keyed.size}, largest_result);
    if (reply.said == status::trouble) give_up(reply.content);
    if (reply.said != status::found) return std::optional<ran>{};
    ran made{.is_known = true};
    const status got = TRY(read(one, reply.content, made));
    if (got == status::found && made.status == 0) return std::optional{std::move(made)};
    return std::optional<ran>{};
}

// False: the server doesn't take them; it was given up.
result<bool> remote::give(const blob_sources& all) {
    std::vector<digest> unsure, missing;
    {
        const std::scoped_lock lock{guard_};
        for (const auto& [blob, source] : all) {
            if (!there_.contains(blob)) unsure.push_back(blob);
        }
    }
    if (unsure.empty()) return true;
    auto reply = link_.look(unsure, missing);
    for (auto next = missing.begin(); reply.said == status::found && next != missing.end();) {
        std::vector<std::string> contents;
        std::vector<shared_link::item> items;
        contents.reserve(blobs_under_way);
        for (std::int64_t bytes = 0; next != missing.end() && bytes < under_way && items.size() < blobs_under_way;
             ++next) {
            const auto source = all.find(*next);
            if (source == all.end()) continue; // nobody asked for it
            contents.push_back(TRY(load(store_, *next, source->second)));
            items.push_back({*next, contents.back()});
            bytes += next->size;
        }
        if (const auto put = link_.put(items); put.said != status::stored) reply = put;
    }
    if (reply.said != status::found) {
        give_up(reply.content);
        return false;
    }
    const std::scoped_lock lock{guard_};
    there_.insert(unsure.begin(), unsure.end());
    return true;
}

result<bool> remote::give_all(const remote_task& one, const blob_sources& own) {
    const action& a = one.self();
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const auto* folder = std::get_if<host_folder>(&a.inputs[i].from);
        if (folder == nullptr || folder->only) continue; // of some files, each is among its own
        const digest& tree = one.keyed.inputs[i];
        const std::scoped_lock alone{giving_folder_};
        {
            const std::scoped_lock lock{guard_};
            if (there_.contains(tree)) continue;
        }
        if (!TRY(give(TRY(sources_of(*folder, tree))))) return false;
    }
    return give(own);
}

// What the server lost, as far as it says what, is looked for and given again: with the folder that it may lie in.
void remote::forget(const remote_task& one, const std::vector<digest>& missing) {
    const std::scoped_lock lock{guard_};
    if (missing.empty()) there_.clear();
    for (const digest& blob : missing) there_.erase(blob);
    for (const digest& blob : one.keyed.inputs) there_.erase(blob);
}

result<std::optional<remote::ran>> remote::run(const remote_task& one) {
    const std::optional<ran> here;
    if (!works_) return here;
    if (auto known = TRY(find(one))) return known;
    const blob_sources own = sources_of(one);
    const std::string name = name_of(one.self());
    for (int attempt = 0; attempt < attempts && works_; ++attempt) {
        if (!TRY(give_all(one, own))) return here;
        std::vector<digest> missing;
        const auto reply = link_.execute({one.keyed.key, one.keyed.size}, largest_result, missing);
        ran made;
        const status got = reply.said == status::found ? TRY(read(one, reply.content, made)) : reply.said;
        switch (got) {
        case status::found: return std::optional{std::move(made)};
        case status::missing: forget(one, missing); break;
        case status::trouble: give_up(reply.content); return here;
        case status::refused:
            warn_once(said_refused_, fmt::format("`{}` wasn't executed remotely: {}; it is made here", name,
                                                 base::printable(reply.content)));
            return here;
        default:
            warn_once(said_wrong_,
                      fmt::format("what the server made of `{}` is none of its results, or not as its hashes say; "
                                  "it isn't used, but made here",
                                  name));
            return here;
        }
    }
    if (works_)
        warn_once(
            said_refused_,
            fmt::format("`{}` wasn't executed remotely: the server loses what it is given; it is made here", name));
    return here;
}

} // namespace uk::build
