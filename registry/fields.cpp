#include "registry/fields.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "registry/names.hpp"

namespace uk::registry {

namespace {

using names = std::string_view;

constexpr names component_names[] = {"format", "name", "version", "revision", "kind", "category", "summary", "license",
                                     "origin", "singleton", "options", "settings", "parameters", "implements", "needs",
                                     "requires", "over", "conflicts", "tools", "when", "build", "headers",
    // signature
                                     "scope", "exclusive", "concept", "archetype", "conformance",
    // target
                                     "arch", "family", "layout", "memory", "devices", "prefers", "package", "run",
    // toolchain
                                     "compiler",
    // application
                                     "sources", "targets", "instances", "set", "stack", "ports", "tests", "registries",
                                     "overrides", "toolchain"};
constexpr names component_later[] = {"extends", "language", "languages"};
constexpr names variant_names[] = {"target", "profile", "memory", "use", "same", "set", "instances", "parameters"};
constexpr names variant_later[] = {"overrides", "options", "settings"};
constexpr names need_names[] = {"signature", "use", "with", "same", "optional", "when"};
constexpr names require_names[] = {"version", "options"};
constexpr names origin_names[] = {"tree", "from", "only", "patches", "into", "folder", "url", "sha256"};
constexpr names origin_later[] = {"git", "path", "crates", "npm", "pypi"};
constexpr names address_names[] = {"url", "sha256", "folder"};
constexpr names step_names[] = {
    "when",           "per",      "language", "files",  "exclude", "include", "define", "standard", "freestanding",
    "interrupt-safe", "warnings", "run",      "inputs", "outputs", "embed",   "as",     "archive",  "members"};
constexpr names include_names[] = {"public", "private"};
constexpr names declaration_names[] = {"type", "default", "optional", "range", "choices", "summary"};
constexpr names concept_names[] = {"name", "header"};
constexpr names archetype_names[] = {"class", "header"};
constexpr names conformance_names[] = {"function", "header"};
constexpr names implementation_names[] = {"class", "header", "when"};
constexpr names instance_names[] = {"use", "with", "needs"};
constexpr names memory_names[] = {"ram"};
constexpr names memory_later[] = {"flash", "rom"};
constexpr names region_names[] = {"size"};
constexpr names region_later[] = {"at"};
constexpr names compiler_names[] = {"arch", "loader",    "libraries",   "programs", "c",
                                    "c++",  "c-headers", "c++-headers", "archives"};
constexpr names run_names[] = {"emulator", "process", "machines"};
constexpr names run_later[] = {"nic", "machine"};
constexpr names location_names[] = {"path", "git", "branch", "commit", "folder"};
constexpr names workspace_names[] = {"workspace", "registries", "overrides", "toolchain"};
constexpr names local_names[] = {"overrides"};
constexpr names registry_names[] = {"format", "name", "registries"};
constexpr names registry_later[] = {"signers", "policy", "trust"};

std::vector<std::string> strings(std::span<const names> from) { return {from.begin(), from.end()}; }

bool holds(std::span<const names> all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

namespace sets {
const field_set component{"component", "a recipe", component_names, component_later};
const field_set manifest{"component", "a manifest", component_names, component_later};
const field_set variant{"variant", "a variant", variant_names, variant_later};
const field_set need{"need", "a need", need_names, {}};
const field_set require_options{"requirement", "a requirement", require_names, {}};
const field_set origin{"origin", "an origin", origin_names, origin_later};
const field_set address{"address", "an address", address_names, origin_later};
const field_set step{"buildStep", "a build step", step_names, {}};
const field_set include{"include", "`include`", include_names, {}};
const field_set declaration{"declaration", "a declaration", declaration_names, {}};
const field_set concept_{"concept", "`concept`", concept_names, {}};
const field_set archetype{"archetype", "`archetype`", archetype_names, {}};
const field_set conformance{"conformance", "`conformance`", conformance_names, {}};
const field_set implementation{"implementation", "an implementation", implementation_names, {}};
const field_set instance{"instance", "an instance", instance_names, {}};
const field_set memory{"memory", "`memory`", memory_names, memory_later};
const field_set memory_region{"memoryRegion", "a memory region", region_names, region_later};
const field_set compiler{"compiler", "`compiler`", compiler_names, {}};
const field_set run{"run", "`run`", run_names, run_later};
const field_set location{"location", "a location", location_names, {}};
const field_set workspace{"workspace", "a workspace", workspace_names, {}};
const field_set local{"local", "uk.local.yaml", local_names, {}};
const field_set registry{"registry", "registry.yaml", registry_names, registry_later};
} // namespace sets

std::span<const field_set* const> all_field_sets() {
    static constexpr std::array<const field_set*, 22> all{
        &sets::component,     &sets::variant,     &sets::need,           &sets::require_options, &sets::origin,
        &sets::address,       &sets::step,        &sets::include,        &sets::declaration,     &sets::concept_,
        &sets::archetype,     &sets::conformance, &sets::implementation, &sets::instance,        &sets::memory,
        &sets::memory_region, &sets::run,         &sets::location,       &sets::local,           &sets::workspace,
        &sets::registry,      &sets::compiler};
    return all;
}

void problems::add(base::error one) {
    for (const auto& each : one.diagnostics()) {
        if (all_.size() < 50) all_.push_back(each);
        else ++beyond_;
    }
}

base::error problems::take() {
    std::stable_sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a.where < b.where; });
    base::error made{status::input, all_[0]};
    for (std::size_t i = 1; i < all_.size(); ++i) made.merge({status::input, all_[i]});
    if (beyond_ > 0) made.merge(fail(status::input, {}, "{} more mistakes are not shown", beyond_));
    return made;
}

fields::fields(const node& map, const field_set& set, problems& found) : map_{map}, set_{set}, found_{found} {
    if (map.is_null()) return; // nothing given; what is missing is reported field by field
    if (!map.is_mapping()) {
        found.add(map.where, "expected a mapping for {}: `field: value`", set.title);
        return;
    }
    for (const auto& [key, value] : map.entries) {
        if (holds(set.names, key.text)) continue;
        if (holds(set.later, key.text)) {
            found.add(key.where, "the field `{}` of {} is not supported by this version of uk", key.text, set.title);
            continue;
        }
        const auto known = strings(set.names);
        auto made =
            fail(status::input, key.where, "unknown field `{}`{}", key.text, base::did_you_mean(key.text, known));
        if (auto near = base::nearest(key.text, known)) mistyped_.push_back(*std::move(near));
        else if (known.size() <= 12) made.hint(fmt::format("{} has the fields {}", set.title, base::join(known, ", ")));
        found.add(std::move(made));
    }
}

const node* fields::find(std::string_view name) const { return map_.is_mapping() ? map_.find(name) : nullptr; }

place fields::where(std::string_view name) const {
    for (const auto& [key, value] : map_.entries)
        if (key.text == name) return key.where;
    return map_.where;
}

std::string fields::text(std::string_view name) const {
    const auto* value = find(name);
    return value ? read_text(*value, name, found_) : "";
}

bool fields::flag(std::string_view name, bool fallback) const {
    const auto* value = find(name);
    if (!value) return fallback;
    if (value->is_scalar() && !value->quoted && (value->text == "true" || value->text == "false"))
        return value->text == "true";
    found_.add(value->where, "expected `true` or `false` for `{}`", name);
    return fallback;
}

std::optional<std::uint64_t> fields::size(std::string_view name) const {
    const auto* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_scalar())
        if (const auto read = base::parse_size(value->text); read && *read >= 4096 && *read <= (std::uint64_t{1} << 46))
            return read;
    found_.add(value->where, "expected a size such as 16MiB for `{}`, from 4KiB to 65536GiB", name);
    return std::nullopt;
}

