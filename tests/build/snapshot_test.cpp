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

TEST_F(snapshot, an_input_that_was_changed_meanwhile_makes_none) {
    const std::int64_t began = later();
    write(input, "int b;\n"); // after it was read
    later();
    EXPECT_EQ(take_snapshot({.inputs = {input}, .outputs = {}, .names = {}}, began), "");
    EXPECT_FALSE(still_holds(""));
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
