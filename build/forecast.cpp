#include "build/forecast.hpp"

#include <algorithm>
#include <map>
#include <queue>

#include "build/schedule.hpp"

namespace uk::build {

using base::result;

namespace {

bool is_waiting(const foreseen& one) { return one.kind != foreseen::type::cached && !one.same_as; }

std::vector<std::size_t> order_of(const std::vector<plan_node>& nodes, const std::vector<foreseen>& actions) {
    std::vector<std::size_t> order, waits_for;
    std::priority_queue<priority> ready;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        waits_for.push_back(nodes[i].reads.size());
        if (nodes[i].reads.empty()) ready.emplace(nodes[i], i, nodes.size());
    }
    while (!ready.empty()) {
        const std::size_t index = ready.top().index(nodes.size());
        ready.pop();
        if (is_waiting(actions[index])) order.push_back(index);
        for (const std::size_t user : nodes[index].used_by) {
            if (--waits_for[user] == 0) ready.emplace(nodes[user], user, nodes.size());
        }
    }
    return order;
}

std::vector<std::size_t> longest_of(const std::vector<plan_node>& nodes, const std::vector<foreseen>& actions) {
    std::vector<std::size_t> length(nodes.size(), 0), next(nodes.size(), nodes.size());
    std::size_t first = nodes.size();
    for (std::size_t i = nodes.size(); i-- > 0;) {
        if (actions[i].kind == foreseen::type::cached) continue;
        for (const std::size_t user : nodes[i].used_by) {
            if (length[user] > length[i]) length[i] = length[user], next[i] = user;
        }
        ++length[i];
        if (first == nodes.size() || length[i] >= length[first]) first = i;
    }
    std::vector<std::size_t> chain;
    for (; first < nodes.size(); first = next[first]) chain.push_back(first);
    return chain;
}

} // namespace

result<forecast> look_ahead(const plan& what, const toolchain& tools, store& from, bool sandbox) {
    key_finder keys{what, tools, from, sandbox};
    const std::vector<plan_node> nodes = nodes_of(what);
    forecast seen;
    seen.actions.resize(what.actions.size());
    std::vector<action_outcome> known(what.actions.size());
    std::map<base::sha256, std::size_t> running;
    for (std::size_t i = 0; i < what.actions.size(); ++i) {
        if (std::ranges::any_of(nodes[i].reads, [&](std::size_t other) { return !known[other].ok; })) continue;
        foreseen& one = seen.actions[i];
        one.key = TRY(keys.key_of(i, known));
        auto found = from.find_action(one.key->key);
        if (!found && sandbox && what.actions[i].is_selective)
            found = find_by_reads(from, keys.outline_of(i, known, *one.key),
                                  [&](const base::sha256& key) { return from.find_action(key); });
        if (found) {
            one.kind = foreseen::type::cached;
            known[i].result = *std::move(found);
            known[i].ok = true;
            continue;
        }
        one.kind = foreseen::type::runs;
        if (const auto [at, fresh] = running.emplace(one.key->key, i); !fresh) one.same_as = at->second;
    }
    seen.order = order_of(nodes, seen.actions);
    seen.longest = longest_of(nodes, seen.actions);
    return seen;
}

} // namespace uk::build
