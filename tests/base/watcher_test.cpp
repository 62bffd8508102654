#include "base/watcher.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace uk::base {

namespace {

namespace fs = std::filesystem;
using type = watcher::change::type;

class watching : public ::testing::Test {
  protected:
    scratch_folder folder = scratch_folder::make(fs::temp_directory_path()).value();
    fs::path top = folder.path();
    watcher here = watcher::make().value();

    static void write(const fs::path& file, std::string_view text) { std::ofstream{file} << text; }

    std::map<fs::path, type> latest() {
        std::map<fs::path, type> found;
        for (const watcher::change& one : here.take()) found[one.path] = one.kind;
        return found;
    }
};

TEST_F(watching, tells_what_came_changed_and_went) {
    ASSERT_TRUE(here.watch({top}).value());
    write(top / "a", "1");
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "a", type::whole}}));
    fs::rename(top / "a", top / "b");
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "a", type::gone}, {top / "b", type::whole}}));
    fs::remove(top / "b");
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "b", type::gone}}));
    EXPECT_TRUE(here.take().empty());
}

TEST_F(watching, a_file_that_is_being_written_is_unfinished) {
    ASSERT_TRUE(here.watch({top}).value());
    std::ofstream file{top / "a"};
    file << "half" << std::flush;
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "a", type::unfinished}}));
    file.close();
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "a", type::whole}}));
}

TEST_F(watching, only_the_folders_asked_for) {
    fs::create_directory(top / "below");
    ASSERT_TRUE(here.watch({top, top / "nowhere"}).value());
    write(top / "below/a", "1");
    EXPECT_TRUE(here.take().empty());
    EXPECT_TRUE(here.watch({top, top / "below"}).value());
    EXPECT_FALSE(here.watch({top, top / "below"}).value());
    write(top / "below/a", "2");
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "below/a", type::whole}}));
    EXPECT_FALSE(here.watch({top}).value());
    here.take();
    write(top / "below/a", "3");
    EXPECT_TRUE(here.take().empty());
}

TEST_F(watching, another_folder_under_the_same_name_is_another_one) {
    fs::create_directory(top / "below");
    ASSERT_TRUE(here.watch({top / "below"}).value());
    fs::rename(top / "below", top / "before");
    fs::create_directory(top / "below");
    EXPECT_TRUE(here.watch({top / "below"}).value());
    here.take();
    write(top / "before/a", "1");
    EXPECT_TRUE(here.take().empty());
    write(top / "below/a", "1");
    EXPECT_EQ(latest(), (std::map<fs::path, type>{{top / "below/a", type::whole}}));
}

} // namespace

} // namespace uk::base
