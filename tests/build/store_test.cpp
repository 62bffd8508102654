#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>

#include <gmock/gmock.h>

#include "build/store_index.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using testing::must;
using testing::read;
using testing::write;
namespace fs = std::filesystem;

namespace {

class store_test : public ::testing::Test {
  protected:
    base::scratch_folder folder = must(base::scratch_folder::make(fs::temp_directory_path()));
    fs::path home = folder.path() / "home";
    store kept = must(store::open(home));
    const base::sha256 key = base::digest_of("an action").hash;

    void reopen() { kept = must(store::open(home)); }
};

TEST_F(store_test, gives_back_what_was_put) {
    const auto blob = must(kept.put("hello"));
    EXPECT_EQ(blob.hash.hex(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"); // sha256sum
    EXPECT_EQ(must(kept.get(blob)), "hello");
    struct stat s;
    ASSERT_EQ(::stat(kept.path_of(blob.hash).c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 07777, 0444u);
}

TEST_F(store_test, sets_a_wrong_blob_aside) {
    const auto blob = must(kept.put("hello"));
    fs::permissions(kept.path_of(blob.hash), fs::perms::owner_write, fs::perm_options::add);
    write(kept.path_of(blob.hash), "hellO");
    const auto got = kept.get(blob);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind(), base::status::source);
    EXPECT_EQ(read(home / "quarantine" / blob.hash.hex()), "hellO");
    EXPECT_FALSE(kept.has(blob));
    EXPECT_EQ(must(kept.get(must(kept.put("hello")))), "hello");
}

TEST_F(store_test, knows_actions_after_they_are_written) {
    const action_result result{
        .files = {{"o/a.o", {must(kept.put("object")), false}}, {"tool", {must(kept.put("program")), true}}},
        .standard_error = "a.c:1: warning\n\nof two lines\n"};
    must(kept.put_action(key, result));
    EXPECT_EQ(kept.find_action(key), result);
    must(kept.flush());
    reopen();
    EXPECT_EQ(kept.find_action(key), result);
    EXPECT_FALSE(kept.find_action(base::digest_of("another").hash));
}

TEST_F(store_test, keeps_what_actions_said) {
    EXPECT_FALSE(kept.find_log(key.hex())); // an index in which none was ever written
    EXPECT_FALSE(kept.find_last_log("/p/", "kvm musl: compile a.c"));
    const auto log = [&](const char* what, const char* project, std::int64_t began) {
        return action_log{.key = base::digest_of(what).hash,
                          .project = project,
                          .name = "kvm musl: compile a.c",
                          .command = "gcc a.c",
                          .began = began,
                          .microseconds = 7,
                          .status = 1,
                          .said = must(kept.put(what)),
                          .build = began,
                          .before = std::nullopt};
    };
    const action_log one = log("an action", "/p/", 10), two = log("another", "/p/", 20),
                     three = log("third", "/q/", 30);
    for (const action_log& each : {two, one, three}) must(kept.put_log(each));
    must(kept.flush());
    reopen();
    EXPECT_EQ(kept.find_log(one.key.hex()), one);
    EXPECT_EQ(kept.find_log(one.key.hex().substr(0, 8)), one);
    EXPECT_FALSE(kept.find_log("")); // several
    EXPECT_EQ(kept.find_last_log("/p/", one.name), two);
    EXPECT_FALSE(kept.find_last_log("/p/", "kvm musl: compile b.c"));
    EXPECT_EQ(must(kept.get(*one.said)), "an action");
}

TEST_F(store_test, misses_an_action_whose_blob_is_gone) {
    const auto blob = must(kept.put("object"));
    must(kept.put_action(key, {.files = {{"a.o", {blob, false}}}, .standard_error = {}}));
    must(kept.flush());
    fs::remove(kept.path_of(blob.hash));
    EXPECT_FALSE(kept.find_action(key));
}

TEST_F(store_test, looks_at_a_file_again_when_it_changed) {
    const fs::path file = folder.path() / "file";
    write(file, "one");
    const auto one = must(kept.digest_of_host_file(file));
    EXPECT_EQ(one, base::digest_of("one"));
    write(file, "two"); // at once, and of the same size: its times may be the same
    EXPECT_EQ(must(kept.digest_of_host_file(file)), base::digest_of("two"));
}

TEST(store_index, trusts_no_time_that_is_too_near) {
    struct stat s{};
    clock_gettime(CLOCK_REALTIME, &s.st_mtim);
    EXPECT_TRUE(is_racy(s));
    s.st_mtim.tv_sec += 100; // the clock went back
    EXPECT_TRUE(is_racy(s));
    s.st_mtim.tv_sec -= 101;
    EXPECT_FALSE(is_racy(s));
}

TEST_F(store_test, does_not_read_a_file_again_that_is_as_it_was) {
    const fs::path file = folder.path() / "file";
    write(file, "one");
    struct stat s;
    ASSERT_EQ(::stat(file.c_str(), &s), 0);
    // A lie in the index shows who was asked.
    must(
        must(store_index::open(home))
            .write({.actions = {}, .stamps = {{file.native(), {stamp_of(s), base::digest_of("a lie")}}}, .notes = {}}));
    EXPECT_EQ(must(kept.digest_of_host_file(file)), base::digest_of("a lie"));
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
    write(file, "two");
    EXPECT_EQ(must(kept.digest_of_host_file(file)), base::digest_of("two"));
}

TEST_F(store_test, begins_a_damaged_index_anew) {
    const auto blob = must(kept.put("hello"));
    must(kept.put_note("name", "value"));
    must(kept.flush());
    kept = must(store::open(folder.path() / "other"));
    for (const char* ending : {"-wal", "-shm"}) fs::remove(home / (std::string{"index.sqlite"} + ending));
    write(home / "index.sqlite", std::string(8192, 'x'));
    reopen();
    EXPECT_FALSE(kept.find_note("name"));
    EXPECT_EQ(must(kept.get(blob)), "hello");
    EXPECT_TRUE(fs::exists(home / "quarantine/index.sqlite"));
    must(kept.put_note("name", "value"));
    must(kept.flush());
    reopen();
    EXPECT_EQ(kept.find_note("name"), "value");
}

TEST_F(store_test, removes_what_a_killed_process_left) {
    const pid_t child = ::fork();
    if (child == 0) {
        auto other = store::open(home);
        const auto left = other->scratch();
        write(*left / "half", "written");
        ::_exit(0); // without a destructor, as SIGKILL would
    }
    ::waitpid(child, nullptr, 0);
    ASSERT_FALSE(fs::is_empty(home / "tmp"));
    reopen();
    EXPECT_TRUE(fs::is_empty(home / "tmp"));
}

TEST_F(store_test, leaves_the_scratch_folder_of_a_living_process) {
    const fs::path mine = must(kept.scratch());
    store other = must(store::open(home));
    must(other.scratch());
    EXPECT_TRUE(fs::exists(mine));
}

TEST_F(store_test, several_threads_and_processes_use_one) {
    std::vector<pid_t> children;
    for (int p = 0; p < 3; ++p) {
        children.push_back(::fork());
        if (children.back() != 0) continue;
        auto mine = store::open(folder.path() / "shared"); // all of them make it
        if (!mine) ::_exit(1);
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 3; ++t) {
                threads.emplace_back([&, t] {
                    for (int i = 0; i < 30; ++i) {
                        const auto blob = mine->put("content " + std::to_string(i));
                        const auto name =
                            base::digest_of(std::to_string(p) + "/" + std::to_string(t) + "/" + std::to_string(i)).hash;
                        if (!blob || !mine->put_action(name, {.files = {{"x", {*blob, false}}}, .standard_error = {}}))
                            ::_exit(2);
                        if (i % 10 == 9 && !mine->flush()) ::_exit(3);
                    }
                });
            }
        }
        ::_exit(0);
    }
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    store all = must(store::open(folder.path() / "shared"));
    for (const char* name : {"0/0/0", "1/2/29", "2/1/9"})
        EXPECT_TRUE(all.find_action(base::digest_of(name).hash)) << name;
}

TEST_F(store_test, a_tree_is_what_its_files_are) {
    write(folder.path() / "t/a/b.h", "b");
    write(folder.path() / "t/c.h", "c");
    const auto tree = must(kept.digest_of_host_folder(folder.path() / "t"));
    fs::copy(folder.path() / "t", folder.path() / "u", fs::copy_options::recursive);
    EXPECT_EQ(must(kept.digest_of_host_folder(folder.path() / "u")), tree);
    EXPECT_EQ(must(kept.digest_of_fixed_folder(folder.path() / "u", tree.hash)), tree);
    write(folder.path() / "u/a/b.h", "B");
    EXPECT_NE(must(kept.digest_of_host_folder(folder.path() / "u")), tree);
    fs::create_symlink("/etc/passwd", folder.path() / "t/link");
    const auto refused = kept.digest_of_host_folder(folder.path() / "t");
    ASSERT_FALSE(refused);
    EXPECT_THAT(base::render(refused.error(), false), ::testing::HasSubstr("t/link"));
}

TEST_F(store_test, a_fixed_folder_must_be_what_it_is_said_to_be) {
    write(folder.path() / "t/a.h", "a");
    const auto refused = kept.digest_of_fixed_folder(folder.path() / "t", base::digest_of("something else").hash);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), base::status::source);
}

TEST_F(store_test, no_permission_is_no_damage) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
    must(kept.put_note("name", "value"));
    must(kept.flush());
    kept = must(store::open(folder.path() / "other"));
    fs::permissions(home / "index.sqlite", fs::perms::none);
    EXPECT_FALSE(store::open(home));
    EXPECT_FALSE(fs::exists(home / "quarantine/index.sqlite"));
}

} // namespace

} // namespace uk::build
