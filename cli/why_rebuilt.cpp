#include "cli/why_rebuilt.hpp"

#include <ctime>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.hpp"
#include "build/preimage.hpp"
#include "cli/action_name.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::fail;
using base::json;
using base::result;
using base::sha256;
using base::status;

namespace {

constexpr std::size_t listed = 20; // actions by text, for one reason; --json has all
constexpr const char* kinds[] = {"argument", "environment", "toolchain", "sandbox", "output", "input"};

struct reason {
    std::string text;
    std::optional<build::change> change; ///< none: it isn't a matter of inputs
};

struct answer {
    std::string name, state; ///< `ran`, `would run`, `may run`, `cached`
    std::optional<sha256> key;
    std::vector<reason> reasons;
};

build::kept_listings listings_of(build::store& store) {
    return [&store](const std::string& digits) {
        const auto hash = sha256::from_hex(digits);
        return hash ? store.find_listing(*hash) : std::nullopt;
    };
}

build::preimage known(build::store& store, const sha256& key, bool& is_known) {
    const auto read = build::read_preimage(store.find_preimage(key));
    is_known = read.has_value();
    return read.value_or(build::preimage{});
}

std::vector<reason> compare(const build::preimage& before, const build::preimage& now,
                            const build::kept_listings& listings) {
    std::vector<reason> all;
    for (build::change& one : build::changes(before, now, listings)) {
        std::string text = describe(one);
        all.push_back({std::move(text), std::move(one)});
    }
    return all;
}

// Why an action ran that has a log.
std::vector<reason> reasons_of(build::store& store, const build::action_log& ran) {
    if (!ran.before) return {{"it had not run here before", std::nullopt}};
    if (*ran.before == ran.key)
        return {{"nothing changed: it had failed, or its result was gone from the store", std::nullopt}};
    bool both = true, one = true;
    const build::preimage before = known(store, *ran.before, one), now = known(store, ran.key, both);
    if (!one || !both) return {{"what it ran with before isn't known any more", std::nullopt}};
    return compare(before, now, listings_of(store));
}

json answer_json(const answer& one) {
    json reasons = json::array();
    for (const auto& [text, change] : one.reasons) {
        json made{{"text", text}};
        if (change)
            made.update({{"kind", kinds[static_cast<int>(change->kind)]},
                         {"what", change->what},
                         {"was", change->was},
                         {"now", change->now},
                         {"from", change->from}});
        reasons.push_back(std::move(made));
    }
    return {{"name", one.name},
            {"state", one.state},
            {"digest", one.key ? json(one.key->hex()) : json()},
            {"reasons", std::move(reasons)}};
}

std::string time_text(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

result<int> explain_last_build(context& how, const std::vector<std::string>& targets) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    std::vector<build::action_log> ran = store.find_last_logs(folder_of(how).string());
    const auto began = ran.empty() ? 0 : ran.front().build / 1'000'000'000;
    std::erase_if(ran, [&](const build::action_log& one) {
        const std::string variant = one.name.substr(0, one.name.find(' '));
        return !targets.empty() && std::ranges::find(targets, variant) == targets.end();
    });
    json all = json::array();
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const build::action_log& one : ran) {
        const answer made{one.name, "ran", one.key, reasons_of(store, one)};
        all.push_back(answer_json(made));
        std::string why;
        for (const reason& each : made.reasons) why += base::printable(each.text) + "\n";
        by_reason[why].push_back(one.name);
    }
    if (how.json) return how.print(json{{"began", began}, {"actions", all}}.dump(2) + "\n"), 0;
    if (ran.empty())
        return how.print(began == 0 ? "no build here has run an action yet\n"
                                    : "the last build that ran anything ran nothing of that variant\n"),
               0;
    std::string text = fmt::format("the last build that ran anything began at {} and ran {} action{}\n",
                                   time_text(began), ran.size(), ran.size() == 1 ? "" : "s");
    for (const auto& [why, names] : by_reason) {
        text += "\n" + why;
        for (std::size_t i = 0; i < std::min(names.size(), listed); ++i)
            text += fmt::format("  {}\n", base::printable(names[i]));
        if (names.size() > listed)
            text += fmt::format("  and {} more, which `uk why --rebuilt --json` lists\n", names.size() - listed);
    }
    how.print(text);
    return 0;
}

