// What a hostile command can and can't do. Each test has a command that tries, and would show it if it could.
#include <fstream>
#include <thread>

#include <dirent.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/process.hpp"
#include "build/sandbox.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using ::testing::HasSubstr;
using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

// Programs are compiled on the host, linked statically and given as inputs: nothing else is needed inside.
class sandbox : public ::testing::Test {
  protected:
    base::scratch_folder folder = must(base::scratch_folder::make(fs::temp_directory_path()));
    std::string program;

    void compile(const std::string& body) {
        const std::string before =
            "#define _GNU_SOURCE\n#include <arpa/inet.h>\n#include <dirent.h>\n#include <errno.h>\n#include <fcntl.h>\n"
            "#include <sched.h>\n#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
            "#include <sys/ioctl.h>\n#include <sys/mman.h>\n#include <sys/mount.h>\n#include <sys/ptrace.h>\n#include "
            "<sys/socket.h>\n#include <sys/stat.h>\n"
            "#include <sys/syscall.h>\n#include <sys/uio.h>\n#include <sys/un.h>\n#include <sys/wait.h>\n#include "
            "<unistd.h>\n";
        write(folder.path() / "x.c",
              before + "int main(int argc, char** argv) { (void)argc, (void)argv; " + body + " }\n");
        const auto made = must(base::run({.arguments = {"gcc", "-O1", "-w", "-static", "x.c", "-o", "x"},
                                          .environment = {},
                                          .folder = folder.path(),
                                          .input = {}}));
        ASSERT_EQ(made.status, 0) << made.errors;
        program = testing::read(folder.path() / "x");
    }
    sandbox_request request() {
        fs::create_directories(folder.path() / "place");
        sandbox_request r{.arguments = {"./x"}, .environment = {}, .mounts = {}};
        r.files.push_back({"x", program, true});
        r.place = folder.path() / "place";
        return r;
    }
    sandbox_result run(std::vector<std::string> outputs = {}) {
        sandbox_request r = request();
        r.outputs = std::move(outputs);
        return must(run_in_sandbox(r));
    }
    static std::string content(const sandbox_output& from) {
        std::string text(1 << 16, '\0');
        const auto n = ::pread(from.file.number(), text.data(), text.size(), 0);
        text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return text;
    }
};

TEST_F(sandbox, runs_a_command_and_takes_its_outputs) {
    compile(R"(FILE* f = fopen("o/out", "w"); fputs("made", f); puts("said"); return 0;)");
    const auto done = run({"o/out"});
    EXPECT_EQ(done.status, 0);
    EXPECT_EQ(done.said, "said\n");
    ASSERT_EQ(done.outputs.size(), 1u);
    EXPECT_EQ(content(done.outputs[0]), "made");
}

TEST_F(sandbox, says_how_the_command_ended) {
    compile("return 7;");
    EXPECT_EQ(run().status, 7);
    compile("abort();");
    EXPECT_EQ(run().status, 128 + SIGABRT);
}

TEST_F(sandbox, shows_nothing_else_of_the_host) {
    compile(R"(
        const char* folders[] = {"/", "/build", "/dev", "/tmp", "/usr", "/usr/bin", "/proc", "/etc", "/home", "/root", "/sys", "/var"};
        for (int i = 0; i < 12; ++i) {
            DIR* d = opendir(folders[i]);
            if (!d) continue;
            printf("%s:", folders[i]);
            struct dirent** all; int n = scandir(folders[i], &all, 0, alphasort);
            for (int k = 0; k < n; ++k) if (all[k]->d_name[0] != '.') printf(" %s", all[k]->d_name);
            puts("");
        }
        return 0;)");
    EXPECT_EQ(run().said, "/: bin build dev lib lib64 proc sbin tmp usr\n/build: x\n/dev: null\n/tmp:\n"
                          "/usr: bin lib lib64 sbin\n/usr/bin:\n/proc: self\n");
}

TEST_F(sandbox, looks_the_same_for_whoever_runs_it) {
    compile(R"(
        char host[100], domain[100], here[100];
        gethostname(host, 100), getdomainname(domain, 100), getcwd(here, 100);
        mode_t mask = umask(0); umask(mask);
        printf("%s %s %d %d %d %d %o %s\n", host, domain, getuid(), getgid(), getpid(), getsid(0), mask, here);
        extern char** environ; for (char** e = environ; *e; ++e) puts(*e);
        for (int f = 3; f < 1024; ++f) if (fcntl(f, F_GETFD) >= 0) printf("descriptor %d\n", f);
        return 0;)");
    EXPECT_EQ(run().said, "uk uk 1000 1000 2 2 22 /build\n");
}

