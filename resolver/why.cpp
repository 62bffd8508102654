// resolver.hpp's `why`: the shortest chain from the manifest to something in the image, and what else it could have been.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "base/text.hpp"
#include "resolver/resolver.hpp"

namespace uk::resolver {

using base::fail;
using base::result;
using base::status;

namespace {

// Components, instances and signatures of the image, and who asks for whom, as sentences.
struct edge {
    std::string from, to; ///< "" is the manifest; instances begin with `@`, signatures with `:`
    std::string sentence;
};

std::string at(const base::place& where) { return where.file.empty() ? "" : fmt::format("   {}", where.text()); }

class picture {
  public:
    picture(const request& what, const resolution& answer) : what_{what}, answer_{answer} {
        const registry::recipe& manifest = *what.manifest;
        add_recipe("", fmt::format("`{}`", manifest.name), manifest);
        add("", answer.target,
            fmt::format("the variant `{}` is built for the target `{}`{}", what.variant->name, answer.target,
                        at(what.variant->where)));
        for (const registry::need& need : manifest.needs)
            add_need("", fmt::format("`{}`", manifest.name), need, need.label);
        for (const chosen_component& one : answer.components) add_recipe(one.name, title(one), one.entry->content);
        for (const chosen_signature& one : answer.signatures)
            add_recipe(":" + one.name, fmt::format("`{} {}`", one.name, one.id.text_short()), one.entry->content);
        for (const chosen_instance& one : answer.instances) {
            const chosen_component& component = *answer.component(one.component);
            add("@" + one.name, one.component,
                one.name == one.component ? ""
                                          : fmt::format("the instance `{}` is one of {}", one.name, title(component)));
            for (const registry::need& need : component.entry->content.needs)
                add_need("@" + one.name, fmt::format("`{}`", one.name), need, one.name + "/" + need.label);
        }
    }

    // Breadth first: the chain of sentences to `goal`, none if it isn't there.
    std::optional<std::vector<std::string>> chain_to(const std::string& goal) const {
        std::map<std::string, const edge*> came;
        std::deque<std::string> queue{""};
        while (!queue.empty()) {
            const std::string here = queue.front();
            queue.pop_front();
            if (here == goal) {
                std::vector<std::string> chain;
                for (std::string at = here; !at.empty(); at = came[at]->from) {
                    if (!came[at]->sentence.empty()) chain.insert(chain.begin(), came[at]->sentence);
                }
                return chain;
            }
            for (const edge& one : edges_) {
                if (one.from != here || one.to.empty() || came.contains(one.to)) continue;
                came[one.to] = &one;
                queue.push_back(one.to);
            }
        }
        return std::nullopt;
    }

  private:
    static std::string title(const chosen_component& one) { return fmt::format("`{} {}`", one.name, one.id.text()); }

    void add(std::string from, std::string to, std::string sentence) {
        edges_.push_back({std::move(from), std::move(to), std::move(sentence)});
    }

    void add_recipe(const std::string& from, const std::string& who, const registry::recipe& content) {
        for (const registry::require& one : content.requires_) {
            for (const auto& choice : one.choices) {
                const std::string& name = choice.component.name;
                const std::string wants =
                    fmt::format("{} requires `{} {}`", who, name, choice.component.versions.text());
                if (const auto provider = answer_.image_scope.find(name); provider != answer_.image_scope.end()) {
                    add(from, ":" + name, wants + at(one.where));
                    add(from, provider->second,
                        fmt::format("{}, which `{}` provides{}", wants, provider->second, at(one.where)));
                } else if (answer_.component(name)) {
                    add(from, name, wants + at(one.where));
                }
            }
        }
        for (const registry::dependency& one : content.over)
            add(from, ":" + one.name, fmt::format("{} is generic over `{}`{}", who, one.name, at(one.where)));
        for (const registry::implementation& one : content.implements)
            add(from, ":" + one.signature.name,
                fmt::format("{} implements `{} {}`{}", who, one.signature.name, one.provides.text_short(),
                            at(one.where)));
    }

