// What is kept of a key, and what it says about the next run.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "build/preimage.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::must;
namespace fs = std::filesystem;
using ::testing::UnorderedElementsAre;

namespace {

class preimage_test : public testing::rig {
  protected:
    fs::path headers = folder.path() / "headers", source = folder.path() / "main.c";
    std::vector<std::string> arguments{"-O1", "-I", "first", "-I", "second"};
    std::map<std::string, std::string> environment;

    preimage_test() {
        testing::write(headers / "x.h", "#define X 1\n");
        testing::write(headers / "deep/y.h", "\n");
        testing::write(source, "#include <x.h>\nint x = X;\n");
    }

    plan make() {
        action a = compile("main", input{"main.c", host_file{source}});
        a.arguments.insert(a.arguments.begin() + 1, arguments.begin(), arguments.end());
        a.inputs.insert(a.inputs.begin(), input{"first", host_folder{headers, {}}});
        a.environment = environment;
        return {{a}, {}};
    }

    // What an execution ran, and why, in words; nothing: it ran nothing.
    std::vector<std::string> reasons(const plan& what) {
        must(execute(what, tools, kept, {.jobs = 1, .project = "/p/"}));
        must(kept.flush());
        std::vector<std::string> all;
        const auto ran = kept.find_last_logs("/p/");
        EXPECT_EQ(ran.size(), 1u);
        if (ran.front().build == last_) return {"nothing"};
        last_ = ran.front().build;
        if (!ran.front().before) return {"first"};
        const auto before = read_preimage(kept.find_preimage(*ran.front().before)),
                   now = read_preimage(kept.find_preimage(ran.front().key));
        if (!before || !now) return {"unknown"};
        const auto listing = [&](const std::string& tree) { return kept.find_listing(*base::sha256::from_hex(tree)); };
        for (const change& one : changes(*before, *now, listing)) {
            std::string text = describe(one);
            for (auto at = text.find(folder.path().string()); at != text.npos; at = text.find(folder.path().string()))
                text.erase(at, folder.path().string().size() + 1);
            all.push_back(text);
        }
        return all;
    }

  private:
    std::int64_t last_ = 0;
};

TEST_F(preimage_test, says_nothing_of_what_wasnt_read) {
    testing::write(headers / "deep/y.h", "int unread;\n");
    const auto selective = [&] {
        plan made = make();
        made.actions[0].is_selective = true;
        return made;
    };
    EXPECT_THAT(reasons(selective()), ElementsAre("first"));
    testing::write(headers / "deep/y.h", "int still_unread;\n");
    EXPECT_THAT(reasons(selective()), ElementsAre("nothing"));
    testing::write(headers / "deep/y.h", "int unread_again;\n");
    testing::write(source, "#include <x.h>\nint x = X + 1;\n");
    EXPECT_THAT(reasons(selective()), ElementsAre("main.c changed"));
    fs::permissions(headers / "deep/y.h", fs::perms::owner_exec, fs::perm_options::add);
    EXPECT_THAT(reasons(selective()), ElementsAre("headers changed"));
}

TEST_F(preimage_test, names_what_changed_since_the_last_run) {
    EXPECT_THAT(reasons(make()), ElementsAre("first"));
    EXPECT_THAT(reasons(make()), ElementsAre("nothing"));

    testing::write(source, "#include <x.h>\nint x = X + 1;\n");
    EXPECT_THAT(reasons(make()), ElementsAre("main.c changed"));
    testing::write(headers / "x.h", "#define X 2\n");
    EXPECT_THAT(reasons(make()), ElementsAre("headers/x.h changed"));
    testing::write(headers / "deep/x.h", "#define X 3\n");
    fs::remove(headers / "deep/y.h");
    EXPECT_THAT(reasons(make()), UnorderedElementsAre("headers/deep/x.h is new", "headers/deep/y.h is gone"));
    fs::permissions(headers / "x.h", fs::perms::owner_exec, fs::perm_options::add);
    EXPECT_THAT(reasons(make()), ElementsAre("headers changed"));

    arguments[0] = "-O2";
    arguments.push_back("-g");
    EXPECT_THAT(reasons(make()),
                UnorderedElementsAre("the command has -O2 instead of -O1", "the command has -g as well"));
    std::swap(arguments[2], arguments[4]);
    EXPECT_THAT(reasons(make()), ElementsAre("the command's arguments stand in another order"));
    environment["GCC_COLORS"] = "some thing";
    EXPECT_THAT(reasons(make()), ElementsAre("the environment has 'GCC_COLORS=some thing'"));
    environment["GCC_COLORS"] = "";
    EXPECT_THAT(reasons(make()), ElementsAre("the environment lacks GCC_COLORS now"));
    tools.fingerprint = base::digest_of("another compiler").hash;
    const auto said = reasons(make());
    ASSERT_EQ(said.size(), 1u);
    EXPECT_THAT(said[0], ::testing::MatchesRegex(
                             "the toolchain is gcc-[0-9.]+ [0-9a-f]{12} instead of gcc-[0-9.]+ [0-9a-f]{12}"));
}

TEST_F(preimage_test, is_kept_of_the_last_run_and_the_one_before) {
    std::vector<base::sha256> keys;
    for (const char* text : {"int x;\n", "int y;\n", "int z;\n"}) {
        testing::write(source, text);
        reasons(make());
        keys.push_back(kept.find_last_logs("/p/").front().key);
    }
    EXPECT_EQ(kept.find_preimage(keys[0]), "");
    EXPECT_NE(kept.find_preimage(keys[1]), "");
    EXPECT_NE(kept.find_preimage(keys[2]), "");
}

TEST_F(preimage_test, reads_what_it_writes_and_nothing_else) {
    preimage one{
        .arguments = {"gcc", "a \"b\"\n"}, .outputs = {"o"}, .environment = {{"A", "b"}}, .needs = {}, .inputs = {}};
    one.inputs["x.c"] = {"00", "generated", true};
    EXPECT_EQ(read_preimage(write(one)), one);
    for (const char* text : {"", "{}", "[1]", "{\"arguments\": 1}"}) EXPECT_FALSE(read_preimage(text)) << text;
    EXPECT_THAT(changes(one, one, [](const std::string&) { return std::nullopt; }), IsEmpty());
}

} // namespace

} // namespace uk::build
