// A fake QEMU, a shell script in a PATH of the test's own, stands for what the outside may do.
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hpp"
#include "targets/child.hpp"
#include "targets/qemu.hpp"
#include "targets/runner.hpp"
#include "targets/xen.hpp"

namespace uk::targets {
namespace {

constexpr int exited(int code) { return code << 8; } // as waitpid(2) has it on Linux

std::string shutdown(std::string_view reason) {
    return fmt::format(
        "{{\"QMP\": {{}}}}\r\n{{\"return\": {{}}}}\r\n{{\"event\": \"SHUTDOWN\", \"data\": {{\"guest\": true, "
        "\"reason\": \"{}\"}}}}\r\n",
        reason);
}

TEST(qemu, the_exit_device_doubles_the_status) {
    for (const int status : {1, 3, 64, 124, 125, 126, 127}) {
        EXPECT_EQ(read_qemu_end(exited(2 * status + 1), "", 0).status, status);
        EXPECT_EQ(read_qemu_end(exited(2 * status + 1), "", 0).trouble, "");
    }
}

TEST(qemu, a_power_off_is_success_unless_the_console_says_more) {
    EXPECT_EQ(read_qemu_end(exited(0), shutdown("guest-shutdown"), 0).status, 0);
    EXPECT_EQ(read_qemu_end(exited(0), shutdown("guest-shutdown"), 5).status, 5);
    EXPECT_EQ(read_qemu_end(exited(0), "", 0).status, 0);
    EXPECT_EQ(read_qemu_end(exited(0), "not json\n[1]\n{\"event\": 7}\n{\"event\": \"SHUTDOWN\"}\n", 0).status, 0);
}

TEST(qemu, a_triple_fault_is_no_success) {
    const qemu_end end = read_qemu_end(exited(0), shutdown("guest-reset"), 0);
    EXPECT_EQ(end.status, machine_reset);
    EXPECT_NE(end.trouble.find("triple fault"), std::string::npos);
}

TEST(qemu, its_own_failures_are_told_apart) {
    EXPECT_EQ(read_qemu_end(exited(1), "", 0).status, running_failed);
    EXPECT_EQ(read_qemu_end(exited(2), "", 0).status, running_failed);
    EXPECT_EQ(read_qemu_end(9, "", 0).status, running_failed); // SIGKILL
    EXPECT_NE(read_qemu_end(9, "", 0).trouble.find("signal 9"), std::string::npos);
    EXPECT_EQ(read_qemu_end(exited(0), shutdown("host-signal"), 0).status, running_failed);
}

TEST(xen, statuses_of_the_guest_and_of_the_tool) {
    EXPECT_EQ(*read_xen_end(exited(0), 0), 0);
    EXPECT_EQ(*read_xen_end(exited(3), 3), 3); // said by the guest
    EXPECT_EQ(*read_xen_end(exited(2), 0), running_failed);
    EXPECT_EQ(*read_xen_end(exited(211), 0), machine_reset);
    EXPECT_EQ(*read_xen_end(exited(126), 126), 126);
    EXPECT_EQ(*read_xen_end(exited(230), 0), running_failed);
    EXPECT_EQ(read_xen_end(exited(3), 0).error().kind(), base::status::environment);
}

class runner : public testing::Test {
  protected:
    runner() {
        program("hello.elf", "exit 0");
        request.how = {.image = "hello.elf",
                       .runner = "qemu",
                       .architecture = "fake",
                       .machines = {"q35", "microvm"},
                       .memory = 4 << 20,
                       .parameters = {"first=1"}};
        request.folder = folder.path();
        request.parameters = {"--second=a b"};
        request.emulate = true;
        ::setenv("PATH", (folder.path().string() + ":" + path).c_str(), 1);
    }
    ~runner() override { ::setenv("PATH", path.c_str(), 1); }

    void program(const std::string& name, const std::string& script) {
        ASSERT_TRUE(base::write_file(folder.path() / name, "#!/bin/sh\n" + script + "\n", true));
    }
    void qemu(const std::string& script) { program("qemu-system-fake", script); }

