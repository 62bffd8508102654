#include "cli/complete.hpp"

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/workspace.hpp"
#include "cli/session.hpp"
#include "registry/index.hpp"
#include "registry/recipe.hpp"
#include "resolver/lock.hpp"

namespace uk::cli {

namespace {

namespace fs = std::filesystem;

// As typed, with quotes that may still be open and backslashes.
std::string unquoted(const std::string& word) {
    std::string plain;
    char open = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        if (open == 0 && (c == '\'' || c == '"')) open = c;
        else if (c == open) open = 0;
        else if (c == '\\' && open != '\'' && i + 1 < word.size()) plain += word[++i];
        else plain += c;
    }
    return plain;
}

bool takes_value(const CLI::Option& one) { return one.get_items_expected_max() > 0; }

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* one) { return one->nonpositional() && !one->get_group().empty(); });
}

const CLI::Option* positional(const CLI::App& app, std::size_t number) {
    const auto all = app.get_options([](const CLI::Option* one) { return one->get_positional(); });
    if (all.empty()) return nullptr;
    const CLI::Option* const one = all[std::min(number, all.size() - 1)];
    return number < all.size() || one->get_items_expected_max() > 1 ? one : nullptr;
}

class completion {
  public:
    completion(const CLI::App& app, const context& how) : app_{app}, verb_{&app}, folder_{how.folder}, how_{how} {}

