#include "build/forecast.hpp"

#include <gmock/gmock.h>

#include "tests/build/rig.hpp"

namespace uk::build {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::must;

namespace {

class forecast_test : public testing::rig {
  protected:
    using type = foreseen::type;

    /// Two sources, an archive of the second's object, and the first one again for another variant.
    plan example(const std::string& second = "int two(void) { return 2; }\n") const {
        plan p;
        p.actions = {compile("one", "int one(void) { return 1; }\n"), compile("two", second)};
        action a{.component = "demo", .label = "archive", .variant = "kvm"};
        a.arguments = {tools.ar, "rcsD", "lib.a", "o/two.o"};
        a.inputs = {{"o/two.o", output_of{1, "o/two.o"}}};
        a.outputs = {"lib.a"};
        p.actions.push_back(a);
        p.actions.push_back(p.actions[0]);
        p.actions.back().variant = "xen";
        return p;
    }
    forecast ahead(const plan& what, bool sandbox = true) { return must(look_ahead(what, tools, kept, sandbox)); }
    static std::vector<type> kinds(const forecast& seen) {
        std::vector<type> all;
        for (const foreseen& one : seen.actions) all.push_back(one.kind);
        return all;
    }
};

TEST_F(forecast_test, an_empty_store_has_nothing) {
    const forecast seen = ahead(example());
    EXPECT_THAT(kinds(seen), ElementsAre(type::runs, type::runs, type::may_run, type::runs));
    EXPECT_FALSE(seen.actions[2].key);
    EXPECT_EQ(seen.actions[3].same_as, 0u);
    EXPECT_THAT(seen.order, ElementsAre(1, 0, 2)); // the longest chain first, each once
    EXPECT_THAT(seen.longest, ElementsAre(1, 2));
}

TEST_F(forecast_test, foretells_the_keys_and_what_runs) {
    const outcome done = must(run(example()));
    const forecast seen = ahead(example());
    EXPECT_THAT(kinds(seen), ElementsAre(type::cached, type::cached, type::cached, type::cached));
    for (std::size_t i = 0; i < done.actions.size(); ++i) EXPECT_EQ(seen.actions[i].key->key, done.actions[i].key);
    EXPECT_THAT(seen.order, IsEmpty());
    EXPECT_THAT(seen.longest, IsEmpty());
    EXPECT_EQ(must(run(example())).ran, 0u);
}

TEST_F(forecast_test, what_reads_a_new_output_may_be_known) {
    must(run(example()));
    const plan changed = example("int two(void) { return 2; } // a comment\n");
    const forecast seen = ahead(changed);
    EXPECT_THAT(kinds(seen), ElementsAre(type::cached, type::runs, type::may_run, type::cached));
    EXPECT_THAT(seen.order, ElementsAre(1, 2));
    EXPECT_EQ(must(run(changed)).ran, 1u);
}

TEST_F(forecast_test, runs_nothing_and_writes_nothing) {
    ahead(example());
    must(kept.flush());
    EXPECT_TRUE(std::filesystem::is_empty(home / "cas"));
    EXPECT_EQ(must(run(example())).ran, 3u);
}

TEST_F(forecast_test, unprotected_results_are_others) {
    must(run(example()));
    EXPECT_EQ(ahead(example(), false).actions[0].kind, type::runs);
}

} // namespace

} // namespace uk::build