std::vector<std::string> fields::texts(std::string_view name) const {
    const auto* value = find(name);
    if (!value) return {};
    std::vector<std::string> read;
    if (!value->is_sequence()) {
        found_.add(value->where, "expected a list for `{}`: `{}: [first, second]`", name, name);
        return {};
    }
    for (const auto& item : value->items)
        if (auto one = read_text(item, name, found_); !one.empty()) read.push_back(std::move(one));
    return read;
}

namespace {

std::string read_path(const node& value, std::string_view name, problems& found) {
    const auto written = read_text(value, name, found);
    if (written.empty()) return "";
    if (auto path = normal_path(written)) return *std::move(path);
    found.add(value.where, "`{}` is no path inside the project: relative, with `/`, without `..`", written);
    return "";
}

} // namespace

std::vector<std::string> fields::paths(std::string_view name) const {
    const auto* value = find(name);
    if (!value) return {};
    if (!value->is_sequence()) return texts(name);
    std::vector<std::string> read;
    for (const auto& item : value->items)
        if (auto one = read_path(item, name, found_); !one.empty()) read.push_back(std::move(one));
    return read;
}

std::string fields::path(std::string_view name) const {
    const auto* value = find(name);
    return value ? read_path(*value, name, found_) : "";
}

std::string fields::choice(std::string_view name, std::span<const std::string> choices) const {
    const auto* value = find(name);
    if (!value) return "";
    const auto written = read_text(*value, name, found_);
    if (written.empty() || std::find(choices.begin(), choices.end(), written) != choices.end()) return written;
    auto made = fail(status::input, value->where, "`{}` is not a known `{}`{}", written, name,
                     base::did_you_mean(written, choices));
    found_.add(std::move(made).hint(fmt::format("`{}` is one of {}", name, base::join(choices, ", "))));
    return "";
}

void fields::need(std::string_view name) const {
    if (has(name) || is_mistyped(name) || (!map_.is_mapping() && !map_.is_null())) return;
    found_.add(map_.where, "{} needs the field `{}`", set_.title, name);
}

bool fields::is_mistyped(std::string_view name) const {
    return std::find(mistyped_.begin(), mistyped_.end(), name) != mistyped_.end();
}

std::string read_text(const node& value, std::string_view name, problems& found) {
    if (value.is_scalar() && !value.text.empty()) return value.text;
    if (value.is_scalar()) found.add(value.where, "an empty text for `{}`", name);
    else found.add(value.where, "expected text for `{}`", name);
    return "";
}

bool check_name(std::string_view name, const place& where, std::string_view what, bool with_dots, problems& found) {
    const auto problem = name_problem(name, with_dots);
    if (problem.empty()) return true;
    found.add(where, "the {} `{}`: {}", what, name, problem);
    return false;
}

} // namespace uk::registry
