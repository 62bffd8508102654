#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"

namespace uk::base {
namespace {

class file : public testing::Test {
  protected:
    void SetUp() override { scratch_ = scratch_folder::make(fs::temp_directory_path()); }
    fs::path at(std::string_view name) const { return scratch_->path() / name; }
    void put(std::string_view name, std::string_view content) { ASSERT_TRUE(write_file(at(name), content)); }
    std::string names() const {
        std::string all;
        for (const auto& one : fs::directory_iterator{scratch_->path()}) all += one.path().filename().string() + " ";
        return all;
    }
    result<scratch_folder> scratch_ = error{status::internal, ""};
};

TEST_F(file, removes_what_a_killed_writer_left_and_nothing_else) {
    for (const char* name : {".a.12-0.tmp", ".a.13-1.tmp", ".a.note.tmp", ".b.12-0.tmp", ".a..tmp"}) {
        const int made = ::open(at(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_GE(made, 0);
        ::close(made);
    }
    const auto alive = file_lock::take(at(".a.13-1.tmp"));
    put("a", "x");
    for (const char* name : {"a", ".a.13-1.tmp", ".a.note.tmp", ".b.12-0.tmp", ".a..tmp"})
        EXPECT_TRUE(fs::exists(at(name))) << name;
    EXPECT_FALSE(fs::exists(at(".a.12-0.tmp")));
}

TEST_F(file, is_read_back_as_written) {
    const std::string content{"a\0b\n", 4};
    put("a", content);
    EXPECT_EQ(*read_file(at("a")), content);
    put("a", "");
    EXPECT_EQ(*read_file(at("a")), "");
    EXPECT_EQ(names(), "a ");
}

TEST_F(file, can_be_executable) {
    ASSERT_TRUE(write_file(at("a"), "#!/bin/sh\n", true));
    EXPECT_EQ(::access(at("a").c_str(), X_OK), 0);
    ASSERT_TRUE(write_file(at("a"), "text"));
    EXPECT_EQ(fs::status(at("a")).permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(file, errors_say_which_and_why) {
    const auto missing = read_file(at("none"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), status::input);
    EXPECT_NE(render(missing.error(), false).find("none: there is no such file"), std::string::npos);
    EXPECT_EQ(read_file(scratch_->path()).error().kind(), status::input);
    put("big", "12345");
    EXPECT_TRUE(read_file(at("big"), 5));
    EXPECT_FALSE(read_file(at("big"), 4));
    EXPECT_EQ(write_file(at("no/such/folder"), "x").error().kind(), status::environment);
}

TEST_F(file, never_waits_for_a_fifo) {
    ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
    EXPECT_EQ(read_file(at("fifo")).error().kind(), status::input);
    EXPECT_EQ(list_files(scratch_->path()).error().kind(), status::input);
}

TEST_F(file, stays_as_it_was_when_the_disk_is_full) {
    put("a", "old");
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit small{8, 8};
        ::setrlimit(RLIMIT_FSIZE, &small);
        ::signal(SIGXFSZ, SIG_IGN);
        ::_exit(write_file(at("a"), "longer than eight bytes") ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "writing should have failed";
    EXPECT_EQ(*read_file(at("a")), "old");
    EXPECT_EQ(names(), "a ");
}

TEST_F(file, replaces_a_link_instead_of_writing_through_it) {
    put("a", "old");
    fs::create_symlink("a", at("link"));
    put("link", "new");
    EXPECT_EQ(*read_file(at("a")), "old");
    EXPECT_FALSE(fs::is_symlink(at("link")));
}

TEST_F(file, that_cant_be_written_says_what_to_do_about_a_full_disk) {
    const std::string said = render(cannot_write("/a/b", ENOSPC), false);
    EXPECT_EQ(said, "error: /a/b: can't be written: No space left on device\n\n"
                    "hint: make room on this disk, or set `UK_HOME` to a folder on another one\n");
    EXPECT_EQ(render(cannot_write("/a/b", EROFS), false), "error: /a/b: can't be written: Read-only file system\n");
}

TEST_F(file, lists_are_sorted_as_bytes) {
    ASSERT_TRUE(make_folders(at("a/b")));
    ASSERT_TRUE(make_folders(at("a/b")));
    for (const auto name : {"a/b/c", "a/z", "a.txt", "B"}) put(name, "");
    EXPECT_EQ(*list_files(scratch_->path()), (std::vector<std::string>{"B", "a.txt", "a/b/c", "a/z"}));
    fs::create_symlink("/etc/passwd", at("a/link"));
    const auto refused = list_files(scratch_->path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), status::input);
    EXPECT_NE(render(refused.error(), false).find("a/link"), std::string::npos);
    EXPECT_EQ(list_files(at("none")).error().kind(), status::input);
}

TEST_F(file, read_only_trees_are_removed_and_links_not_followed) {
    ASSERT_TRUE(make_folders(at("keep")));
    put("keep/a", "x");
    ASSERT_TRUE(make_folders(at("tree/inside")));
    put("tree/inside/a", "x");
    fs::create_symlink(at("keep"), at("tree/inside/link"));
    fs::permissions(at("tree/inside"), fs::perms::owner_read | fs::perms::owner_exec);
    ASSERT_TRUE(remove_tree(at("tree")));
    EXPECT_FALSE(fs::exists(at("tree")));
    EXPECT_TRUE(fs::exists(at("keep/a")));
    EXPECT_TRUE(remove_tree(at("tree"))) << "what isn't there is removed already";
}

TEST_F(file, scratch_folders_go_unless_released) {
    fs::path gone, kept;
    {
        auto one = scratch_folder::make(scratch_->path());
        auto two = scratch_folder::make(scratch_->path());
        ASSERT_TRUE(one && two);
        gone = one->path();
        kept = two->path();
        two->release();
        auto moved = *std::move(one);
        EXPECT_TRUE(fs::exists(gone));
    }
    EXPECT_FALSE(fs::exists(gone));
    EXPECT_TRUE(fs::exists(kept));
}

TEST_F(file, locks_are_held_by_one) {
    std::atomic<bool> taken{false};
    std::thread second;
    {
        const auto held = file_lock::take(at("lock"));
        ASSERT_TRUE(held);
        second = std::thread{[&] {
            const auto waited = file_lock::take(at("lock"));
            taken = waited.has_value();
        }};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        EXPECT_FALSE(taken);
    }
    second.join();
    EXPECT_TRUE(taken);
}

} // namespace
} // namespace uk::base
