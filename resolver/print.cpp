#include "resolver/print.hpp"

#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::resolver::facts {

namespace {

class printer {
  public:
    explicit printer(const universe& all) : all_{all} {}

    std::string print() {
        for (const auto& [name, versions] : all_.signatures)
            for (const signature& one : versions) add(one);
        for (const auto& [name, versions] : all_.components)
            for (const component& one : versions) add(one);
        for (const auto& [name, one] : all_.targets) add(one);
        for (const request& one : all_.requests) add(one);
        return std::move(text_);
    }

  private:
    // A value of the request or of a recipe, which may hold anything. What the text form has a use for is written as %XX; that is
    // another value, but a different one for each.
    static std::string plain(const std::string& value) {
        const auto is_plain = [&](std::size_t at) {
            const auto c = static_cast<unsigned char>(value[at]);
            if (c == '%') return !is_escape(value, at);
            if (c == ' ') return at > 0 && at + 1 < value.size();
            return c > ' ' && std::string_view{"#{},=|"}.find(value[at]) == std::string_view::npos;
        };
        std::string text;
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (is_plain(i)) text += value[i];
            else text += fmt::format("%{:02X}", static_cast<unsigned char>(value[i]));
        }
        return text;
    }

    static bool is_escape(const std::string& value, std::size_t at) {
        const auto is_digit = [&](std::size_t i) {
            return i < value.size() && std::isxdigit(static_cast<unsigned char>(value[i]));
        };
        return is_digit(at + 1) && is_digit(at + 2);
    }

    static std::string when(const registry::condition& of) {
        return of.always() ? "" : fmt::format("when {}: ", of.text());
    }

    static std::string choice_text(const choice& one) {
        std::string text = one.name + " " + one.versions.text();
        for (const auto& [option, value] : one.options)
            text += fmt::format("{}{} = {}", option == one.options.front().first ? " {" : ", ", option, plain(value));
        return one.options.empty() ? text : text + "}";
    }

    void add(std::string_view verb, const require& one) {
        std::string text;
        for (const choice& each : one.choices) text += (text.empty() ? "" : " | ") + choice_text(each);
        text_ += fmt::format("  {}{} {}\n", when(one.when), verb, text);
    }

    void add(const need& one) {
        text_ += fmt::format("  {}needs {}: {}{}\n", when(one.when), one.label, choice_text(one.signature),
                             one.optional ? " optional" : "");
    }

    void add(std::string_view verb, const named_instance& one) {
        text_ += fmt::format("  {} {} = {}{}{}\n", verb, one.name, one.component, one.told.empty() ? "" : " with ",
                             base::join(one.told, " "));
    }

    void add(const signature& one) {
        text_ += fmt::format("signature {} {}{}{}\n", one.name, one.id.text(), one.image_scope ? " scope image" : "",
                             one.exclusive ? " exclusive" : "");
        for (const require& each : one.requires_) add("requires", each);
    }

    void add(const component& one) {
        text_ += fmt::format("component {} {}{}\n", one.name, one.id.text(), one.yanked ? " yanked" : "");
        for (const registry::declaration& each : one.options) add(each);
        for (const provide& each : one.provides)
            text_ += fmt::format("  {}provides {} {}\n", when(each.when), each.signature, each.version.text());
        for (const require& each : one.requires_) add("requires", each);
        for (const need& each : one.needs) add(each);
        for (const require& each : one.over) add("over", each);
        for (const require& each : one.conflicts) add("conflicts", each);
        for (const setting& each : one.settings) text_ += fmt::format("  setting {}\n", each.name);
        if (one.singleton) text_ += "  singleton\n";
        for (const absence& each : one.absent) text_ += fmt::format("  {}absent\n", when(each.when));
    }

    void add(const registry::declaration& one) {
        std::string more;
        if (one.type == registry::value_type::choice) more = " " + base::join(one.choices, " ");
        else if (one.least && one.most)
            more = fmt::format(" {}..{}", registry::value_text(one.type, *one.least),
                               registry::value_text(one.type, *one.most));
        const std::string normal = registry::value_text(one.type, *one.fallback);
        text_ += fmt::format("  option {}: {}{} = {}\n", one.name, registry::type_name(one.type), more, plain(normal));
    }

    void add(const target& one) {
        text_ += fmt::format("target {} arch={} family={}\n", one.name, one.architecture, one.family);
        for (const require& each : one.requires_) add("requires", each);
        for (const named_instance& each : one.devices) add("device", each);
        for (const equation& each : one.prefers) text_ += fmt::format("  prefers {}: {}\n", each.left, each.right);
    }

    void add(const request& one) {
        text_ += fmt::format("request {} profile={}\n", one.target, one.profile);
        for (const require& each : one.requires_) add("requires", each);
        for (const need& each : one.needs) add(each);
        for (const require& each : one.over) add("over", each);
        for (const named_instance& each : one.instances) add("instance", each);
        for (const equation& each : one.uses) text_ += fmt::format("  use {} = {}\n", each.left, each.right);
        for (const equation& each : one.same) text_ += fmt::format("  same {} = {}\n", each.left, each.right);
        for (const equation& each : one.sets) text_ += fmt::format("  set {} = {}\n", each.left, plain(each.right));
        for (const require& each : one.conflicts) add("forbid", each);
        for (const locked& each : one.lock)
            text_ += fmt::format("  locked {}{}{}\n", each.left, each.kind == locked::type::component ? " " : " = ",
                                 each.right);
        if (!one.update.empty()) text_ += fmt::format("  update {}\n", base::join(one.update, " "));
        if (one.minimal_versions) text_ += "  minimal-versions\n";
    }

    const universe& all_;
    std::string text_;
};

} // namespace

std::string print_universe(const universe& all) { return printer{all}.print(); }

} // namespace uk::resolver::facts
