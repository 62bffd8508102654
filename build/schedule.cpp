#include "build/schedule.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace uk::build {

std::string name_of(const action& a) { return fmt::format("{} {}: {}", a.variant, a.component, a.label); }

bool is_check(const action& a) { return a.label.starts_with("check "); }

std::vector<plan_node> nodes_of(const plan& what) {
    std::vector<plan_node> nodes(what.actions.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        std::vector<std::size_t>& reads = nodes[i].reads;
        for (const input& in : what.actions[i].inputs) {
            if (const auto* other = std::get_if<output_of>(&in.from)) reads.push_back(other->action);
        }
        std::ranges::sort(reads);
        const auto twice = std::ranges::unique(reads);
        reads.erase(twice.begin(), twice.end());
        for (const std::size_t other : reads) nodes[other].used_by.push_back(i);
    }
    for (std::size_t i = nodes.size(); i-- > 0;) {
        for (const std::size_t user : nodes[i].used_by)
            nodes[i].length = std::max(nodes[i].length, nodes[user].length + 1);
    }
    return nodes;
}

plan part_for(const plan& what, std::size_t index) {
    const std::vector<plan_node> nodes = nodes_of(what);
    std::vector<bool> is_needed(what.actions.size(), false);
    is_needed[index] = true;
    for (std::size_t i = index + 1; i-- > 0;) {
        if (!is_needed[i]) continue;
        for (const std::size_t other : nodes[i].reads) is_needed[other] = true;
    }
    plan part;
    std::vector<std::size_t> place(what.actions.size());
    for (std::size_t i = 0; i <= index; ++i) {
        if (!is_needed[i]) continue;
        place[i] = part.actions.size();
        part.actions.push_back(what.actions[i]);
        for (input& in : part.actions.back().inputs) {
            if (auto* from = std::get_if<output_of>(&in.from)) from->action = place[from->action];
        }
    }
    return part;
}

} // namespace uk::build
