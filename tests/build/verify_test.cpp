// Programs that put what they see into an output: each must be found, and what it looked at named.
#include "build/verify.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "base/process.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

class verify_test : public testing::rig {
  protected:
    void SetUp() override {
        write(folder.path() / "x.c",
              "#define _GNU_SOURCE\n#include <dirent.h>\n#include <sched.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
              "#include <string.h>\n#include <sys/stat.h>\n#include <time.h>\n#include <unistd.h>\n"
              "static void name(const char* f, FILE* to) { struct dirent* e; DIR* d = opendir(f);\n"
              "  while ((e = readdir(d))) if (e->d_name[0] != '.') fprintf(to, \"%s \", e->d_name); }\n"
              "int main(int n, char** a) {\n"
              "  FILE* to = fopen(\"out\", \"w\"); char text[200]; struct stat s; struct timespec t; cpu_set_t c;\n"
              "  fputs(\"made by \", to);\n"
              "  for (; *++a;) {\n"
              "    if (!strcmp(*a, \"folder\")) fputs(getcwd(text, 200), to);\n"
              "    if (!strcmp(*a, \"user\")) fprintf(to, \"%d %d\", getuid(), getgid());\n"
              "    if (!strcmp(*a, \"host\")) gethostname(text, 200), fputs(text, to);\n"
              "    if (!strcmp(*a, \"umask\")) fprintf(to, \"%o\", umask(0));\n"
              "    if (!strcmp(*a, \"processors\")) sched_getaffinity(0, sizeof c, &c), fprintf(to, \"%d\", "
              "CPU_COUNT(&c));\n"
              "    if (!strcmp(*a, \"uptime\")) clock_gettime(CLOCK_BOOTTIME, &t), fprintf(to, \"%ld\", t.tv_sec / "
              "10000000);\n"
              "    if (!strcmp(*a, \"locale\")) fputs(getenv(\"LC_ALL\"), to);\n"
              "    if (!strcmp(*a, \"time-zone\")) fputs(getenv(\"TZ\"), to);\n"
              "    if (!strcmp(*a, \"environment\")) fputs(getenv(\"HOME\"), to);\n"
              "    if (!strcmp(*a, \"file-order\")) name(\"in\", to);\n"
              "    if (!strcmp(*a, \"file-times\")) stat(\"x\", &s), fprintf(to, \"%ld\", s.st_mtim.tv_sec);\n"
              "    if (!strcmp(*a, \"folder-times\")) stat(\"in/c\", &s), fprintf(to, \"%ld\", s.st_mtim.tv_sec);\n"
              "    if (!strcmp(*a, \"clock\")) clock_gettime(CLOCK_REALTIME, &t), fprintf(to, \"%ld\", t.tv_nsec);\n"
              "    if (!strcmp(*a, \"address\")) fprintf(to, \"%p\", (void*)&s);\n"
              "    if (!strcmp(*a, \"fails\")) if (getuid() != 1000) return puts(\"who is this?\"), 3;\n"
              "  }\n"
              "  return 0; }\n");
        const auto made = must(base::run({.arguments = {"gcc", "-O1", "-w", "-static", "x.c", "-o", "x"},
                                          .environment = {},
                                          .folder = folder.path(),
                                          .input = {}}));
        ASSERT_EQ(made.status, 0) << made.errors;
        for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) write(folder.path() / "in" / name, name);
    }

    action putting(const std::vector<std::string>& what) const {
        action a{.component = "demo", .label = "put", .variant = "kvm"};
        a.arguments = {"./x"};
        a.arguments.insert(a.arguments.end(), what.begin(), what.end());
        a.inputs = {{"in", host_folder{folder.path() / "in", std::nullopt}},
                    {"x", host_file{folder.path() / "x"}, true}};
        a.outputs = {"out"};
        return a;
    }
    verification check(const plan& p) {
        const outcome done = must(run(p));
        return must(verify(p, done, tools, kept, {.jobs = 2}));
    }
    static std::vector<std::string> names(const std::vector<variation>& all) {
        std::vector<std::string> names;
        for (const variation one : all) names.push_back(name_of(one));
        return names;
    }
};