TEST_F(sandbox, has_no_network) {
    compile(R"(
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr = {htonl(0x08080808)}};
        int s = socket(AF_INET, SOCK_DGRAM, 0);
        printf("%s\n", connect(s, (void*)&to, sizeof to) ? strerror(errno) : "connected");
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        s = socket(AF_INET, SOCK_STREAM, 0);
        printf("%s\n", connect(s, (void*)&to, sizeof to) ? strerror(errno) : "connected");
        return 0;)");
    EXPECT_EQ(run().said, "Network is unreachable\nNetwork is unreachable\n");
}

TEST_F(sandbox, reaches_no_abstract_socket) {
    const int listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
    struct {
        sa_family_t family = AF_UNIX;
        char name[9] = "\0uk-test";
    } address;
    ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listening, 1), 0);
    compile(R"(
        struct { sa_family_t f; char n[9]; } to = {AF_UNIX, "\0uk-test"};
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        puts(connect(s, (void*)&to, sizeof to) ? strerror(errno) : "connected");
        return 0;)");
    EXPECT_EQ(run().said, "Connection refused\n");
    ::close(listening);
}

TEST_F(sandbox, cant_write_outside_of_its_room) {
    write(folder.path() / "inputs/a.h", "a");
    compile(R"(
        const char* files[] = {"/new", "/usr/bin/new", "/dev/new", "in/new", "in/a.h", "/build/ok", "/tmp/ok"};
        for (int i = 0; i < 7; ++i) {
            int f = open(files[i], O_WRONLY | O_CREAT, 0666);
            printf("%s: %s\n", files[i], f < 0 ? strerror(errno) : "written");
        }
        chmod("in/a.h", 0777); rename("in/a.h", "in/b.h"); unlink("in/a.h");
        mount(0, "in", 0, MS_REMOUNT | MS_BIND, 0);
        unshare(CLONE_NEWUSER | CLONE_NEWNS);
        printf("%s\n", mount(0, "/build/in", 0, MS_REMOUNT | MS_BIND, 0) ? strerror(errno) : "remounted");
        printf("%s\n", umount("/build/in") ? "still there" : "uncovered");
        return 0;)");
    sandbox_request r = request();
    r.folders.push_back({"in", folder.path() / "inputs"});
    const auto done = must(run_in_sandbox(r));
    const std::string no = ": Read-only file system\n";
    EXPECT_EQ(done.said, "/new" + no + "/usr/bin/new" + no + "/dev/new" + no + "in/new" + no + "in/a.h" + no +
                             "/build/ok: written\n/tmp/ok: written\nOperation not permitted\nstill there\n");
    EXPECT_EQ(testing::read(folder.path() / "inputs/a.h"), "a");
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path() / "inputs"}, {}), 1);
}

TEST_F(sandbox, refuses_outputs_that_are_no_files) {
    compile(R"(symlink("/build/x", "out"); return 0;)");
    EXPECT_EQ(run({"out"}).wrong, "made `out` as a symbolic link, not as a regular file");
    compile(R"(mkdir("out", 0777); return 0;)");
    EXPECT_EQ(run({"out"}).wrong, "made `out` as a folder, not as a regular file");
    compile(R"(mkfifo("out", 0666); return 0;)");
    EXPECT_EQ(run({"out"}).wrong, "made `out` as a special file, not as a regular file");
    compile("return 0;");
    EXPECT_EQ(run({"out"}).wrong, "didn't make `out`");
    compile(R"(rmdir("o"); symlink("/usr", "o"); return 0;)");
    EXPECT_THAT(run({"o/out"}).wrong, HasSubstr("`o/out`"));
}

TEST_F(sandbox, takes_no_output_through_a_link) {
    compile(R"(mkdir("real", 0777); fclose(fopen("real/out", "w")); rmdir("o"); symlink("real", "o"); return 0;)");
    const auto done = run({"o/out"});
    EXPECT_TRUE(done.outputs.empty());
    EXPECT_THAT(done.wrong, HasSubstr("`o/out`"));
}

TEST_F(sandbox, says_which_files_were_read) {
    compile(R"(
        char byte; struct stat about;
        read(open("read", O_RDONLY), &byte, 1);
        open("opened", O_RDONLY); stat("looked_at", &about);
        mmap(0, 1, PROT_READ, MAP_PRIVATE, open("mapped", O_RDONLY), 0);
        unlink("gone"); chmod("written", 0644); write(open("written", O_WRONLY), "y", 1);
        read(open("in/read", O_RDONLY), &byte, 1); return 0;)");
    sandbox_request r = request();
    r.note_reads = true;
    for (const char* path :
         {"empty", "gone", "in/read", "in/unread", "looked_at", "mapped", "opened", "read", "written"})
        r.files.push_back({path, path == std::string{"empty"} ? "" : "x"});
    const auto done = must(run_in_sandbox(r));
    EXPECT_EQ(done.status, 0) << done.said;
    EXPECT_THAT(done.read, ::testing::ElementsAre("empty", "gone", "in/read", "mapped", "read", "written", "x"));
}

