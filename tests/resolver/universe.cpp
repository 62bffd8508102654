#include "tests/resolver/universe.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"
#include "resolver/universe.hpp"

namespace uk::resolver::testing {

namespace {

using words = std::vector<std::string>;

words split_words(const std::string& line) {
    std::istringstream in{line};
    words all;
    for (std::string one; in >> one;) all.push_back(one);
    return all;
}

std::string join_from(const words& all, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < all.size(); ++i) text += (i > from ? " " : "") + all[i];
    return text.empty() ? "*" : text;
}

// What is collected under one head line.
struct block {
    std::string kind, name, version, head;
    std::vector<std::string> lines;
};

class reader {
  public:
    universe read(std::string_view text) {
        for (const std::string_view raw : base::split(text, '\n')) {
            const std::string line{raw.substr(0, raw.find('#'))};
            const words w = split_words(line);
            if (w.empty()) continue;
            if (w[0] == "signature" || w[0] == "component") blocks_.push_back({w[0], w.at(1), w.at(2), line, {}});
            else if (w[0] == "target" || w[0] == "request") blocks_.push_back({w[0], w.at(1), "1.0.0", line, {}});
            else if (blocks_.empty()) throw std::runtime_error{"a fact without a block: " + line};
            else blocks_.back().lines.push_back(join_from(w, 0));
        }
        for (const block& one : blocks_) {
            if (one.kind == "signature") {
                declared_.insert(one.name);
                if (one.head.find("scope image") != std::string::npos) image_.insert(one.name);
            }
        }
        for (const block& one : blocks_) {
            if (one.kind == "request") request_of(one);
            else recipe_of(one);
        }
        for (const auto& [name, version] : provided_) {
            if (!declared_.contains(name))
                add(name, version + ".0", signature_yaml({"signature", name, version, "", {}}));
        }
        return std::move(made_);
    }

  private:
    std::string signature_yaml(const block& b) const {
        std::string text = fmt::format("name: {}\nversion: {}.0\nkind: signature\n", b.name, b.version);
        if (image_.contains(b.name)) text += "scope: image\n";
        else text += "concept: {name: c::C, header: c.hpp}\narchetype: {class: c::a, header: a.hpp}\n";
        if (b.head.find("exclusive") != std::string::npos) text += "exclusive: true\n";
        return text;
    }

    // `a ^1 | b >=2 {o = true}` as one entry of a list.
    static std::string require_yaml(const std::string& text, const std::string& when) {
        std::vector<std::string> choices;
        for (const std::string_view part : base::split(text, '|')) {
            std::string one{base::trim(part)};
            std::string options;
            if (const auto brace = one.find('{'); brace != std::string::npos) {
                options = one.substr(brace + 1, one.find('}') - brace - 1);
                one = base::trim(one.substr(0, brace));
                for (char& c : options) c = c == '=' ? ':' : c;
            }
            const words w = split_words(one);
            choices.push_back(options.empty() ? fmt::format("{}: \"{}\"", w.at(0), join_from(w, 1))
                                              : fmt::format("{}: {{version: \"{}\", options: {{{}}}}}", w.at(0),
                                                            join_from(w, 1), options));
        }
        const std::string tail = when.empty() ? "" : fmt::format(", when: {}", when);
        if (choices.size() == 1) return fmt::format("  - {{{}{}}}\n", choices[0], tail);
        return fmt::format("  - {{any: {{{}}}{}}}\n", base::join(choices, ", "), tail);
    }

    struct parts {
        std::string requires_, conflicts, needs, implements, options, instances, prefers, use, same, set, absent, over;
        bool singleton = false;
    };

