// The store over an index: its conformance suite, and the edges of searching.
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <uk/embedded_files/store.hpp>
#include <uk/store/kv_conformance.hpp>

namespace {

using uk::embedded_files::store;

static_assert(uk::store::KeyValue<store>);

uk::file file(std::string_view name, std::string_view contents) {
    return {name.data(), name.size(), reinterpret_cast<const std::byte*>(contents.data()), contents.size()};
}

/// Sorted by bytes: `-` is before `/`, which is before letters.
const std::vector<uk::file> tree{file("a", "A"),
                                 file("css-old/x", "old"),
                                 file("css/style.css", "body {}"),
                                 file("empty", ""),
                                 file("index.html", std::string_view("<html>\0</html>", 14)),
                                 file("\xc3\xa9", "accent")};

std::vector<std::string> listed(store& from, std::string_view prefix) {
    std::vector<std::string> names;
    const auto visit = [&](std::string_view name) { return names.emplace_back(name), true; };
    EXPECT_TRUE(from.list(prefix, visit));
    return names;
}

std::vector<std::string> failures;

TEST(embedded_files, passes_the_suite) {
    for (const std::size_t size : {tree.size(), std::size_t{1}, std::size_t{0}}) {
        store s({uk::file_index{tree.data(), size}});
        failures.clear();
        uk::conformance_report report([](std::string_view what) { failures.emplace_back(what); });
        uk::store::conformance(report, s);
        EXPECT_GT(report.checks(), 10u);
        EXPECT_EQ(failures, std::vector<std::string>{}) << size << " files";
    }
}

TEST(embedded_files, finds_each_and_nothing_else) {
    store s({tree});
    for (const uk::file& f : tree) {
        const auto found = s.find(f.name());
        ASSERT_TRUE(found) << f.name();
        EXPECT_EQ(*found, &f);
    }
    for (const std::string_view name :
         {"", "b", "css", "css/", "css/style.cs", "css/style.css2", "/a", "a/", "A", "zzz"})
        EXPECT_EQ(s.find(name).error(), uk::error::not_found) << name;
}

TEST(embedded_files, lists_by_prefix) {
    store s({tree});
    EXPECT_EQ(listed(s, "css"), (std::vector<std::string>{"css-old/x", "css/style.css"}));
    EXPECT_EQ(listed(s, "css/"), (std::vector<std::string>{"css/style.css"}));
    EXPECT_EQ(listed(s, "nothing"), std::vector<std::string>{});
    EXPECT_EQ(listed(s, "").size(), tree.size());
}

TEST(embedded_files, reads_in_pieces) {
    store s({tree});
    const auto entry = s.find("index.html");
    ASSERT_TRUE(entry);
    EXPECT_EQ(s.size(*entry), 14u);
    std::array<std::byte, 8> out;
    EXPECT_EQ(*s.read(*entry, 0, out), 8u);
    EXPECT_EQ(*s.read(*entry, 8, out), 6u);
    EXPECT_EQ(std::memcmp(out.data(), "/html>", 6), 0);
    EXPECT_EQ(*s.read(*entry, 14, out), 0u);
    EXPECT_EQ(*s.read(*entry, std::uint64_t{1} << 40, out), 0u);
    EXPECT_EQ(*s.read(*entry, 0, {}), 0u);
}

} // namespace