    void add_need(const std::string& from, const std::string& who, const registry::need& need,
                  const std::string& hole) {
        const auto filler = std::ranges::find(answer_.wiring, hole, &std::pair<std::string, std::string>::first);
        if (filler == answer_.wiring.end() || filler->second.empty()) return;
        const std::string needs =
            fmt::format("{} needs `{}: {} {}`", who, need.label, need.signature.name, need.signature.versions.text());
        add(from, ":" + need.signature.name, needs + at(need.where));
        add(from, "@" + filler->second, fmt::format("{}, which `{}` fills{}", needs, filler->second, at(need.where)));
    }

    const request& what_;
    const resolution& answer_;
    std::vector<edge> edges_;
};

// Others that implement what a component implements here, and why each isn't it.
std::vector<std::string> others(const request& what, const resolution& answer, const chosen_component& mine) {
    std::vector<std::string> lines;
    const registry::target_part& target = *answer.component(answer.target)->entry->content.target;
    for (const registry::implementation& one : mine.entry->content.implements) {
        const std::string& signature = one.signature.name;
        std::vector<base::diagnostic> unread; // said when something can't be resolved
        for (const std::string& name : what.components->implementers(signature, unread)) {
            if (name == mine.name) continue;
            const auto found = what.components->find(name, *what.components->newest(name));
            if (!found) continue;
            const registry::recipe& other = (*found)->content;
            const bool usable = answer.holds(other.when, "", what.variant->profile);
            std::string reason;
            if (answer.component(name)) reason = "is in the image as well, for another need";
            else if (!usable) reason = fmt::format("is only for `{}`", other.when.text());
            else if (std::ranges::any_of(what.manifest->needs, [&](const auto& need) {
                         return need.signature.name == signature && !need.use.empty();
                     }))
                reason = "uk.yaml says otherwise by `use:`";
            else if (std::ranges::any_of(target.prefers,
                                         [&](const auto& prefer) { return prefer.first.name == signature; }))
                reason = fmt::format("the target `{}` prefers another", answer.target);
            else if (std::ranges::any_of(other.settings,
                                         [](const auto& setting) { return !setting.fallback && !setting.optional; }))
                reason = "has to be told settings, so it must be named by `use:`";
            else reason = fmt::format("comes behind `{}` by name", mine.name);
            lines.push_back(fmt::format("`{} {}` for `{}`: {}", name, other.id.text(), signature, reason));
        }
    }
    const auto versions = what.components->versions(mine.name);
    for (const registry::version& id : versions) {
        if (id == mine.id) continue;
        const registry::yank* yanked = what.components->yanked(mine.name, id);
        lines.push_back(fmt::format("`{} {}`: {}", mine.name, id.text(),
                                    yanked         ? "is yanked: " + yanked->reason
                                    : id > mine.id ? "the lock or a requirement keeps the older one"
                                                   : "older"));
    }
    return lines;
}

} // namespace

result<because> why(const request& what, const resolution& answer, const std::string& subject) {
    const picture all{what, answer};
    because found;
    std::string goal;
    const chosen_component* component = answer.component(subject);
    if (const chosen_instance* instance = answer.instance(subject)) {
        goal = "@" + subject;
        component = answer.component(instance->component);
        found.subject = fmt::format("the instance `{}` of `{} {}`", subject, component->name, component->id.text());
    } else if (component) {
        goal = subject;
        found.subject = fmt::format("`{} {}`", component->name, component->id.text());
    } else if (const auto signature = std::ranges::find(answer.signatures, subject, &chosen_signature::name);
               signature != answer.signatures.end()) {
        goal = ":" + subject;
        found.subject = fmt::format("the signature `{} {}`", signature->name, signature->id.text_short());
    } else {
        std::vector<std::string> names;
        for (const auto& one : answer.components) names.push_back(one.name);
        for (const auto& one : answer.signatures) names.push_back(one.name);
        for (const auto& one : answer.instances) names.push_back(one.name);
        return fail(status::input, {}, "`{}` isn't in the image{}", subject, base::did_you_mean(subject, names))
            .hint("`uk lock --json` lists what is");
    }
    if (auto chain = all.chain_to(goal)) found.chain = *std::move(chain);
    if (component) found.instead = others(what, answer, *component);
    return found;
}

} // namespace uk::resolver