    void fact(parts& p, std::string line) {
        std::string when;
        if (line.starts_with("when ")) {
            const auto colon = line.find(": ");
            when = line.substr(5, colon - 5);
            line = line.substr(colon + 2);
        }
        const words w = split_words(line);
        const std::string& verb = w.at(0);
        const auto after_equals = [&] { return std::string{base::trim(line.substr(line.find('=') + 1))}; };
        const std::string when_field = when.empty() ? "" : fmt::format(", when: {}", when);
        if (verb == "absent") p.absent += fmt::format("{}not ({})", p.absent.empty() ? "" : " and ", when);
        else if (verb == "requires") p.requires_ += require_yaml(join_from(w, 1), when);
        else if (verb == "over") p.over += fmt::format("  - {}: \"{}\"\n", w.at(1), join_from(w, 2));
        else if (verb == "conflicts" || verb == "forbid") p.conflicts += require_yaml(join_from(w, 1), when);
        else if (verb == "singleton") p.singleton = true;
        else if (verb == "provides") {
            provided_.emplace(w.at(1), w.at(2));
            if (!image_.contains(w[1]))
                p.implements += fmt::format("  {} {}: {{class: c::c, header: c.hpp{}}}\n", w[1], w.at(2), when_field);
            else if (when.empty()) p.implements += fmt::format("  {} {}:\n", w[1], w.at(2));
            else p.implements += fmt::format("  {} {}: {{when: {}}}\n", w[1], w.at(2), when);
        } else if (verb == "needs") {
            words rest{w.begin() + 2, w.end()};
            const bool optional = rest.back() == "optional";
            if (optional) rest.pop_back();
            p.needs += fmt::format("  {} {{signature: \"{}\"{}{}}}\n", w.at(1), base::join(rest, " "),
                                   optional ? ", optional: true" : "", when_field);
        } else if (verb == "option") {
            const std::string& type = w.at(2);
            const auto equals = std::ranges::find(w, "=");
            std::string more;
            if (type == "enum") more = fmt::format(", choices: [{}]", base::join(words{w.begin() + 3, equals}, ", "));
            p.options += fmt::format("  {} {{type: {}, default: {}{}}}\n", w.at(1), type, after_equals(), more);
        } else if (verb == "device" || verb == "instance")
            p.instances += fmt::format("  {}: {{use: {}}}\n", w.at(1), after_equals());
        else if (verb == "prefers") p.prefers += fmt::format("  {} {}\n", w.at(1), w.at(2));
        else if (verb == "use") p.use += fmt::format("      {}: {}\n", w.at(1), after_equals());
        else if (verb == "same") p.same += fmt::format("      {}: {}\n", w.at(1), after_equals());
        else if (verb == "set") p.set += fmt::format("      {}: {}\n", w.at(1), after_equals());
        else throw std::runtime_error{"unknown fact: " + line};
    }

    static std::string section(const char* name, const std::string& content) {
        return content.empty() ? "" : fmt::format("{}:\n{}", name, content);
    }

    static std::string common(const parts& p) {
        return section("requires", p.requires_) + section("conflicts", p.conflicts) + section("needs", p.needs) +
               section("over", p.over);
    }

    void recipe_of(const block& b) {
        if (b.kind == "signature") {
            parts p;
            for (const std::string& line : b.lines) fact(p, line);
            return add(b.name, b.version + ".0", signature_yaml(b) + common(p));
        }
        parts p;
        for (const std::string& line : b.lines) fact(p, line);
        std::string plain = b.version;
        std::string revision;
        if (const auto at = b.version.find("-r"); at != std::string::npos)
            plain = b.version.substr(0, at), revision = b.version.substr(at + 2);
        std::string text = fmt::format("name: {}\nversion: {}\nkind: {}\n", b.name, plain, b.kind);
        if (!revision.empty()) text += fmt::format("revision: {}\n", revision);
        if (p.singleton) text += "singleton: true\n";
        if (!p.absent.empty()) text += fmt::format("when: {}\n", p.absent);
        if (b.kind == "target") {
            std::string arch = "x86_64", family = "unikernel";
            for (const std::string& word : split_words(b.head)) {
                if (word.starts_with("family=")) family = word.substr(7);
            }
            text += fmt::format("arch: {}\nfamily: {}\npackage: [elf]\n", arch, family);
            text += section("devices", p.instances) + section("prefers", p.prefers);
        }
        text += section("options", p.options) + section("implements", p.implements) + common(p);
        add(b.name, b.version, text);
    }

