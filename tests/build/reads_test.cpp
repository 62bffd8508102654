// Compilations run again for what they read, not for what they are only given.
#include <algorithm>

#include <fmt/format.h>

#include "build/action_key.hpp"
#include "build/forecast.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

class reads : public testing::rig {
  protected:
    fs::path project = folder.path() / "project";

    /// main.c beside the headers of headers/, and all of folder/.
    plan now() {
        plan p;
        action a = compile("main", input{"app/headers/main.c", host_file{project / "main.c"}});
        a.arguments.insert(a.arguments.begin() + 1, {"-Ifirst", "-Iapp/headers", "-Ifolder"});
        std::vector<std::string> headers;
        for (const auto& entry : fs::directory_iterator{project / "headers"})
            headers.push_back("headers/" + entry.path().filename().string());
        std::ranges::sort(headers);
        host_folder some{project, {}};
        some.only = std::make_shared<const std::vector<std::string>>(headers);
        if (!is_single) a.inputs.push_back({"app", some});
        for (const std::string& one : headers)
            if (is_single) a.inputs.push_back({"app/" + one, host_file{project / one}});
        a.inputs.push_back({"folder", host_folder{project / "folder", {}}});
        a.inputs.push_back({"gen/made.h", generated{made}});
        std::ranges::sort(a.inputs, {}, &input::path);
        a.is_selective = true;
        p.actions.push_back(std::move(a));
        return p;
    }
    /// How many actions ran.
    std::size_t runs() {
        const plan p = now();
        // What was foreseen is what happens.
        const auto seen = must(look_ahead(p, tools, kept, true)).actions[0].kind;
        const outcome done = must(run(p));
        EXPECT_EQ(seen == foreseen::type::runs, done.ran == 1);
        EXPECT_TRUE(done.actions[0].ok);
        object = done.actions[0].result.files.at("o/main.o").blob;
        key = done.actions[0].key;
        store empty = must(store::open(folder.path() / fmt::format("empty{}", ++count)));
        EXPECT_EQ(object, must(execute(p, tools, empty, {.jobs = 1})).actions[0].result.files.at("o/main.o").blob);
        return done.ran;
    }
    void SetUp() override {
        write(project / "headers/read.h", "#define READ 1\n");
        write(project / "headers/unread.h", "#define UNREAD 1\n");
        write(project / "folder/in.h", "#define IN 1\n");
        write(project / "folder/deep/in.h", "#define IN 2\n");
        write(project / "main.c", "#include \"read.h\"\n#include \"in.h\"\nint n = READ * 10 + IN;\n");
        ASSERT_EQ(runs(), 1u);
    }

    bool is_single = false; ///< the headers are an input each
    std::string made = "first\n";
    base::digest object;
    base::sha256 key;
    unsigned count = 0;
};

TEST_F(reads, other_contents_of_what_wasnt_read_change_nothing) {
    const base::sha256 before = key;
    write(project / "headers/unread.h", "#define UNREAD 2\n");
    EXPECT_EQ(runs(), 0u);
    EXPECT_NE(key, before) << "keys that others know are of everything";
    write(project / "folder/deep/in.h", "#define IN 3\n");
    made = "second\n";
    EXPECT_EQ(runs(), 0u);
    reopen();
    write(project / "headers/unread.h", "#define UNREAD 3\n");
    EXPECT_EQ(runs(), 0u);
}

TEST_F(reads, some_files_of_a_folder_are_as_if_each_was_an_input) {
    const base::sha256 before = key;
    is_single = true;
    EXPECT_EQ(runs(), 0u);
    EXPECT_EQ(key, before);
    write(project / "headers/read.h", "#define READ 5\n");
    EXPECT_EQ(runs(), 1u);
    is_single = false;
    EXPECT_EQ(runs(), 0u);
}

TEST_F(reads, what_was_read_runs_again) {
    for (const char* file : {"headers/read.h", "folder/in.h"}) {
        const base::digest before = object;
        write(project / file, testing::read(project / file) + "extern int more;\n");
        EXPECT_EQ(runs(), 1u) << file;
        write(project / file, file[0] == 'h' ? "#define READ 2\n" : "#define IN 2\n");
        EXPECT_EQ(runs(), 1u) << file;
        EXPECT_NE(object, before) << file;
    }
    // Both back: known by what was read then, whatever else is different now.
    write(project / "headers/read.h", "#define READ 1\n");
    write(project / "folder/in.h", "#define IN 1\n");
    write(project / "headers/unread.h", "#define UNREAD 4\n");
    EXPECT_EQ(runs(), 0u);
}

TEST_F(reads, a_name_that_comes_or_goes_runs_again) {
    write(project / "headers/in.h", "#define IN 7\n"); // found earlier
    EXPECT_EQ(runs(), 1u);
    fs::remove(project / "headers/in.h");
    EXPECT_EQ(runs(), 0u);
    write(project / "folder/deep/deeper/more.h", "");
    EXPECT_EQ(runs(), 1u) << "nobody knows what a new name means";
}

TEST_F(reads, an_empty_file_was_read_when_it_was_looked_at) {
    write(project / "folder/in.h", "");
    write(project / "main.c", "#include \"in.h\"\n#ifndef IN\n#define IN 5\n#endif\nint n = IN;\n");
    EXPECT_EQ(runs(), 1u);
    write(project / "folder/in.h", "#define IN 6\n");
    EXPECT_EQ(runs(), 1u);
}

TEST_F(reads, an_executable_bit_is_part_of_a_name) {
    fs::permissions(project / "folder/deep/in.h", fs::perms::owner_exec, fs::perm_options::add);
    EXPECT_EQ(runs(), 1u);
}

TEST_F(reads, without_the_sandbox_everything_counts) {
    ASSERT_EQ(must(execute(now(), tools, kept, {.jobs = 1, .sandbox = false})).ran, 1u);
    write(project / "headers/unread.h", "#define UNREAD 2\n");
    EXPECT_EQ(must(execute(now(), tools, kept, {.jobs = 1, .sandbox = false})).ran, 1u);
}

TEST_F(reads, an_action_that_doesnt_say_so_is_run_for_everything) {
    plan p = now();
    p.actions[0].is_selective = false;
    ASSERT_EQ(must(run(p)).ran, 0u) << "its key is the same";
    write(project / "headers/unread.h", "#define UNREAD 2\n");
    p = now();
    p.actions[0].is_selective = false;
    EXPECT_EQ(must(run(p)).ran, 1u);
}

TEST(read_lists, come_back_as_they_were) {
    const std::vector<read_paths> all{{"a", "b/c d"}, {"e"}};
    EXPECT_EQ(parse_reads(write(all)), all);
    EXPECT_TRUE(parse_reads("").empty());
    const outline some{base::digest_of("frame").hash,
                       {{"a", base::digest_of("1").hash}, {"e", base::digest_of("2").hash}}};
    EXPECT_FALSE(key_of_reads(some, all[0])) << "b/c d is none of its files";
    EXPECT_TRUE(key_of_reads(some, all[1]));
    EXPECT_NE(key_of_reads(some, {"a"}), key_of_reads(some, {"e"}));
}

} // namespace

} // namespace uk::build
