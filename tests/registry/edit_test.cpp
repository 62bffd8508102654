#include "registry/edit.hpp"

#include <gtest/gtest.h>

namespace uk::registry {

namespace {

std::string manifest(const std::string& requires_) {
    return "# mine\nname: app # its name\nsources: [main.cpp]\n" + requires_ + "targets: {kvm: } # one\n";
}

std::string added(const std::string& requires_) {
    const auto text = add_require(manifest(requires_), "uk.yaml", "new", "^1.2");
    return text ? *text : base::render(text.error(), false);
}

std::string removed(const std::string& requires_) {
    const auto text = remove_require(manifest(requires_), "uk.yaml", "old");
    return text ? *text : base::render(text.error(), false);
}

TEST(edit, adds_a_requirement) {
    EXPECT_EQ(added(""), manifest("requires:\n  - new: ^1.2\n"));
    EXPECT_EQ(added("\n# where\n# it runs\n"), manifest("\nrequires:\n  - new: ^1.2\n# where\n# it runs\n"));
    EXPECT_EQ(added("requires: # these\n  - a: ^1 # yes\n\n# more\n"),
              manifest("requires: # these\n  - a: ^1 # yes\n  - new: ^1.2\n\n# more\n"));
    EXPECT_EQ(added("requires:\n- a\n"), manifest("requires:\n- a\n- new: ^1.2\n"));
    EXPECT_EQ(added("requires:\n    - any: {a: ^1, b: ^2}\n      when: target.arch == x86_64\n"),
              manifest("requires:\n    - any: {a: ^1, b: ^2}\n      when: target.arch == x86_64\n    - new: ^1.2\n"));
    EXPECT_EQ(added("requires: []\n"), manifest("requires: [new: ^1.2]\n"));
    EXPECT_EQ(added("requires: [a: ^1, b] # these\n"), manifest("requires: [a: ^1, b, new: ^1.2] # these\n"));
    EXPECT_EQ(added("requires: [\n  a: \"]\", # [\n  b: {version: ^1},\n]\n").find("error"),
              0u); // `]` is no requirement
    EXPECT_EQ(added("requires: [\n  a: \">=1, <2\", # [\n  b: {version: ^1},\n]\n"),
              manifest("requires: [\n  a: \">=1, <2\", # [\n  b: {version: ^1}, new: ^1.2\n]\n"));
}

TEST(edit, removes_a_requirement) {
    EXPECT_EQ(removed("requires:\n  - old: ^1 # no\n"), manifest(""));
    EXPECT_EQ(removed("requires:\n  # first\n  - a\n  - old:\n      version: ^1\n  # last\n  - b\n"),
              manifest("requires:\n  # first\n  - a\n  # last\n  - b\n"));
    EXPECT_EQ(removed("requires: [old]\n"), manifest(""));
    EXPECT_EQ(removed("requires: [old: ^1, a] # these\n"), manifest("requires: [a] # these\n"));
    EXPECT_EQ(removed("requires: [a, old: {version: ^1, options: {x: true}}]\n"), manifest("requires: [a]\n"));
    EXPECT_EQ(removed("requires: [a, old, b]\n"), manifest("requires: [a, b]\n"));
}

TEST(edit, refuses_what_it_does_not_understand) {
    EXPECT_NE(added("requires: [new: ^1]\n").find("`new` is required already"), std::string::npos);
    EXPECT_NE(removed("requires: [olf: ^1]\n").find("`requires:` has no `old`; did you mean `olf`?"),
              std::string::npos);
    const auto quoted = add_require(manifest("\"requires\": [a]\n"), "uk.yaml", "new", "*");
    ASSERT_FALSE(quoted);
    EXPECT_EQ(quoted.error().diagnostics()[0].message, "`requires:` is written in a way that can't be changed here");
    EXPECT_EQ(quoted.error().diagnostics()[0].hint, "add `- new: \"*\"` to it by hand");
}

} // namespace

} // namespace uk::registry