    void request_of(const block& b) {
        asked a;
        parts p;
        locked_variant v;
        v.name = v.target = b.name;
        for (const std::string& line : b.lines) {
            const words w = split_words(line);
            if (w[0] == "update") {
                a.update.insert(a.update.end(), w.begin() + 1, w.end());
            } else if (w[0] == "locked") {
                a.has_lock = true;
                const auto equals = line.find(" = ");
                if (equals == std::string::npos) v.components[w.at(1)] = w.at(2);
                else if (line.find(": ") != std::string::npos)
                    v.alternatives[line.substr(7, equals - 7)] = line.substr(equals + 3);
                else v.wiring[line.substr(7, equals - 7)] = line.substr(equals + 3);
            } else {
                fact(p, line);
            }
        }
        a.locked.variants.push_back(v);
        a.yaml = "name: app\n" + common(p) + fmt::format("targets:\n  {}:\n    profile: speed\n", b.name);
        const auto indented = [](const char* name, const std::string& content) {
            return content.empty() ? "" : fmt::format("    {}:\n{}", name, content);
        };
        std::string instances;
        for (const std::string_view line : base::split(p.instances, '\n')) {
            if (!line.empty()) instances += fmt::format("    {}\n", line);
        }
        a.yaml += indented("instances", instances) + indented("use", p.use) + indented("same", p.same) +
                  indented("set", p.set);
        made_.requests.push_back(std::move(a));
    }

    void add(const std::string& name, const std::string& version, const std::string& yaml) {
        made_.recipes.emplace_back(fmt::format("recipes/{}/{}/recipe.yaml", name, version), yaml);
    }

    std::vector<block> blocks_;
    std::set<std::string> image_, declared_;
    std::set<std::pair<std::string, std::string>> provided_;
    universe made_;
};

} // namespace

universe::~universe() {
    index.clear();
    std::error_code ignored;
    if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
}

request universe::question(std::size_t number) const {
    const asked& a = requests.at(number);
    return {.manifest = &a.manifest,
            .components = &index.front(),
            .variant = &a.manifest.variants.front(),
            .locked = a.has_lock ? &a.locked : nullptr,
            .update = a.update};
}

universe read_universe(std::string_view text) {
    namespace fs = std::filesystem;
    universe u = reader{}.read(text);
    // In memory where there is such a folder: thousands of small files.
    const fs::path parent = fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
    std::string name = (parent / "uk-universe-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
    u.folder = name;
    std::ofstream{u.folder / "registry.yaml"} << "format: 1\nname: test\n";
    for (const auto& [path, yaml] : u.recipes) {
        fs::create_directories((u.folder / path).parent_path());
        std::ofstream{u.folder / path} << yaml;
    }
    auto index = registry::index::open(u.folder);
    if (!index) throw std::runtime_error{base::render(index.error(), false)};
    u.index.push_back(*std::move(index));
    for (const std::string& one : u.index.front().names()) {
        for (const registry::version& id : u.index.front().versions(one)) {
            if (const auto read = u.index.front().find(one, id); !read)
                throw std::runtime_error{base::render(read.error(), false)};
        }
    }
    for (asked& a : u.requests) {
        auto manifest = registry::parse_manifest(a.yaml, "uk.yaml");
        if (!manifest) throw std::runtime_error{base::render(manifest.error(), false)};
        a.manifest = *std::move(manifest);
    }
    return u;
}

bool repeats_an_alternative(std::string_view text) {
    const facts::universe u = *facts::parse_universe(text, "universe");
    const auto repeats = [](const std::vector<facts::require>& lines) {
        std::set<std::string> seen;
        return std::ranges::any_of(lines, [&](const facts::require& one) {
            std::string names;
            for (const facts::choice& each : one.choices) names += each.name + " ";
            return one.choices.size() > 1 && !seen.insert(names).second;
        });
    };
    for (const auto& [name, versions] : u.components)
        if (std::ranges::any_of(versions, [&](const facts::component& one) { return repeats(one.requires_); }))
            return true;
    return repeats(u.requests[0].requires_);
}

std::string lines_of(const resolution& answer) {
    std::string text;
    for (const chosen_component& one : answer.components) {
        text += fmt::format("{} {}", one.name, one.id.text());
        for (const auto& [name, value] : one.options) text += fmt::format(" {}={}", name, value);
        text += "\n";
    }
    for (const chosen_signature& one : answer.signatures) text += fmt::format(":{} {}\n", one.name, one.id.text());
    for (const auto& [hole, instance] : answer.wiring)
        text += fmt::format("{} = {}\n", hole, instance.empty() ? "-" : instance);
    for (const auto& [at, chosen] : answer.alternatives) text += fmt::format("{} = {}\n", at, chosen);
    return text;
}

} // namespace uk::resolver::testing
