#include <algorithm>
#include <atomic>
#include <csignal>
#include <set>
#include <thread>

#include <sys/wait.h>

#include <gmock/gmock.h>

#include "base/process.hpp"
#include "build/snapshot.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using ::testing::HasSubstr;
using testing::must;
using testing::read;
using testing::write;
namespace fs = std::filesystem;

namespace {

class engine : public testing::rig {
  protected:
    /// Two sources and an archive of their objects.
    plan library() const {
        plan p;
        p.actions = {compile("one", "int one(void) { return 1; }\n"), compile("two", "int two(void) { return 2; }\n")};
        action a{.component = "demo", .label = "archive", .variant = "kvm"};
        a.arguments = {tools.ar, "rcsD", "lib.a", "o/one.o", "o/two.o"};
        a.inputs = {{"o/one.o", output_of{0, "o/one.o"}}, {"o/two.o", output_of{1, "o/two.o"}}};
        a.outputs = {"lib.a"};
        p.actions.push_back(a);
        p.results = {{"kvm/lib.a", output_of{2, "lib.a"}}, {"kvm/run.yaml", generated{"memory: 16MiB\n"}}};
        return p;
    }
};

TEST_F(engine, runs_what_is_new_and_nothing_else) {
    const auto first = must(run(library()));
    EXPECT_EQ(first.ran, 3u);
    reopen();
    const auto second = must(run(library()));
    EXPECT_EQ(second.ran, 0u);
    EXPECT_EQ(second.cached, 3u);
    EXPECT_EQ(second.actions[2].result, first.actions[2].result);

    plan changed = library();
    std::get<generated>(changed.actions[1].inputs[0].from).content = "int two(void) { return 22; }\n";
    EXPECT_EQ(must(run(changed)).ran, 2u);
}

TEST_F(engine, cuts_off_early_when_an_output_is_the_same) {
    must(run(library()));
    plan changed = library();
    std::get<generated>(changed.actions[1].inputs[0].from).content += "/* a comment */\n";
    const auto done = must(run(changed));
    EXPECT_EQ(done.ran, 1u); // the object is the same, so the archive isn't made again
}

TEST_F(engine, believes_what_is_known_beforehand) {
    const auto first = must(run(library()));
    plan changed = library();
    std::get<generated>(changed.actions[1].inputs[0].from).content = "int two(void) { return 22; }\n";
    const auto two = must(run(changed)).actions[1];
    const std::vector<std::optional<action_outcome>> known{first.actions[0], two, std::nullopt};
    const auto done = must(execute(library(), tools, kept, {.jobs = 2, .known = &known}));
    EXPECT_EQ(done.actions[2].result, must(run(changed)).actions[2].result); // not what its source says
    EXPECT_EQ(done.ran, 0u);
    EXPECT_EQ(done.cached, 3u);
}

TEST_F(engine, keys_are_the_same_in_every_folder) {
    std::set<std::string> keys;
    for (const char* name : {"here", "some/where/else"}) {
        const fs::path project = folder.path() / name;
        write(project / "a.c", "#include \"a.h\"\n");
        write(project / "include/a.h", "#define A 1\n");
        plan p;
        p.actions = {compile("a", input{"a.c", host_file{project / "a.c"}})};
        p.actions[0].arguments.push_back("-Iinclude");
        p.actions[0].inputs.push_back({"include", host_folder{project / "include", std::nullopt}});
        keys.insert(must(run(p)).actions[0].key.hex());
    }
    EXPECT_EQ(keys.size(), 1u);
}

TEST_F(engine, the_key_holds_everything_that_counts) {
    const action before = compile("a", "int a;\n");
    std::set<std::string> keys;
    const auto add = [&](const std::function<void(action&)>& change) {
        plan p;
        p.actions = {before};
        change(p.actions[0]);
        keys.insert(must(execute(p, tools, kept, {})).actions[0].key.hex());
    };
    add([](action&) {});
    add([](action& a) { a.arguments.push_back("-O2"); });
    add([](action& a) { a.environment["X"] = "1"; });
    add([](action& a) { a.inputs[0].executable = true; });
    add([](action& a) { a.inputs.push_back({"b.h", generated{""}}); });
    add([](action& a) { a.output_folders = {"more"}; });
    tools.fingerprint.bytes[0] ^= 1;
    add([](action&) {});
    EXPECT_EQ(keys.size(), 7u);
    // What is only for people doesn't.
    add([](action& a) { a.label = "other", a.component = "other", a.variant = "xen", a.keep_errors = true; });
    EXPECT_EQ(keys.size(), 7u);
}

TEST_F(engine, an_include_that_is_not_declared_is_an_error) {
    write(folder.path() / "secret.h", "#define SECRET 1\n");
    for (const std::string& header : {std::string{"<stdio.h>"}, "\"" + (folder.path() / "secret.h").string() + "\""}) {
        plan p;
        p.actions = {compile("a", "#include " + header + "\n")};
        const auto done = run(p);
        ASSERT_FALSE(done) << header;
        EXPECT_THAT(base::render(done.error(), false), HasSubstr("No such file or directory"));
    }
}

TEST_F(engine, says_what_failed_in_the_compilers_words) {
    plan p = library();
    std::get<generated>(p.actions[0].inputs[0].from).content = "int one(void) { return it's; }\n";
    p.actions[0].arguments.push_back("-DNAME=\"a b\"");
    const auto done = run(p);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), base::status::failed);
    const std::string text = base::render(done.error(), false);
    EXPECT_THAT(text, HasSubstr("`compile one` of demo for `kvm` failed"));
    EXPECT_THAT(text, HasSubstr("one.c:1:"));
    EXPECT_THAT(text, HasSubstr(tools.c + " -c one.c -o o/one.o '-DNAME=\"a b\"'"));
}