TEST_F(sandbox, takes_every_file_of_an_output_folder) {
    compile(R"(mkdir("all/b", 0777); fclose(fopen("all/z", "w")); fclose(fopen("all/b/y", "w")); return 0;)");
    sandbox_request r = request();
    r.output_folders = {"all"};
    auto done = must(run_in_sandbox(r));
    ASSERT_EQ(done.outputs.size(), 2u);
    EXPECT_EQ(done.outputs[0].path, "all/b/y");
    EXPECT_EQ(done.outputs[1].path, "all/z");
    compile(R"(symlink("/etc/passwd", "all/link"); return 0;)");
    r = request();
    r.output_folders = {"all"};
    EXPECT_THAT(must(run_in_sandbox(r)).wrong, HasSubstr("all/link"));
}

TEST_F(sandbox, cant_push_characters_into_a_terminal) {
    compile(R"(
        char c = 'x';
        for (int f = 0; f < 3; ++f) if (ioctl(f, TIOCSTI, &c) == 0) puts("pushed");
        puts(open("/dev/tty", O_RDWR) < 0 ? "no terminal" : "a terminal");
        return 0;)");
    EXPECT_EQ(run().said, "no terminal\n");
}

TEST_F(sandbox, leaves_no_process_behind) {
    compile(R"(
        if (fork() == 0) { setsid(); if (fork() == 0) { signal(SIGTERM, SIG_IGN); for (;;) pause(); } _exit(0); }
        puts("done"); return 0;)");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(run().said, "done\n");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});
}

// It works in uk's own memory.
TEST_F(sandbox, cant_reach_process_1) {
    compile(R"(
        char byte;
        struct iovec here = {&byte, 1}, there = {(void*)main, 1};
        if (ptrace(PTRACE_ATTACH, 1, 0, 0) == 0 || errno != EPERM) printf("attached, %d\n", errno);
        if (ptrace(PTRACE_SEIZE, 1, 0, 0) == 0 || errno != EPERM) printf("seized, %d\n", errno);
        if (process_vm_readv(1, &here, 1, &there, 1, 0) >= 0 || errno != EPERM) printf("read, %d\n", errno);
        if (process_vm_writev(1, &here, 1, &there, 1, 0) >= 0 || errno != EPERM) printf("written, %d\n", errno);
        if (syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, 1, 0), 0, 0) >= 0 || errno != EPERM) printf("taken, %d\n", errno);
        kill(1, SIGKILL);
        puts("tried");)");
    EXPECT_EQ(run().said, "tried\n");
}

TEST_F(sandbox, bounds_what_a_command_takes) {
    compile("for (int i = 0; i < 3000000; ++i) puts(\"0123456789\"); return 0;");
    EXPECT_EQ(run().said.size(), std::size_t{1} << 20);
    if (::geteuid() == 0) GTEST_SKIP() << "the kernel doesn't limit root's processes";
    compile("int n = 0; while (n < 5000) { int p = fork(); if (p == 0) { pause(); } if (p < 0) break; ++n; } puts(n < "
            "5000 ? \"stopped\" : \"bomb\"); return 0;");
    EXPECT_EQ(run().said, "stopped\n");
}

TEST_F(sandbox, strips_what_would_give_rights) {
    compile(R"(fclose(fopen("out", "w")); chmod("out", 06755); return 0;)");
    const auto done = run({"out"});
    ASSERT_EQ(done.outputs.size(), 1u);
    store kept = must(store::open(folder.path() / "home"));
    const auto blob = must(kept.put_open_file(done.outputs[0].file.number()));
    must(kept.restore(blob, folder.path() / "restored", true));
    EXPECT_EQ(fs::status(kept.path_of(blob.hash)).permissions(), fs::perms{0444});
    EXPECT_EQ(fs::status(folder.path() / "restored").permissions() & fs::perms{07000}, fs::perms::none);
}

TEST_F(sandbox, says_what_is_missing) {
    compile("return 0;");
    sandbox_request r = request();
    r.arguments = {"/usr/bin/python3"};
    auto done = must(run_in_sandbox(r));
    EXPECT_EQ(done.status, 127);
    EXPECT_EQ(done.said, "/usr/bin/python3: No such file or directory\n");
    r = request();
    r.mounts = {"/nowhere/at/all"};
    const auto refused = run_in_sandbox(r);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), base::status::environment);
    EXPECT_THAT(base::render(refused.error(), false), HasSubstr("opening /nowhere/at/all: No such file or directory"));
}

TEST(sandbox_check, this_machine_can) {
    const auto can = check_sandbox();
    EXPECT_TRUE(can) << base::render(can.error(), false);
}

} // namespace

} // namespace uk::build
