#include <poll.h>

#include "build/preamble.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

TEST(divide, takes_the_leading_includes) {
    EXPECT_EQ(divide("#include \"a.hpp\"\n\n// why\n#  include <b>\n\nint x;\n"),
              (divided_source{"#include \"a.hpp\"\n\n// why\n#  include <b>\n", "\n\n\n\n\nint x;\n"}));
    EXPECT_EQ(divide("/* who\n   may */\n#define A 1\n#undef B\n#include A_HEADER // x\nnamespace y {}\n#include <z>\n")
                  .preamble,
              "/* who\n   may */\n#define A 1\n#undef B\n#include A_HEADER // x\n");
    EXPECT_EQ(divide("#include <a>\r\nint x;\r\n").preamble, "#include <a>\r\n");
    EXPECT_EQ(divide("#include <a>").preamble, "#include <a>");
}

TEST(divide, stops_before_what_depends_on_the_rest) {
    for (const char* behind :
         {"#if 1\n#include <b>\n#endif\n", "#define A \\\n1\n#include <b>\n", "// x \\\n#include <b>\n",
          "#include <b> /* x\n#include <c> */\n", "#pragma once\n#include <b>\n", "int x; /*\n#include <b>\n*/\n",
          "#includes\n#include <b>\n", "/* x\n#include <b>\n*/ int x;\n", "\\\n#include <b>\n"}) {
        const divided_source divided = divide(std::string{"#include <a>\n"} + behind);
        EXPECT_EQ(divided.preamble, "#include <a>\n") << behind;
        EXPECT_EQ(divided.rest, std::string{"\n"} + behind);
        EXPECT_EQ(divide(behind), (divided_source{"", behind}));
    }
    EXPECT_EQ(divide(""), (divided_source{"", ""}));
    EXPECT_EQ(divide("#define A 1\n\n"), (divided_source{"", "#define A 1\n\n"}));
}

class preamble : public testing::rig {
  protected:
    fs::path source = folder.path() / "a.cpp", header = folder.path() / "include/a.hpp";
    preambles all = must(preambles::open(home));
    plan what;
    outcome done;

    void SetUp() override {
        write(header, "#pragma once\ntemplate <class T> T twice(T x) { return x + x; }\n");
        write(header.parent_path() / "c.hpp", "#include \"a.hpp\"\n");
        write(source, "#include \"a.hpp\"\n\nint f() { return twice(1) + __LINE__; }\n");
        action a{.component = "application", .label = "compile a.cpp", .variant = "kvm"};
        a.source = "app/a.cpp";
        a.arguments = {tools.cxx, "-Og", "-g", "-Wall", "-std=c++23", "-Iinclude", "-c", a.source, "-o", "o/a.o"};
        host_folder headers{header.parent_path(), std::nullopt};
        headers.only = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.hpp", "c.hpp"});
        a.inputs = {{a.source, host_file{source}}, {"include", headers}};
        a.outputs = {"o/a.o"};
        what.actions = {std::move(a)};
        done = must(run(what));
    }
    void prepare(bool builds = true) {
        if (builds) done = must(run(what));
        must(all.prepare({what, done, tools, kept}));
        for (pollfd ended{all.number(), POLLIN, 0}; all.number() >= 0 && ::poll(&ended, 1, 60000) == 1;) all.take();
    }
    std::optional<action_result> guess() { return must(all.guess({what, done, tools, kept}, 0)); }
};

TEST_F(preamble, gives_the_object_of_the_whole) {
    EXPECT_FALSE(guess());
    prepare();
    write(source, "#include \"a.hpp\"\n\nint more();\n#include \"c.hpp\"\nint f() { return twice(2) + __LINE__; "
                  "}\nconst char* g() { "
                  "return __FILE__; }\n");
    const auto guessed = guess();
    ASSERT_TRUE(guessed);
    const outcome plain = must(run(what));
    EXPECT_EQ(plain.ran, 1u); // a guess is no result
    EXPECT_EQ(*guessed, plain.actions[0].result);
}

TEST_F(preamble, is_not_used_once_something_has_changed) {
    prepare();
    write(header, "#pragma once\ntemplate <class T> T twice(T x) { return 2 * x; }\n");
    done = must(run(what));
    EXPECT_FALSE(guess());
    prepare();
    EXPECT_TRUE(guess());
    write(source, "#include \"a.hpp\"\n#include \"c.hpp\"\nint f() { return twice(1) + __LINE__; }\n");
    EXPECT_FALSE(guess());
    prepare();
    EXPECT_TRUE(guess());
    what.actions[0].arguments[1] = "-O2";
    EXPECT_FALSE(guess());
}

TEST_F(preamble, says_nothing_of_mistakes) {
    prepare();
    write(source, "#include \"a.hpp\"\nint f() { return nonsense; }\n");
    EXPECT_FALSE(guess());
    write(source, "#include \"b.hpp\"\nint f() { return 1; }\n");
    prepare(false);
    EXPECT_FALSE(guess());
}

TEST_F(preamble, leaves_nothing) {
    const auto count = [&] {
        return std::ranges::distance(fs::recursive_directory_iterator{home / "tmp"},
                                     fs::recursive_directory_iterator{});
    };
    const auto before = count();
    prepare();
    EXPECT_EQ(count(), before + 2); // a folder and a preamble
    write(source, "#include \"a.hpp\"\n#include \"c.hpp\"\nint f() { return 1; }\n");
    must(all.prepare({what, done, tools, kept}));
    all.cancel();
    EXPECT_EQ(all.number(), -1);
    EXPECT_EQ(count(), before + 2);
    {
        const preambles gone = std::move(all);
    }
    EXPECT_EQ(count(), before);
}

} // namespace

} // namespace uk::build