TEST_F(engine, the_first_failure_in_plan_order_is_reported) {
    plan p;
    for (int i = 0; i < 6; ++i) p.actions.push_back(compile("f" + std::to_string(i), i % 2 ? "broken" : "int x;\n"));
    const auto done = execute(p, tools, kept, {.jobs = 2, .keep_going = true});
    ASSERT_FALSE(done);
    EXPECT_THAT(base::render(done.error(), false), HasSubstr("compile f1"));
}

TEST_F(engine, a_check_may_fail_and_the_others_go_on) {
    plan p = library();
    std::get<generated>(p.actions[0].inputs[0].from).content = "broken";
    p.actions[0].keep_errors = true;
    const auto done = must(run(p));
    EXPECT_FALSE(done.actions[0].ok);
    EXPECT_THAT(done.actions[0].errors, HasSubstr("one.c:1:"));
    EXPECT_TRUE(done.actions[1].ok);
    EXPECT_FALSE(done.actions[2].ok);
    EXPECT_FALSE(done.actions[2].ran);
}

TEST_F(engine, a_failure_is_not_remembered) {
    plan p;
    p.actions = {compile("a", "broken")};
    p.actions[0].keep_errors = true;
    must(run(p));
    EXPECT_TRUE(must(run(p)).actions[0].ran);
}

TEST_F(engine, keeps_what_an_action_said_also_of_one_that_failed) {
    plan p;
    p.actions = {compile("a", "broken"), compile("b", "int f(void) { }\n")};
    p.actions[0].keep_errors = true;
    p.actions[1].arguments.push_back("-Wall");
    const outcome done = must(execute(p, tools, kept, {.project = "/some/where/"}));
    reopen();
    const auto failed = kept.find_log(done.actions[0].key.hex()), warned = kept.find_log(done.actions[1].key.hex());
    ASSERT_TRUE(failed && failed->said && warned && warned->said);
    EXPECT_EQ(failed->status, 1);
    EXPECT_EQ(failed->name, "kvm demo: compile a");
    EXPECT_EQ(failed->project, "/some/where/");
    EXPECT_THAT(failed->command, HasSubstr("-c a.c -o o/a.o"));
    EXPECT_THAT(must(kept.get(*failed->said)), HasSubstr("a.c:1:"));
    EXPECT_EQ(warned->status, 0);
    EXPECT_THAT(must(kept.get(*warned->said)), HasSubstr("-Wreturn-type"));
}