    std::string run(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i + 1 < words.size(); ++i) pass(words[i]);
        const std::string last = words.empty() ? "" : words.back();
        const auto equals = last.find('=');
        if (waiting_) {
            values(*waiting_, last, "");
        } else if (!behind_ && last.starts_with("--") && equals != last.npos) {
            if (const CLI::Option* one = find(last.substr(0, equals)))
                values(*one, last.substr(equals + 1), last.substr(0, equals + 1));
        } else if (!behind_ && last.starts_with("-")) {
            names(last);
        } else if (verb_ == &app_) {
            verbs(last);
        } else if (const CLI::Option* one = positional(*verb_, count_); one && (behind_ || !is_parameter(*one))) {
            values(*one, last, "");
        }
        return text_;
    }

  private:
    static bool is_parameter(const CLI::Option& one) { return one.get_type_name() == "PARAMETER"; }

    void pass(const std::string& word) {
        if (waiting_) {
            if (waiting_->get_snames() == std::vector<std::string>{"C"}) folder_ = word;
            if (waiting_->get_type_name() == "APPLICATION") enter(word);
            waiting_ = nullptr;
        } else if (behind_ || !word.starts_with("-") || word == "-") {
            const CLI::App* const chosen = verb_ == &app_ ? verb_named(word) : nullptr;
            if (chosen) verb_ = chosen;
            else ++count_;
        } else if (word == "--") {
            behind_ = true;
        } else if (const CLI::Option* one = find(word.starts_with("--") ? word : word.substr(0, 2));
                   one && takes_value(*one) && (word.starts_with("--") || word.size() == 2)) {
            waiting_ = one;
        }
    }

    const CLI::App* verb_named(const std::string& name) const {
        const auto found = app_.get_subcommands([&](const CLI::App* one) { return one->get_name() == name; });
        return found.empty() ? nullptr : found.front();
    }

    const CLI::Option* find(const std::string& name) const {
        for (const CLI::App* const app : {verb_, &app_}) {
            for (const CLI::Option* const one : options_of(*app)) {
                if (one->check_name(name)) return one;
            }
        }
        return nullptr;
    }

    void offer(const std::string& candidate, std::string_view typed, const std::string& description = "") {
        if (!candidate.starts_with(typed) || !offered_.insert(candidate).second) return;
        text_ += candidate + (description.empty() ? "" : "\t" + description) + "\n";
    }

    void verbs(const std::string& typed) {
        for (const CLI::App* const one : app_.get_subcommands([](const CLI::App*) { return true; }))
            offer(one->get_name(), typed, one->get_description());
    }

    void names(const std::string& typed) {
        for (const CLI::App* const app : {verb_, &app_}) {
            for (const CLI::Option* const one : options_of(*app)) {
                for (const std::string& name : one->get_lnames()) offer("--" + name, typed, one->get_description());
                if (!one->get_lnames().empty() && typed.size() < 2) continue;
                for (const std::string& name : one->get_snames()) offer("-" + name, typed, one->get_description());
            }
        }
    }

    void values(const CLI::Option& of, const std::string& typed, const std::string& before) {
        const std::string type = of.get_type_name();
        const auto each = [&](const std::vector<std::string>& all) {
            for (const std::string& one : all) offer(before + one, before + typed);
        };
        if (type == "VARIANT") each(variants());
        else if (type == "APPLICATION") each(applications());
        else if (type == "MACHINE") each(machines());
        else if (type == "TEMPLATE") each(templates());
        else if (type == "COMPONENT") each(locked());
        else if (type == "PARAMETER") each(parameters());
        else if (type == "ACTION") each(actions());
        else if (type == "VERB") verbs(typed);
        else if (type == "DIR") text_ += ":folders\n";
        else if (type == "FILE" || type == "IMAGE") text_ += ":files\n";
        // A closed set of values stands in the type: `FORMAT:{text,dot,svg}`.
        const auto open = type.find(":{"), close = type.rfind('}');
        if (open == type.npos || close == type.npos) return;
        for (const std::string_view one : base::split(std::string_view{type}.substr(open + 2, close - open - 2), ','))
            offer(before + std::string{one}, before + typed);
    }

    std::optional<registry::recipe> manifest() const {
        const auto text = base::read_file(folder_ / "uk.yaml");
        if (!text) return {};
        auto read = registry::parse_manifest(*text, "uk.yaml");
        return read ? std::optional{*std::move(read)} : std::nullopt;
    }
    std::vector<std::string> variants() const {
        std::vector<std::string> names;
        if (const auto read = manifest())
            std::ranges::transform(read->variants, std::back_inserter(names), &registry::variant::name);
        return names;
    }
    std::optional<build::workspace> workspace() const {
        auto found = build::find_workspace(folder_);
        return found ? *std::move(found) : std::nullopt;
    }
    std::vector<std::string> applications() const {
        std::vector<std::string> names;
        if (const auto around = workspace())
            for (const auto& [name, unused] : around->applications) names.push_back(name);
        return names;
    }
    void enter(const std::string& application) {
        const auto around = workspace();
        if (around && around->applications.contains(application)) folder_ = around->applications.at(application).folder;
    }
    std::vector<std::string> parameters() const {
        std::vector<std::string> names;
        if (const auto read = manifest()) {
            for (const auto& one : read->parameters) names.push_back("--" + one.name + "=");
        }
        return names;
    }
    // What they are called in every variant; nothing is fetched or written for it.
    std::vector<std::string> actions() const {
        context here = how_;
        here.folder = folder_;
        here.terminal = false;
        const auto home = here.home();
        if (!home) return {};
        auto store = build::store::open(*home);
        if (!store) return {};
        const auto opened = session::open(here, *store, {.locked = true, .offline = true});
        if (!opened) return {};
        const auto plan = opened->plan_of({});
        if (!plan) return {};
        std::vector<std::string> labels;
        std::ranges::transform(plan->actions, std::back_inserter(labels), &build::action::label);
        return labels;
    }
    std::vector<std::string> machines() const {
        std::vector<std::string> names;
        each_component([&](const registry::recipe& one) {
            if (one.target) names.insert(names.end(), one.target->machines.begin(), one.target->machines.end());
        });
        return names;
    }
    std::vector<std::string> templates() const {
        std::vector<std::string> names;
        constexpr std::string_view prefix = "template-";
        each_component([&](const registry::recipe& one) {
            if (one.name.starts_with(prefix)) names.push_back(one.name.substr(prefix.size()));
        });
        return names;
    }
    template <class Function>
    void each_component(Function function) const {
        const auto data = how_.data_folder();
        if (!data) return;
        const auto all = registry::index::open(*data);
        if (!all) return;
        for (const std::string& name : all->names()) {
            const auto found = all->find(name, *all->newest(name));
            if (found) function((*found)->content);
        }
    }
    std::vector<std::string> locked() const {
        std::set<std::string> names;
        const auto text = base::read_file(folder_ / "uk.lock");
        if (!text) return {};
        const auto read = resolver::parse_lock(*text, "uk.lock");
        if (!read) return {};
        for (const auto& one : read->components) names.insert(one.name);
        for (const auto& one : read->variants) {
            for (const auto& [signature, version] : one.signatures) names.insert(signature);
        }
        return {names.begin(), names.end()};
    }

    const CLI::App& app_;
    const CLI::App* verb_;
    fs::path folder_;
    const context& how_;
    const CLI::Option* waiting_ = nullptr; ///< for its value
    bool behind_ = false;                  ///< `--`
    std::size_t count_ = 0;                ///< of positional words passed
    std::set<std::string> offered_;
    std::string text_;
};

} // namespace

std::string complete(const CLI::App& app, const context& how, const std::vector<std::string>& words) {
    std::vector<std::string> plain;
    std::ranges::transform(words, std::back_inserter(plain), unquoted);
    return completion{app, how}.run(plain);
}

} // namespace uk::cli
