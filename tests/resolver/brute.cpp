#include "tests/resolver/brute.hpp"

#include <fmt/format.h>

#include "tests/resolver/brute_list.hpp"

namespace uk::resolver::testing {

namespace {

// Strikes out solutions, choice by choice, in the order of docs/explanation/resolution.md.
class brute : public listing {
  public:
    using listing::listing;

    brute_answer run() {
        std::deque<task> todo;
        for (std::size_t i = 0; i < manifest_.requires_.size(); ++i) todo.push_back({task::type::require, "", i});
        for (std::size_t i = 0; i < manifest_.needs.size(); ++i) todo.push_back({task::type::need, "", i});
        todo.push_back({task::type::component, target_->content.name});
        list({}, todo);
        if (over_) return {.too_large = true, .lines = {}};
        const std::size_t count = found_.size();
        if (found_.empty()) return {.lines = {}};
        soft();
        walk();
        return {.solutions = count, .lines = lines(found_.front())};
    }

  private:
    static std::string value(const texts& in, const std::string& key) {
        const auto at = in.find(key);
        return at == in.end() ? "(absent)" : at->second;
    }
    static std::string version_in(const solution& s, const std::string& name) {
        return s.chosen.contains(name) ? s.chosen.at(name)->content.id.text() : "(absent)";
    }

    // Strikes out what isn't so, if anything is.
    bool keep(const std::function<bool(const solution&)>& is_so) {
        std::vector<solution> left;
        std::ranges::copy_if(found_, std::back_inserter(left), is_so);
        if (left.empty()) return false;
        found_ = std::move(left);
        return true;
    }

    void soft() {
        const locked_variant* mine = nullptr;
        if (what_.locked)
            for (const auto& one : what_.locked->variants)
                if (one.name == what_.variant->name) mine = &one;
        const auto updated = [&](const std::string& name) {
            return std::ranges::find(what_.update, name) != what_.update.end();
        };
        const auto component = [&](const std::string& instance) {
            return named_.contains(instance) ? named_.at(instance) : instance;
        };
        const auto or_absent = [](const std::string& is, const std::string& wanted) {
            return is == wanted || is == "(absent)";
        };
        if (mine) {
            for (const auto& [hole, filler] : mine->wiring)
                if (!updated(component(filler)))
                    keep([&](const solution& s) { return or_absent(value(s.wiring, hole), filler); });
            for (const auto& [at, chosen] : mine->alternatives)
                if (!updated(chosen))
                    keep([&](const solution& s) { return or_absent(value(s.alternatives, at), chosen); });
        }
        for (const auto& name : what_.update)
            for (const entry* one : all_.at(name))
                if (keep([&](const solution& s) { return or_absent(version_in(s, name), one->content.id.text()); }))
                    break;
        if (mine)
            for (const auto& [name, version] : mine->components)
                if (!updated(name)) keep([&](const solution& s) { return or_absent(version_in(s, name), version); });
    }

    std::string choose(const std::vector<std::string>& candidates,
                       const std::function<std::string(const solution&)>& is) {
        for (const auto& one : candidates)
            if (keep([&](const solution& s) { return is(s) == one; })) return one;
        return "(none of the candidates)";
    }

    void reach(const std::string& name, bool instance) {
        if (reached_.insert((instance ? "@" : "") + name).second) visits_.push_back({name, instance});
        if (instance) in_image_.insert(component_of(name));
        else in_image_.insert(name);
    }

