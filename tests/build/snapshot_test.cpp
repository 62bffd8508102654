#include "build/snapshot.hpp"

#include <chrono>
#include <thread>

#include "tests/build/rig.hpp"

namespace uk::build {

using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

class snapshot : public ::testing::Test {
  protected:
    base::scratch_folder folder = must(base::scratch_folder::make(fs::temp_directory_path()));
    fs::path input = folder.path() / "input.cpp", output = folder.path() / "dist/output";

    void SetUp() override { write(input, "int a;\n"); }
    static std::int64_t later() {
        std::this_thread::sleep_for(std::chrono::milliseconds{45});
        return file_clock();
    }
};

TEST_F(snapshot, holds_until_something_changes) {
    const std::int64_t began = later();
    write(output, "made");
    const std::string taken = take_snapshot({.inputs = {input}, .outputs = {output}, .names = {}}, began);
    EXPECT_TRUE(still_holds(taken)); // although the output is as young as can be
    for (const fs::path& one : {input, output}) {
        const std::string again = take_snapshot({.inputs = {input}, .outputs = {output}, .names = {}}, later());
        EXPECT_TRUE(still_holds(again));
        write(one, "other");
        EXPECT_FALSE(still_holds(again));
    }
}

TEST_F(snapshot, an_input_that_was_changed_meanwhile_has_changed) {
    const std::int64_t began = later();
    write(input, "int b;\n"); // after it was read
    later();
    const std::string taken = take_snapshot({.inputs = {input}, .outputs = {}, .names = {}}, began);
    EXPECT_FALSE(still_holds(taken));
    EXPECT_EQ(changed_lines(taken), std::vector<std::size_t>{0});
    EXPECT_FALSE(still_holds(""));
}

TEST_F(snapshot, tells_contents_from_all_else) {
    using lines = std::vector<std::size_t>;
    const fs::path other = folder.path() / "src/other.cpp", source = folder.path() / "src/source.cpp";
    write(other, "int o;\n");
    write(source, "int s;\n");
    const auto taken = [&] {
        return take_snapshot(
            {.inputs = {folder.path() / "src", other, source, folder.path() / "none"}, .outputs = {input}, .names = {}},
            later());
    };
    std::string before = taken(); // in the order of bytes: none, src, other, source
    EXPECT_EQ(changed_lines(before), lines{});
    write(source, "int more;\n");
    EXPECT_EQ(changed_lines(before), lines{3});
    EXPECT_EQ(changed_lines(renewed(before, {3}, 4, later())), lines{});
    EXPECT_EQ(renewed(before, {3}, 4, later()), taken());
    EXPECT_EQ(changed_lines(renewed(before, {3}, 4, file_clock() - 1'000'000'000)), lines{3}); // it may have been later
    write(input, "an output");
    EXPECT_EQ(changed_lines(before), (lines{3, 4}));
    EXPECT_EQ(renewed(before, {3}, 4, later()), taken());

    // As editors save: another file of that name.
    before = taken();
    write(folder.path() / "src/new", "int saved;\n");
    fs::rename(folder.path() / "src/new", other);
    EXPECT_EQ(changed_lines(before), (lines{1, 2}));
    before = taken();
    write(folder.path() / "src/new", "");
    EXPECT_EQ(changed_lines(before), std::nullopt);
    fs::remove(folder.path() / "src/new");
    EXPECT_EQ(changed_lines(before), lines{1});
    write(folder.path() / "none", "");
    EXPECT_EQ(changed_lines(before), std::nullopt);
    before = taken();
    fs::permissions(source, fs::perms::owner_exec, fs::perm_options::add);
    EXPECT_EQ(changed_lines(before), std::nullopt);
    before = taken();
    fs::remove(source);
    EXPECT_EQ(changed_lines(before), std::nullopt);
    EXPECT_EQ(changed_lines(""), std::nullopt);
    EXPECT_EQ(changed_lines("no snapshot"), std::nullopt);
}

TEST_F(snapshot, names_count_where_the_folder_doesnt) {
    const auto taken = [&](const std::string& pattern) {
        return take_snapshot(
            {.inputs = {}, .outputs = {}, .names = {{{folder.path(), pattern}, names_in(folder.path(), pattern)}}},
            later());
    };
    const std::string flat = taken(""), deep = taken("**.cpp");
    write(folder.path() / "dist/other", "");
    write(folder.path() / "compile_commands.json", "");
    write(input, "another content");
    EXPECT_TRUE(still_holds(flat));
    write(folder.path() / "new.hpp", "");
    EXPECT_FALSE(still_holds(flat));
    EXPECT_TRUE(still_holds(deep));
    write(folder.path() / "deep/er/new.cpp", "");
    EXPECT_FALSE(still_holds(deep));
}

} // namespace

} // namespace uk::build
