// The lock: read, written, kept stable, and turned back into resolutions.
#include "resolver/lock.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "resolver/from_lock.hpp"
#include "tests/resolver/universe.hpp"

namespace uk::resolver::testing {

namespace {

const std::string facts = R"(
component core 1.0.0
component core 1.1.0
component fast 1.0.0
component small 1.0.0
component clock-a 1.0.0
  provides time.clock 1.0
  option utc: bool = false
  when option.utc == true: requires fast *
component clock-b 1.0.0
  provides time.clock 1.0
component nic 1.0.0
  provides net.device 1.0
component lwip 1.0.0
  provides net.stack 1.0
  needs device: net.device ^1
  needs clock: time.clock ^1
signature libc 1.0 scope image
component musl 1.0.0
  provides libc 1.0
target t
  requires libc ^1
target u
  requires libc ^1
)";

lock lock_of(const universe& u) {
    std::vector<resolution> all;
    for (std::size_t i = 0; i < u.requests.size(); ++i) all.push_back(*resolve(u.question(i)));
    return make_lock(all, {});
}

TEST(lock, gives_the_resolution_back_without_a_search) {
    const universe u = read_universe(facts + "request t\n requires core *\n requires fast * | small *\n needs net: "
                                             "net.stack ^1\n needs clock: time.clock ^1\n set clock-a.utc = true\n");
    const auto first = resolve(u.question());
    ASSERT_TRUE(first) << base::render(first.error(), false);
    const lock locked = lock_of(u);
    const request what = u.question();
    const auto again = read_resolution(locked, *what.manifest, *what.variant, *what.components);
    ASSERT_TRUE(again) << base::render(again.error(), false);
    EXPECT_EQ(lines_of(*again), lines_of(*first));
    ASSERT_EQ(again->instances.size(), first->instances.size());
    for (std::size_t i = 0; i < first->instances.size(); ++i) {
        EXPECT_EQ(again->instances[i].name, first->instances[i].name);
        EXPECT_EQ(again->instances[i].needs, first->instances[i].needs);
        EXPECT_EQ(again->instances[i].labels, first->instances[i].labels);
    }
    EXPECT_EQ(again->image_scope, first->image_scope);
    EXPECT_EQ(write_lock(make_lock({*again}, {})), write_lock(locked));
}

TEST(lock, another_recipe_than_locked_is_told) {
    const universe u = read_universe(facts + "request t\n requires core *\n");
    lock locked = lock_of(u);
    for (locked_component& one : locked.components) {
        if (one.name == "core") one.recipe->bytes[0] ^= 1;
    }
    const request what = u.question();
    const auto got = read_resolution(locked, *what.manifest, *what.variant, *what.components);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind(), base::status::outdated);
    EXPECT_EQ(got.error().diagnostics().front().message, "the recipe of `core 1.1.0` isn't the one that was locked");
    EXPECT_EQ(got.error().diagnostics().front().notes.size(), 2u);
}

TEST(lock, what_the_manifest_asks_anew_makes_it_outdated) {
    const universe old = read_universe(facts + "request t\n requires core *\n needs clock: time.clock ^1\n");
    const lock locked = lock_of(old);
    const auto verdict = [&](const std::string& request_lines) {
        const universe u = read_universe(facts + "request t\n" + request_lines);
        const request what = u.question();
        const auto got = answers(locked, *what.manifest, *what.variant);
        return got ? std::string{} : got.error().diagnostics().front().message;
    };
    EXPECT_EQ(verdict("requires core *\nneeds clock: time.clock ^1\n"), "");
    EXPECT_EQ(verdict("requires core =1.0.0\nneeds clock: time.clock ^1\n"), "uk.lock has nothing for `core =1.0.0`");
    EXPECT_EQ(verdict("requires core *\nrequires fast *\nneeds clock: time.clock ^1\n"),
              "uk.lock has nothing for `fast *`");
    EXPECT_EQ(verdict("requires core *\nneeds clock: time.clock ^1\nuse clock = clock-b\n"),
              "uk.lock fills `clock` by `clock-a`, and uk.yaml by `clock-b`");
    EXPECT_EQ(verdict("requires core *\nneeds clock: time.clock ^1\nneeds net: net.stack ^1\n"),
              "uk.lock fills no need `net`");
    EXPECT_EQ(verdict("requires core *\n"), "uk.lock fills a need `clock`, which uk.yaml hasn't got");
    EXPECT_EQ(verdict("requires core *\nneeds clock: time.clock ^1\nforbid core =1.1.0\n"),
              "uk.lock has a version of `core` that uk.yaml rules out");
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::size_t from = 0;
    for (auto at = text.find('\n'); at != std::string::npos; from = at + 1, at = text.find('\n', from))
        all.push_back(text.substr(from, at - from));
    return all;
}

