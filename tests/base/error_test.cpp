#include <gtest/gtest.h>

#include "base/result.hpp"

namespace uk::base {
namespace {

TEST(error, renders_headline_notes_and_hint) {
    auto what = error{status::unsolvable, "no version of `lwip` fits this image"}
                    .add({"needed by", "`http 0.3.1`, which wants `lwip >=2.2`", {"recipes/http/recipe.yaml", 7, 0}})
                    .add({"looked in", "registry `builtin`", {}})
                    .add({"also", "`é`", {"a.yaml", 1, 2}})
                    .hint("`uk update` fetches newer recipes");
    EXPECT_EQ(render(what, false), "error: no version of `lwip` fits this image\n"
                                   "  needed by   `http 0.3.1`, which wants `lwip >=2.2`   recipes/http/recipe.yaml:7\n"
                                   "  looked in   registry `builtin`\n"
                                   "  also        `é`                                      a.yaml:1:2\n"
                                   "\n"
                                   "hint: `uk update` fetches newer recipes\n");
}

TEST(error, says_where_and_while_doing_what) {
    result<int> wrong = fail(status::input, {"uk.yaml", 7, 9}, "unknown field `{}`", "need");
    wrong = std::move(wrong).context("reading the manifest").context("building {}", "site");
    EXPECT_EQ(render(wrong.error(), false), "error: uk.yaml:7:9: unknown field `need`\n"
                                            "  while reading the manifest\n"
                                            "  while building site\n");
    EXPECT_EQ(wrong.error().kind(), status::input);
}

TEST(error, colours_the_words_only) {
    const auto text = render(error{status::failed, "no"}.hint("yes"), true);
    EXPECT_EQ(text, "\x1b[1;31merror:\x1b[0m no\n\n\x1b[1;36mhint:\x1b[0m yes\n");
    EXPECT_EQ(render_warning({.message = "old"}, true), "\x1b[1;33mwarning:\x1b[0m old\n");
}

TEST(error, escapes_what_a_terminal_would_obey) {
    const auto what = fail(status::input, {"a\x1b[2J", 1, 1}, "the name `{}`", "x\x1b]0;owned\x07\ny")
                          .add({"note", "one\ntwo\x9b", {}});
    const auto text = render(what, false);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    EXPECT_EQ(text, "error: a\\x1b[2J:1:1: the name `x\\x1b]0;owned\\x07\\x0ay`\n"
                    "  note   one\n"
                    "         two\\x9b\n");
}

TEST(error, keeps_all_of_several) {
    auto first = fail(status::input, {}, "first").hint("do this");
    first.merge(fail(status::input, {}, "second"));
    EXPECT_EQ(render(first, false), "error: first\n\nhint: do this\n\nerror: second\n");
}

result<int> half(int whole) {
    if (whole % 2 != 0) return fail(status::failed, {}, "{} is odd", whole);
    return whole / 2;
}

result<int> quarter(int whole) {
    const int once = TRY(half(whole));
    return half(once);
}

TEST(result, hands_errors_on) {
    EXPECT_EQ(*quarter(8), 2);
    EXPECT_EQ(quarter(6).error().diagnostics()[0].message, "3 is odd");
    EXPECT_EQ(quarter(5).error().diagnostics()[0].message, "5 is odd");
}

} // namespace
} // namespace uk::base