    std::string path = std::getenv("PATH");
    base::scratch_folder folder = *base::scratch_folder::make(testing::TempDir());
    run_request request;
};

TEST_F(runner, the_command_is_data) {
    qemu("exit 99");
    request.machine = "microvm";
    const auto words = run_command(request);
    ASSERT_TRUE(words);
    const auto behind = [&](std::string_view option) {
        const auto at = std::ranges::find(*words, option);
        return at == words->end() || at + 1 == words->end() ? "" : *(at + 1);
    };
    EXPECT_EQ(words->front(), "qemu-system-fake");
    EXPECT_EQ(behind("-machine"), "microvm");
    EXPECT_EQ(behind("-accel"), "tcg");
    EXPECT_EQ(behind("-m"), "4096k");
    EXPECT_EQ(behind("-append"), "first=1 \"--second=a b\"");
    EXPECT_EQ(behind("-kernel"), (folder.path() / "hello.elf").string());
}

TEST_F(runner, what_cannot_be_run_is_said_before) {
    EXPECT_EQ(run_command(request).error().kind(), base::status::environment); // no such QEMU
    EXPECT_NE(base::render(run_command(request).error(), false).find("apt-get install"), std::string::npos);
    qemu("exit 0");
    request.machine = "microwm";
    EXPECT_NE(base::render(run_command(request).error(), false).find("did you mean `microvm`"), std::string::npos);
    request.machine.clear();
    request.parameters = {"a=\""};
    EXPECT_EQ(run_command(request).error().kind(), base::status::usage);
    request.parameters.clear();
    request.how.runner = "xem";
    EXPECT_EQ(run_command(request).error().kind(), base::status::input);
    request.how.image = "missing";
    EXPECT_EQ(run_command(request).error().kind(), base::status::input);
}

TEST_F(runner, console_and_status_come_through) {
    qemu("printf 'hello\\r\\n'; printf 'uk: exit status 9\\r\\n'; exit 0");
    testing::internal::CaptureStdout();
    const auto said = run(request);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "hello\nuk: exit status 9\n");
    EXPECT_EQ(*said, 9);
    qemu("exit 7");
    EXPECT_EQ(*run(request), 3);
}

TEST_F(runner, the_monitor_tells_a_reset) {
    qemu("for word; do case $word in socket,*fd=*) fd=${word##*fd=};; esac; done; eval \"read -r line <&$fd\"\n"
         "eval \"printf '{\\\"event\\\": \\\"SHUTDOWN\\\", \\\"data\\\": {\\\"reason\\\": \\\"guest-reset\\\"}}\\\\n' "
         ">&$fd\"");
    testing::internal::CaptureStderr();
    EXPECT_EQ(*run(request), machine_reset);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("triple fault"), std::string::npos);
}

TEST_F(runner, failures_are_explained) {
    qemu("kill -KILL $$");
    testing::internal::CaptureStderr();
    EXPECT_EQ(*run(request), running_failed);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("signal 9"), std::string::npos);
    ASSERT_TRUE(base::write_file(folder.path() / "qemu-system-fake", "no program", true));
    EXPECT_EQ(run(request).error().kind(), base::status::environment);
}

TEST_F(runner, a_process_gets_its_parameters_and_gives_its_status) {
    request.how.runner = "process";
    program("hello.elf", "[ \"$1\" = first=1 ] && [ \"$2\" = '--second=a b' ] && exit 5");
    EXPECT_EQ(*run(request), 5);
    program("hello.elf", "kill -SEGV $$");
    EXPECT_EQ(*run(request), 128 + 11);
}

TEST_F(runner, what_it_leaves_behind_does_not_hold_it) {
    qemu("sleep 30 & echo done; exit 7");
    testing::internal::CaptureStdout();
    const auto started = std::chrono::steady_clock::now();
    EXPECT_EQ(*run(request), 3);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{10});
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "done\n");
}

} // namespace
} // namespace uk::targets
