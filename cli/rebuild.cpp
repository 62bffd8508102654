#include "cli/rebuild.hpp"

#include <algorithm>

#include "build/last_build.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

std::string note_of(const std::string& key) { return key + " built"; }
std::string plan_of(const std::string& key) { return key + " plan"; }
std::string state_of(const std::string& key) { return key + " state"; }

} // namespace

std::optional<build_memory> find_memory(build::store& store, const std::string& key) {
    const auto text = store.find_note(note_of(key));
    if (!text) return std::nullopt;
    const auto end = text->find('\n');
    auto summary = json::parse(text->substr(0, end), nullptr, false);
    if (end == text->npos || summary.is_discarded()) return std::nullopt;
    return build_memory{std::move(summary), text->substr(end + 1)};
}

result<void> keep(build::store& store, const std::string& key, const build_memory& what) {
    return store.put_note(note_of(key), what.summary.dump() + "\n" + what.snapshot);
}

result<void> keep(build::store& store, const std::string& key, const build_memory& what, const session& s,
                  const built& all, const build::watched& watched) {
    CHECK(keep(store, key, what));
    build::last_build_texts more = build::remember(all.plan, all.done, s.tools, watched, what.snapshot, all.bundles);
    CHECK(store.put_note(plan_of(key), std::move(more.plan)));
    return store.put_note(state_of(key), std::move(more.state));
}

result<std::optional<json>> rebuild(const context& how, const build_options& asked, build::store& store,
                                    const std::string& key, const build_memory& before,
                                    const std::vector<std::size_t>& changed, std::int64_t began) {
    const std::optional<json> whole;
    auto plan = store.find_note(plan_of(key)), state = store.find_note(state_of(key));
    if (!plan || !state) return whole;
    const auto last = build::last_build::read(*std::move(plan), *std::move(state));
    if (!last) return whole;
    auto tools = last->tools();
    auto part = last->part_for(changed);
    if (!tools || !part) return whole;

    plan_executor with{how, store, *std::move(tools)};
    with.servers = TRY(servers_of(asked.servers, asked.offline));
    with.known = &part->known;
    const build::action* failed = nullptr;
    auto executed = with.run(part->what, asked.jobs, asked.sandbox == "on", failed);
    if (!executed && executed.error().kind() == base::status::interrupted) return executed.error();
    if (!executed && executed.error().kind() == base::status::source) return whole; // the store lost something
    if (!executed || !std::ranges::all_of(executed->actions, &build::action_outcome::ok)) {
        // What went wrong is said with the answers that the plan was made of.
        const session s = TRY(session::open(how, store, asked.session_options()));
        const auto said = s.explained(part->what, std::move(executed), failed);
        if (!said) return said.error();
        return whole;
    }
    const build::outcome& done = *executed;
    state = last->take(*part, done);
    CHECK(build::write_results(part->what, done, store, how.folder / "dist"));

    build_memory now{before.summary, build::renewed(before.snapshot, changed, last->inputs(), began)};
    now.summary["files"] = files_of(how, part->what);
    now.summary["ran"] = done.ran;
    now.summary["fetched"] = done.fetched;
    now.summary["remote"] = done.remote;
    now.summary["cached"] = last->size() - done.ran - done.fetched;
    now.summary["lock_written"] = false;
    CHECK(keep(store, key, now));
    CHECK(store.put_note(state_of(key), *std::move(state)));
    return std::optional{std::move(now.summary)};
}

} // namespace uk::cli