TEST_F(engine, shows_warnings_again) {
    plan p;
    p.actions = {compile("a", "int f(void) { }\n")};
    p.actions[0].arguments.push_back("-Wall");
    for (int i = 0; i < 2; ++i) {
        std::string said;
        must(execute(p, tools, kept, {.tell = [&](const event& e) { said += e.text; }}));
        EXPECT_THAT(said, HasSubstr("-Wreturn-type")) << i;
    }
}

TEST_F(engine, the_same_action_runs_once) {
    plan p;
    for (const char* variant : {"kvm", "xen", "hosted"}) {
        p.actions.push_back(compile("a", "int a;\n"));
        p.actions.back().variant = variant;
    }
    const auto done = must(run(p, 3));
    EXPECT_EQ(done.ran, 1u);
    EXPECT_EQ(done.cached, 2u);
}

TEST_F(engine, makes_a_wrong_blob_anew) {
    const auto first = must(run(library()));
    must(write_results(library(), first, kept, dist));
    const std::string good = read(dist / "kvm/lib.a");
    // Of an object (then the archive has to be made too, so it is taken away) and of what goes to people.
    for (const std::size_t which : {0u, 2u}) {
        const auto blob = first.actions[which].result.files.begin()->second.blob;
        const fs::path file = kept.path_of(blob.hash);
        std::string content = read(file);
        content[content.size() / 2] ^= 1;
        fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
        write(file, content);
        if (which == 0) fs::remove(kept.path_of(first.actions[2].result.files.begin()->second.blob.hash));
        fs::remove_all(dist);
        const auto again = must(run(library()));
        EXPECT_GE(again.ran, 1u);
        must(write_results(library(), again, kept, dist));
        EXPECT_EQ(read(dist / "kvm/lib.a"), good);
        EXPECT_TRUE(fs::exists(home / "quarantine" / blob.hash.hex()));
    }
}

TEST_F(engine, results_that_are_the_same_stay_untouched_and_old_ones_go) {
    const auto done = must(run(library()));
    must(write_results(library(), done, kept, dist));
    const auto before = fs::last_write_time(dist / "kvm/lib.a");
    write(dist / "kvm/old.elf", "old");
    write(dist / "kvm/deep/old.elf", "old");
    write(dist / "xen/kept.elf", "another variant's");
    write(dist / "kvm/run.yaml", "memory: 99MiB\n");
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    must(write_results(library(), done, kept, dist));
    EXPECT_EQ(fs::last_write_time(dist / "kvm/lib.a"), before);
    EXPECT_FALSE(fs::exists(dist / "kvm/old.elf"));
    EXPECT_FALSE(fs::exists(dist / "kvm/deep/old.elf"));
    EXPECT_TRUE(fs::exists(dist / "xen/kept.elf"));
    EXPECT_EQ(read(dist / "kvm/run.yaml"), "memory: 16MiB\n");
}

TEST_F(engine, output_folders_are_inputs_of_others) {
    plan p;
    action split{.component = "demo", .label = "take apart", .variant = "kvm"};
    split.arguments = {"./make"};
    write(folder.path() / "make.c",
          "#include <stdio.h>\n#include <sys/stat.h>\nint main(void) { mkdir(\"out/a\", 0777);"
          "FILE* f = fopen(\"out/a/made.h\", \"w\"); fputs(\"#define MADE 1\\n\", f); return 0; }\n");
    ASSERT_EQ(must(base::run({.arguments = {"gcc", "-static", "make.c", "-o", "make"},
                              .environment = {},
                              .folder = folder.path(),
                              .input = {}}))
                  .status,
              0);
    split.inputs = {{"make", host_file{folder.path() / "make"}, true}};
    split.output_folders = {"out"};
    p.actions = {split, compile("a", "#include \"made.h\"\n#if !MADE\n#error\n#endif\n")};
    p.actions[1].inputs.push_back({"made.h", output_of{0, "out/a/made.h"}});
    EXPECT_EQ(must(run(p)).ran, 2u);
    EXPECT_EQ(must(run(p)).cached, 2u);
}