// Every line of the one is a line of the other, in the same order.
bool is_within(const std::string& less, const std::string& more) {
    const auto all = lines(more);
    auto at = all.begin();
    for (const std::string& line : lines(less)) {
        at = std::find(at, all.end(), line);
        if (at++ == all.end()) return false;
    }
    return true;
}

TEST(lock, a_further_variant_or_need_moves_nothing_else) {
    const std::string clock = "needs clock: time.clock ^1\n", t = "request t\nrequires core *\n" + clock;
    const universe before = read_universe(facts + t);
    const std::string old = write_lock(lock_of(before));
    EXPECT_TRUE(is_within(old, write_lock(lock_of(read_universe(facts + t + "request u\nrequires core *\n")))));
    EXPECT_TRUE(is_within(old, write_lock(lock_of(read_universe(facts + t + "needs net: net.stack ^1\n")))));
}

TEST(lock, a_deleted_variant_or_block_disturbs_nothing) {
    const universe u =
        read_universe(facts + "request t\n requires core *\nrequest u\n requires core *\n locked core 1.0.0\n");
    const lock locked = lock_of(u);
    lock less = locked;
    std::erase_if(less.variants, [](const locked_variant& one) { return one.name == "u"; });
    std::erase_if(less.components, [](const locked_component& one) { return one.name == "musl"; });
    const auto parsed = parse_lock(write_lock(less), "uk.lock");
    ASSERT_TRUE(parsed) << base::render(parsed.error(), false);
    request what = u.question(0);
    what.locked = &*parsed;
    const auto again = resolve(what);
    ASSERT_TRUE(again);
    EXPECT_EQ(lines_of(*again), lines_of(*resolve(u.question(0))));
}

TEST(lock, mistakes_have_places) {
    const auto message = [](const std::string& text) {
        const auto got = parse_lock(text, "uk.lock");
        return got ? std::string{"read"}
                   : got.error().diagnostics().front().where.text() + ": " + got.error().diagnostics().front().message;
    };
    EXPECT_EQ(message("format: 1\nedition: 1\nvariants:\n"), "read");
    EXPECT_EQ(message("format: 2\nedition: 1\n"), "uk.lock:1:9: the lock's format is 2, and this uk knows 1");
    EXPECT_EQ(message("format: 1\nedition: 1\nvariant:\n"),
              "uk.lock:3:1: unknown field `variant` in the lock; did you mean `variants`?");
    EXPECT_EQ(message("format: 1\nedition: 1\ncomponents:\n  musl:\n    registry: builtin\n"),
              "uk.lock:4:3: expected a name and a version, such as `musl 1.2.3`, not `musl`");
    EXPECT_EQ(
        message("format: 1\nedition: 1\ncomponents:\n  musl 1.0.0:\n    registry: builtin\n    recipe: sha256:12\n"),
        "uk.lock:6:13: expected `sha256:` and 64 hexadecimal digits for `recipe`");
}

TEST(lock, an_older_version_stays_while_it_fits) {
    const universe u = read_universe(facts + "request t\n requires core *\n locked core 1.0.0\n");
    const auto kept = resolve(u.question());
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->component("core")->id.text(), "1.0.0");
    request update = u.question();
    update.update = {"core"};
    EXPECT_EQ(resolve(update)->component("core")->id.text(), "1.1.0");
}

} // namespace

} // namespace uk::resolver::testing
