// An application's own tests: what they are built from. Each file of the manifest's `tests:` is a program; its `run` takes the
// place of the application's, and all else that the application has is linked as well.
#pragma once

#include <string>
#include <vector>

#include "build/project.hpp"

namespace uk::build {

/// `tests/sum.cpp` → `sum`.
std::string test_name(const std::string& file);

/// The project as its tests are built: with the component `test`, and with the variant `simulated` where it has none.
/// Nothing of it is in uk.lock: versions and wiring are the lock's, and what it hasn't follows from the registry that it names.
struct tests {
    registry::recipe manifest;
    std::vector<std::string> files; ///< sorted
    std::vector<resolver::resolution> answers; ///< of the variants that can be resolved, in the manifest's order
    std::map<std::string, registry::source_tree> sources;
    std::map<std::string, base::error> unresolved; ///< variant → why; only of one that isn't the manifest's own
};

/// Errors: input: no tests, two of one name; as settle.
base::result<tests> find_tests(const project& what, const settled& how, store& into, const settle_options& options);

/// The plan of some tests of one variant. Results are `<test>/<variant>/…`.
base::result<plan> plan_tests(const project& what, const tests& how, const toolchain& tools, const std::string& variant,
                              const std::vector<std::string>& files);

/// Of a target that is simulated: one seed, one run.
bool is_simulated(const resolver::resolution& answer);

} // namespace uk::build