TEST_F(engine, a_folder_that_changes_meanwhile_spoils_nothing) {
    write(folder.path() / "include/a.h", "#define A 1\n");
    plan p;
    p.actions = {compile("a", "#include \"a.h\"\n")};
    p.actions[0].arguments.push_back("-Iinclude");
    p.actions[0].inputs.push_back({"include", host_folder{folder.path() / "include", std::nullopt}});
    const auto done = execute(p, tools, kept, {.tell = [&](const event& e) {
                                  if (e.kind == event::type::started)
                                      write(folder.path() / "include/a.h", "#define A 2\n");
                              }});
    ASSERT_FALSE(done);
    EXPECT_THAT(base::render(done.error(), false), HasSubstr("changed while it was being built"));
    write(folder.path() / "include/a.h", "#define A 1\n");
    EXPECT_EQ(must(run(p)).ran, 1u); // nothing was remembered for the old content
}

TEST_F(engine, unprotected_results_are_kept_apart) {
    plan p;
    p.actions = {compile("a", "int a;\n")};
    must(execute(p, tools, kept, {.sandbox = false}));
    EXPECT_EQ(must(run(p)).ran, 1u);
    EXPECT_EQ(must(execute(p, tools, kept, {.sandbox = false})).cached, 1u);
}

TEST_F(engine, the_longest_chain_goes_first) {
    plan p;
    for (int i = 0; i < 3; ++i)
        p.actions.push_back(compile("short" + std::to_string(i), "int a" + std::to_string(i) + ";\n"));
    p.actions.push_back(compile("long", "int l;\n"));
    action strip{.component = "demo", .label = "strip", .variant = "kvm"};
    strip.arguments = {tools.strip, "-g", "-o", "s.o", "o/long.o"};
    strip.inputs = {{"o/long.o", output_of{3, "o/long.o"}}};
    strip.outputs = {"s.o"};
    p.actions.push_back(strip);
    std::vector<std::string> order;
    must(execute(p, tools, kept, {.jobs = 1, .tell = [&](const event& e) {
                                      if (e.kind == event::type::started) order.push_back(e.what->label);
                                  }}));
    EXPECT_EQ(order.front(), "compile long");
}

// Same bytes with debug information, whatever the folder, user and time.
TEST_F(engine, objects_say_nothing_about_where_they_were_made) {
    plan p;
    p.actions = {compile("a", "const char* f = __FILE__ __DATE__ __TIME__;\n")};
    p.actions[0].arguments.push_back("-g");
    const auto done = must(run(p));
    const std::string object = must(kept.get(done.actions[0].result.files.at("o/a.o").blob));
    EXPECT_THAT(object, HasSubstr("/proc/self/cwd"));
    EXPECT_THAT(object, HasSubstr("Jan  1 1980"));
    EXPECT_THAT(object, ::testing::Not(HasSubstr(folder.path().string())));
}

TEST_F(engine, two_builds_at_once_share_a_store) {
    must(kept.flush());
    std::vector<pid_t> children;
    for (int i = 0; i < 2; ++i) {
        children.push_back(::fork());
        if (children.back() != 0) continue;
        try {
            store mine = must(store::open(home));
            const auto done = must(execute(library(), tools, mine, {.jobs = 2}));
            must(write_results(library(), done, mine, folder.path() / std::to_string(i)));
            ::_exit(0);
        } catch (...) {
            ::_exit(1);
        }
    }
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(read(folder.path() / "0/kvm/lib.a"), read(folder.path() / "1/kvm/lib.a"));
}

TEST_F(engine, the_toolchain_is_found_again_at_once) {
    must(find_toolchain(kept));
    const auto begin = std::chrono::steady_clock::now();
    const toolchain again = must(find_toolchain(kept));
    RecordProperty("microseconds",
                   static_cast<int>((std::chrono::steady_clock::now() - begin) / std::chrono::microseconds{1}));
    EXPECT_EQ(again.fingerprint, tools.fingerprint);
    EXPECT_EQ(again.mounts, tools.mounts);
    for (const fs::path& mount : again.mounts) {
        EXPECT_NE(mount, "/usr/include");
        EXPECT_TRUE(fs::exists(mount)) << mount;
    }
}

} // namespace

} // namespace uk::build
