#include "build/tests.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "build/planner.hpp"
#include "resolver/resolver.hpp"

namespace uk::build {

using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr const char* simulated = "simulated"; // the target, and the variant that is added

// What `uk.yaml` would say if it were about tests.
result<registry::recipe> manifest_of_tests(registry::recipe manifest) {
    registry::require checks;
    checks.choices.push_back({{"test", TRY(registry::parse_requirement("^0.1", {})), manifest.where}, {}});
    checks.where = manifest.where;
    manifest.requires_.push_back(std::move(checks));
    if (std::ranges::none_of(manifest.variants,
                             [](const auto& one) { return one.target == simulated || one.name == simulated; })) {
        registry::variant added;
        added.name = added.target = simulated;
        added.where = manifest.where;
        manifest.variants.push_back(std::move(added));
    }
    return manifest;
}

result<std::vector<std::string>> files_of(const project& what) {
    const registry::recipe& manifest = what.manifest;
    if (manifest.tests.empty()) {
        return error{status::input, fmt::format("`{}` has no tests", manifest.name), manifest.where,
                     "`tests: [tests/*.cpp]` in uk.yaml names them; each file is a program with a `run` of its own"};
    }
    std::vector<std::string> files = TRY(expand_globs(what.folder, manifest.tests, {}, manifest.where));
    std::erase_if(files, [](const std::string& file) { return !file.ends_with(".cpp"); }); // headers, data
    std::map<std::string, std::string> names;
    for (const std::string& file : files) {
        const auto [before, fresh] = names.emplace(test_name(file), file);
        if (!fresh)
            return fail(status::input, manifest.where, "`{}` and `{}` are both named `{}`", before->second, file,
                        before->first)
                .hint("a test's name is that of its file; give each another one");
    }
    return files;
}

} // namespace

std::string test_name(const std::string& file) { return std::filesystem::path{file}.stem().string(); }

bool is_simulated(const resolver::resolution& answer) {
    return answer.component(answer.target)->entry->content.target->family == simulated;
}

result<tests> find_tests(const project& what, const settled& how, store& into, const settle_options& options) {
    tests found;
    found.manifest = TRY(manifest_of_tests(what.manifest));
    found.files = TRY(files_of(what));
    found.sources = how.sources;
    std::vector<const resolver::resolution*> above;
    for (const resolver::resolution& one : how.answers) above.push_back(&one);
    for (std::size_t i = 0; i < found.manifest.variants.size(); ++i) {
        const registry::variant& variant = found.manifest.variants[i];
        const bool added = i >= what.manifest.variants.size();
        auto answer = resolver::resolve({.manifest = &found.manifest,
                                         .components = &what.components,
                                         .variant = &variant,
                                         .locked = &how.lock,
                                         .update = {},
                                         .above = &above});
        if (!answer) {
            if (!added) return answer.error();
            found.unresolved.emplace(variant.name, answer.error());
            continue;
        }
        CHECK(fetch_sources(*answer, into, options, found.sources));
        found.answers.push_back(*std::move(answer));
    }
    return found;
}

result<plan> plan_tests(const project& what, const tests& how, const toolchain& tools, const std::string& variant,
                        const std::vector<std::string>& files) {
    const auto answer = std::ranges::find(how.answers, variant, &resolver::resolution::variant);
    const auto chosen = std::ranges::find(how.manifest.variants, variant, &registry::variant::name);
    return make_plan({.manifest = &how.manifest,
                      .project = what.folder,
                      .variant = &*chosen,
                      .answer = &*answer,
                      .tools = &tools,
                      .sources = sources_of(*answer, how.sources),
                      .check_only = false,
                      .conformance = false,
                      .tests = files});
}

} // namespace uk::build