class explainer {
  public:
    explainer(const session& s, const build::plan& plan, const build::forecast& seen)
        : session_{s}, plan_{plan}, seen_{seen}, keys_{plan, s.tools, s.store, true} {}

    answer explain(std::size_t index) const {
        const build::foreseen& one = seen_.actions[index];
        answer made{name_of(plan_.actions[index]), "", {}, {}};
        if (!one.key) {
            made.state = "may run";
            made.reasons = waits_for(index);
            return made;
        }
        made.key = one.key->key;
        const auto log = session_.store.find_log(one.key->key.hex());
        if (one.kind == build::foreseen::type::cached) {
            made.state = log ? fmt::format("ran at {}", time_text(log->began)) : "cached";
            made.reasons =
                log ? reasons_of(session_.store, *log)
                    : std::vector<reason>{{"its result is in the store, and of how it ran nothing is kept", {}}};
            return made;
        }
        made.state = "would run";
        made.reasons = would_run(index, made.name);
        return made;
    }

  private:
    std::vector<reason> waits_for(std::size_t index) const {
        std::vector<reason> all;
        std::set<std::size_t> told;
        for (const build::input& in : plan_.actions[index].inputs) {
            const auto* other = std::get_if<build::output_of>(&in.from);
            if (!other || seen_.actions[other->action].kind == build::foreseen::type::cached) continue;
            if (told.insert(other->action).second)
                all.push_back({fmt::format("it reads what `{}` makes, which isn't there yet",
                                           name_of(plan_.actions[other->action])),
                               {}});
        }
        return all;
    }

    std::vector<reason> would_run(std::size_t index, const std::string& name) const {
        build::store& store = session_.store;
        const std::string project = session_.folder().string();
        auto last = store.find_last_log(project, name);
        if (!last) last = store.find_last_log_of_any_variant(project, name);
        if (!last) return {{"it has not run here before", {}}};
        const build::keyed_action& mine = *seen_.actions[index].key;
        if (last->key == mine.key)
            return {{last->status != 0 ? "it failed when it ran last" : "its result is gone from the store", {}}};
        bool is_known = false;
        const build::preimage before = known(store, last->key, is_known);
        if (!is_known) return {{"what it ran with before isn't known any more", {}}};
        // What it would be made of nobody has kept yet.
        std::map<std::string, std::string> fresh;
        for (const auto& [i, listing] : mine.folders) fresh[mine.inputs[i].hash.hex()] = build::write(*listing);
        return compare(before, preimage_of(plan_, index, mine, keys_.needs()), [&](const std::string& tree) {
            const auto at = fresh.find(tree);
            return at == fresh.end() ? listings_of(store)(tree) : std::optional{at->second};
        });
    }

    const session& session_;
    const build::plan& plan_;
    const build::forecast& seen_;
    build::key_finder keys_;
};

} // namespace

result<int> why_rebuilt(context& how, const std::string& action, const std::vector<std::string>& targets) {
    if (action.empty()) return explain_last_build(how, targets);
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {}));
    const build::plan plan = TRY(s.plan_of(targets));
    const build::forecast seen = TRY(build::look_ahead(plan, s.tools, store, true));
    const explainer explains{s, plan, seen};
    json all = json::array();
    std::string text;
    std::set<sha256> told;
    for (const std::size_t index : TRY(find_actions(plan, seen, action))) {
        const answer one = explains.explain(index);
        if (one.key && !told.insert(*one.key).second) continue;
        all.push_back(answer_json(one));
        text += fmt::format("{}{}: {}\n", text.empty() ? "" : "\n", one.name, one.state);
        for (const reason& each : one.reasons) text += fmt::format("  {}\n", base::printable(each.text));
    }
    how.print(how.json ? all.dump(2) + "\n" : text);
    return 0;
}

} // namespace uk::cli