TEST_F(verify_test, finds_each_and_names_it) {
    for (const variation one : possible_variations()) {
        plan p;
        p.actions = {putting({name_of(one)})};
        const verification done = check(p);
        ASSERT_EQ(done.differences.size(), 1u) << name_of(one);
        EXPECT_THAT(names(done.differences[0].because), ElementsAre(name_of(one)));
        EXPECT_FALSE(done.differences[0].by_chance);
        EXPECT_EQ(done.differences[0].output, "out");
        EXPECT_GE(done.differences[0].offset, 8u); // behind `made by `
    }
    EXPECT_GE(possible_variations().size(), 9u);
}

TEST_F(verify_test, finds_times_in_folders_too) {
    plan p;
    p.actions = {putting({"folder-times"})};
    EXPECT_THAT(names(check(p).differences.at(0).because), ElementsAre("file-times"));
}

TEST_F(verify_test, names_several) {
    plan p;
    p.actions = {putting({"user", "host"})};
    const verification done = check(p);
    EXPECT_THAT(names(done.differences.at(0).because), ElementsAre("user", "host"));
    EXPECT_EQ(done.differences[0].was, "1000 1000uk");
    EXPECT_EQ(done.differences[0].varied, "2345 2345elsewhere");
}

TEST_F(verify_test, tells_chance_from_surroundings) {
    plan p;
    p.actions = {putting({"clock"}), putting({"address"})};
    const verification done = check(p);
    ASSERT_EQ(done.differences.size(), 2u);
    for (const difference& one : done.differences) {
        EXPECT_THAT(one.because, IsEmpty());
        EXPECT_TRUE(one.by_chance);
    }
    EXPECT_FALSE(done.differences[0].by_addresses);
    EXPECT_TRUE(done.differences[1].by_addresses);
}

TEST_F(verify_test, says_what_fails_elsewhere) {
    plan p;
    p.actions = {putting({"fails"})};
    const difference one = check(p).differences.at(0);
    EXPECT_EQ(one.output, "");
    EXPECT_EQ(one.said, "who is this?\n");
    EXPECT_THAT(names(one.because), ElementsAre("user"));
}

TEST_F(verify_test, blames_the_action_that_does_it_not_what_reads_its_output) {
    plan p;
    p.actions = {putting({}), putting({"host"}), compile("a", "const char out[] = {\n#include \"out\"\n};\n")};
    p.actions[1].arguments.push_back("user");
    p.actions[2] = compile("a", "int a;\n");
    p.actions[2].inputs.push_back({"out", output_of{1, "out"}});
    const verification done = check(p);
    EXPECT_EQ(done.checked, 3u);
    ASSERT_EQ(done.differences.size(), 1u);
    EXPECT_EQ(done.differences[0].action, 1u);
}

TEST_F(verify_test, what_an_action_declares_stays) {
    plan p;
    p.actions = {putting({"environment", "time-zone"})};
    p.actions[0].environment = {{"HOME", "/mine"}, {"TZ", "UTC"}};
    EXPECT_THAT(check(p).differences, IsEmpty());
}

TEST_F(verify_test, what_a_compiler_makes_is_the_same) {
    plan p;
    p.actions = {compile("a", "const char* f = __FILE__ __DATE__ __TIME__;\nint g(int x) { return x; }\n"),
                 compile("a", "const char* f = __FILE__ __DATE__ __TIME__;\nint g(int x) { return x; }\n")};
    p.actions[0].arguments.push_back("-g");
    p.actions[1].variant = "xen";
    p.actions[1].arguments.push_back("-g");
    const verification done = check(p);
    EXPECT_EQ(done.checked, 1u); // the same action
    EXPECT_THAT(done.differences, IsEmpty());
}

} // namespace

} // namespace uk::build
