#include "resolver/print.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::resolver::facts {

using base::fail;
using base::result;
using base::status;

namespace {

class printer {
  public:
    explicit printer(const universe& all) : all_{all} {}

    result<std::string> print() {
        for (const auto& [name, versions] : all_.signatures)
            for (const signature& one : versions) add(one);
        for (const auto& [name, versions] : all_.components)
            for (const component& one : versions) add(one);
        for (const auto& [name, one] : all_.targets) add(one);
        for (const request& one : all_.requests) add(one);
        if (wrong_) return *std::move(wrong_);
        return std::move(text_);
    }

  private:
    // A value of the request or of a recipe, which may hold anything.
    const std::string& plain(const std::string& value, std::string_view never, int line) {
        if (!wrong_ && value.find_first_of(never) != std::string::npos)
            wrong_ = fail(status::failed, all_.place_of(line), "`{}` can't be written in a universe", value);
        return value;
    }

    std::string when(const registry::condition& of, int line) {
        return of.always() ? "" : fmt::format("when {}: ", plain(of.text(), "#:\r\n", line));
    }

    std::string choice_text(const choice& one, int line) {
        std::string text = one.name + " " + one.versions.text();
        for (const auto& [option, value] : one.options)
            text += fmt::format("{}{} = {}", option == one.options.front().first ? " {" : ", ", option,
                                plain(value, "#{},=|\r\n", line));
        return one.options.empty() ? text : text + "}";
    }

    void add(std::string_view verb, const require& one) {
        std::string text;
        for (const choice& each : one.choices) text += (text.empty() ? "" : " | ") + choice_text(each, one.line);
        text_ += fmt::format("  {}{} {}\n", when(one.when, one.line), verb, text);
    }

    void add(const need& one) {
        text_ += fmt::format("  {}needs {}: {}{}\n", when(one.when, one.line), one.label,
                             choice_text(one.signature, one.line), one.optional ? " optional" : "");
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
        for (const registry::declaration& each : one.options) add(each, one.line);
        for (const provide& each : one.provides)
            text_ +=
                fmt::format("  {}provides {} {}\n", when(each.when, each.line), each.signature, each.version.text());
        for (const require& each : one.requires_) add("requires", each);
        for (const need& each : one.needs) add(each);
        for (const require& each : one.over) add("over", each);
        for (const require& each : one.conflicts) add("conflicts", each);
        for (const setting& each : one.settings) text_ += fmt::format("  setting {}\n", each.name);
        if (one.singleton) text_ += "  singleton\n";
        for (const absence& each : one.absent) text_ += fmt::format("  {}absent\n", when(each.when, each.line));
    }

    void add(const registry::declaration& one, int line) {
        std::string more;
        if (one.type == registry::value_type::choice) more = " " + base::join(one.choices, " ");
        else if (one.least && one.most)
            more = fmt::format(" {}..{}", registry::value_text(one.type, *one.least),
                               registry::value_text(one.type, *one.most));
        const std::string normal = registry::value_text(one.type, *one.fallback);
        text_ += fmt::format("  option {}: {}{} = {}\n", one.name, registry::type_name(one.type), more,
                             plain(normal, "#=\r\n", line));
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
        for (const equation& each : one.sets)
            text_ += fmt::format("  set {} = {}\n", each.left, plain(each.right, "#=\r\n", each.line));
        for (const require& each : one.conflicts) add("forbid", each);
        for (const locked& each : one.lock)
            text_ += fmt::format("  locked {}{}{}\n", each.left, each.kind == locked::type::component ? " " : " = ",
                                 each.right);
        if (!one.update.empty()) text_ += fmt::format("  update {}\n", base::join(one.update, " "));
        if (one.minimal_versions) text_ += "  minimal-versions\n";
    }

    const universe& all_;
    std::string text_;
    std::optional<base::error> wrong_;
};

} // namespace

result<std::string> print_universe(const universe& all) { return printer{all}.print(); }

} // namespace uk::resolver::facts