    void walk() {
        visits_.push_back({target_->content.name, false});
        in_image_.insert(target_->content.name);
        walk_requires("");
        walk_needs("");
        while (!visits_.empty()) {
            const auto [name, instance] = visits_.front();
            visits_.pop_front();
            const std::string component = instance ? component_of(name) : name;
            if (visited_.insert(component).second) {
                std::vector<std::string> versions;
                for (const entry* one : all_.at(component)) versions.push_back(one->content.id.text());
                choose(versions, [&](const solution& s) { return version_in(s, component); });
                const recipe& content = found_.front().chosen.at(component)->content;
                for (const auto& option : content.options)
                    if (asked_options(content).contains(option.name))
                        choose(values_of(content, option),
                               [&](const solution& s) { return s.options.at(component).at(option.name); });
                walk_requires(component);
            }
            if (instance) walk_needs(name);
        }
        for (const auto& [name, versions] : all_) {
            if (!found_.front().signatures.contains(name)) continue;
            std::vector<std::string> order;
            for (const entry* one : versions) order.push_back(one->content.id.text());
            choose(order, [&](const solution& s) {
                return s.signatures.contains(name) ? s.signatures.at(name)->content.id.text() : "(absent)";
            });
        }
    }

    void walk_requires(const std::string& owner) {
        const recipe content = of(found_.front(), owner);
        for (const auto& one : content.requires_) {
            if (!holds(found_.front(), one.when, owner)) continue;
            std::string chosen = one.choices.front().component.name;
            if (one.choices.size() > 1) {
                std::vector<std::string> order;
                for (const bool already : {true, false}) {
                    for (const auto& choice : one.choices) {
                        const std::string& name = choice.component.name;
                        const bool is =
                            is_image(name)
                                ? wired_.contains(name)
                                : in_image_.contains(name) &&
                                      (!visited_.contains(name) ||
                                       choice.component.versions.matches(found_.front().chosen.at(name)->content.id));
                        if (is == already) order.push_back(name);
                    }
                }
                const std::string at = alternative(owner.empty() ? manifest_.name : owner, one);
                chosen = choose(order, [&](const solution& s) { return value(s.alternatives, at); });
            }
            if (!is_image(chosen)) {
                reach(chosen, false);
                continue;
            }
            wired_.insert(chosen);
            reach(choose_filler(chosen, chosen, true), false);
        }
    }

    void walk_needs(const std::string& owner) {
        const std::string component = component_of(owner);
        const recipe content = of(found_.front(), component);
        for (const auto& need : content.needs) {
            if (!holds(found_.front(), need.when, component)) continue;
            const std::string filler =
                choose_filler(owner.empty() ? need.label : owner + "/" + need.label, need.signature.name, false);
            if (!filler.empty()) reach(filler, true);
        }
    }

    std::string choose_filler(const std::string& hole, const std::string& signature, bool image) {
        std::set<std::tuple<bool, std::size_t, std::string>> order;
        const auto& prefers = target_->content.target->prefers;
        for (const solution& s : found_) {
            const std::string name = value(s.wiring, hole);
            const bool first =
                image ? in_image_.contains(name) : reached_.contains("@" + name) || by_manifest_.contains(name);
            std::size_t rank = 0;
            while (rank < prefers.size() && (prefers[rank].first.name != signature || prefers[rank].second != name))
                ++rank;
            order.emplace(!first, rank, name);
        }
        std::vector<std::string> names;
        for (const auto& [first, rank, name] : order) names.push_back(name);
        return choose(names, [&](const solution& s) { return value(s.wiring, hole); });
    }

    std::string lines(const solution& s) const {
        std::map<std::string, texts> values;
        (void)set_values(s, values);
        std::string text;
        for (const auto& [name, one] : s.chosen) {
            text += fmt::format("{} {}", name, one->content.id.text());
            for (const auto& [option, v] : values[name]) text += fmt::format(" {}={}", option, v);
            text += "\n";
        }
        for (const auto& [name, one] : s.signatures) text += fmt::format(":{} {}\n", name, one->content.id.text());
        for (const auto& [hole, filler] : s.wiring)
            text += fmt::format("{} = {}\n", hole, filler.empty() ? "-" : filler);
        for (const auto& [at, chosen] : s.alternatives) text += fmt::format("{} = {}\n", at, chosen);
        return text;
    }

    std::deque<std::pair<std::string, bool>> visits_;
    std::set<std::string> reached_, in_image_, visited_, wired_;
};

} // namespace

brute_answer brute_force(const request& what, std::size_t most) { return brute{what, most}.run(); }

} // namespace uk::resolver::testing
