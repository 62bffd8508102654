// The actions of tests: each is compiled and linked with everything that the application's image has.
#include "build/planner.hpp"
#include "build/tests.hpp"

namespace uk::build {

using base::result;

result<void> planner::add_tests() {
    const generated_file needs = TRY(needs_header(image));
    const std::vector<object> archives = add_note_and_archives();
    for (const std::string& file : what.tests) {
        compilation c = TRY(compilation_of(TRY(read_application(what, file)), file, false));
        c.inputs.push_back({"gen/uk/needs.hpp", build::generated{needs.content}});
        result.actions[add_compile(std::move(c))].keep_errors = true;
        CHECK(add_link("link " + file, archives, test_name(file) + "/" + what.variant->name + "/"));
        objects.pop_back();
    }
    return {};
}

} // namespace uk::build
