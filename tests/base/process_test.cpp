#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"

namespace uk::base {
namespace {

command shell(std::string script) { return {.arguments = {"sh", "-c", std::move(script)}}; }

TEST(process, gives_status_and_both_outputs) {
    const auto done = run(shell("echo out; echo err >&2; exit 3"));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->status, 3);
    EXPECT_EQ(done->output, "out\n");
    EXPECT_EQ(done->errors, "err\n");
    EXPECT_EQ(run(shell("kill -SEGV $$"))->status, 128 + SIGSEGV);
}

TEST(process, reads_its_input_and_none_is_empty) {
    auto cat = command{.arguments = {"cat"}};
    cat.input = std::string(1'000'000, 'x');
    EXPECT_EQ(run(cat)->output, cat.input);
    cat.input.clear();
    EXPECT_EQ(run(cat)->output, "");
    auto ignores = command{.arguments = {"true"}};
    ignores.input = std::string(1'000'000, 'x');
    EXPECT_EQ(run(ignores)->status, 0);
}

TEST(process, drains_both_pipes_at_once) {
    const auto done =
        run(shell("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->output.size(), 300000u);
    EXPECT_EQ(done->errors.size(), 600000u);
}

TEST(process, has_its_folder_and_environment) {
    auto what = command{.arguments = {"/bin/sh", "-c", "pwd; echo \"$A|$HOME\""}};
    what.folder = "/";
    what.environment = {{{"A", "1 2"}}};
    EXPECT_EQ(run(what)->output, "/\n1 2|\n");
    what.folder = "/no/such/folder";
    EXPECT_EQ(run(what).error().kind(), status::environment);
}

TEST(process, that_cant_start_is_an_error) {
    const auto missing = run({.arguments = {"uk-no-such-program"}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), status::environment);
    EXPECT_EQ(render(missing.error(), false), "error: can't start `uk-no-such-program`: it is not in PATH\n");
    EXPECT_FALSE(run({.arguments = {"/etc/passwd"}}));
}

TEST(process, ends_in_time_with_all_that_it_started) {
    const auto begin = std::chrono::steady_clock::now();
    auto what = shell("trap '' TERM; sleep 60 & sleep 60; sleep 60");
    what.timeout_seconds = 1;
    const auto done = run(what);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), status::environment);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
}

TEST(process, leaves_no_daemon_behind) {
    const auto begin = std::chrono::steady_clock::now();
    const auto done = run(shell("sleep 60 & echo $!"));
    ASSERT_TRUE(done);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10})
        << "it waited for the pipe's last writer";
    const pid_t left = std::stoi(done->output);
    bool gone = false;
    for (int i = 0; i < 100 && !gone; ++i) {
        // Its new parent may take a moment to reap it: a zombie is gone too.
        const auto state = read_file(fmt::format("/proc/{}/stat", left));
        gone = !state || state->find(") Z") != std::string::npos;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    EXPECT_TRUE(gone);
}

TEST(process, ends_with_an_interrupt) {
    const pid_t child = ::fork();
    if (child == 0) {
        catch_interrupts();
        std::thread sender{[] {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            ::kill(::getpid(), SIGINT);
        }};
        const auto done = run({.arguments = {"sleep", "60"}});
        sender.join();
        ::_exit(done && done->status == 128 + SIGTERM && is_interrupted() ? 0 : 1);
    }
    int status = 0;
    const auto begin = std::chrono::steady_clock::now();
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
}

TEST(process, a_second_interrupt_ends_at_once_unless_it_is_the_first_again) {
    const auto interrupted = [](std::chrono::milliseconds between) {
        catch_interrupts();
        ::raise(SIGINT);
        std::this_thread::sleep_for(between);
        ::raise(SIGINT);
        ::_exit(is_interrupted() ? 7 : 8);
    };
    EXPECT_EXIT(interrupted(std::chrono::milliseconds{0}), testing::ExitedWithCode(7), "");
    EXPECT_EXIT(interrupted(std::chrono::milliseconds{250}), testing::ExitedWithCode(130), "");
}

TEST(process, finds_programs) {
    EXPECT_TRUE(find_program("sh"));
    EXPECT_TRUE(find_program("/bin/sh"));
    EXPECT_FALSE(find_program("uk-no-such-program"));
    EXPECT_FALSE(find_program("/etc/passwd"));
    EXPECT_FALSE(find_program(""));
}

} // namespace
} // namespace uk::base
