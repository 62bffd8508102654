// fetch() from a server on loopback (which uk-fetch allows without TLS); uk-fetch alone is tested in tests/sources/.
#include <cstdlib>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "registry/source.hpp"

namespace uk::registry {
namespace {

namespace fs = std::filesystem;

class source : public testing::Test {
  protected:
    source() {
        for (const char* name : {"registry/recipes/stuff/0.1.0", "registry/beside/sub", "served"})
            fs::create_directories(folder.path() / name);
        component.content.name = "stuff";
        component.content.id = *parse_version("0.1.0", {});
        component.registry = "test";
        component.root = folder.path() / "registry";
        component.folder = component.root / "recipes/stuff/0.1.0";
        how.store = folder.path() / "store";
        write("registry/beside/sub/b", "b\n");
        write("registry/beside/a", "a\n");
        serve();
    }
    ~source() override {
        if (server > 0) ::kill(server, SIGKILL);
        if (said) ::pclose(said);
    }

    void write(const std::string& name, std::string_view content) {
        ASSERT_TRUE(base::write_file(folder.path() / name, content));
    }

    // The archive of top/{a,sub/b}, and a server for it, by Python.
    void serve() {
        const std::string script =
            "import functools, http.server, os, tarfile\n"
            "os.chdir(\"" +
            folder.path().string() +
            "\")\n"
            "with tarfile.open(\"served/stuff.tar.gz\", \"w:gz\") as archive: archive.add(\"registry/beside\", "
            "\"top\")\n"
            "quiet = type(\"quiet\", (http.server.SimpleHTTPRequestHandler,), {\"log_message\": lambda *_: None})\n"
            "server = http.server.ThreadingHTTPServer((\"127.0.0.1\", 0), functools.partial(quiet, "
            "directory=\"served\"))\n"
            "print(os.getpid(), server.server_address[1], flush=True)\n"
            "server.serve_forever()\n";
        write("server.py", script);
        said = ::popen(("exec python3 " + (folder.path() / "server.py").string()).c_str(), "r");
        ASSERT_TRUE(said);
        ASSERT_EQ(::fscanf(said, "%d %d", &server, &port), 2);
        archive = base::digest_of_file(folder.path() / "served/stuff.tar.gz")->hash;
    }

    address at(const std::string& file) {
        return {.kind = address::type::https,
                .text = fmt::format("http://127.0.0.1:{}/{}", port, file),
                .hash = archive,
                .where = {"recipe.yaml", 9, 9}};
    }
    static address in(const std::string& path) {
        return {.kind = address::type::folder, .text = path, .where = {"recipe.yaml", 9, 9}};
    }
    void origin_from(std::vector<address> from) {
        component.content.origins = {{.from = std::move(from), .where = {"recipe.yaml", 8, 5}}};
    }
    std::string problem() {
        const auto got = fetch(component, how);
        if (got) return "";
        EXPECT_EQ(got.error().kind(), base::status::source);
        return base::render(got.error(), false);
    }

    base::scratch_folder folder = *base::scratch_folder::make(testing::TempDir());
    entry component;
    source_options how;
    std::FILE* said = nullptr;
    int server = 0, port = 0;
    base::sha256 archive;
};

// REAPI's Directory of {a: "a\n", sub/b: "b\n"}, computed by hand in Python: hashlib and protobuf's wire format.
constexpr const char* beside_tree = "775584da0d014b47626d74f1f1cbabe71e66f1355e18b37de5ae62f741377284";

TEST_F(source, a_tree_is_named_by_its_directory) {
    EXPECT_EQ(tree_digest(component.root / "beside")->hex(), beside_tree);
    ::chmod((component.root / "beside/a").c_str(), 0755);
    EXPECT_NE(tree_digest(component.root / "beside")->hex(), beside_tree);
    fs::create_symlink("a", component.root / "beside/link");
    EXPECT_FALSE(tree_digest(component.root / "beside"));
}

TEST_F(source, an_archive_is_fetched_once) {
    origin_from({at("stuff.tar.gz")});
    std::vector<std::string> talk;
    how.progress = [&](const std::string& text) { talk.push_back(text); };
    const auto first = fetch(component, how);
    ASSERT_TRUE(first) << base::render(first.error(), false);
    EXPECT_EQ(first->tree.hex(), beside_tree);
    EXPECT_EQ(tree_digest(first->folder)->hex(), beside_tree);
    EXPECT_EQ(talk.size(), 1u);
    ::kill(server, SIGKILL);
    how.offline = true;
    EXPECT_EQ(fetch(component, how)->folder, first->folder);
    // The tree is made again out of the file that is kept.
    fs::remove_all(how.store / "trees");
    EXPECT_EQ(fetch(component, how)->tree.hex(), beside_tree);
    EXPECT_EQ(talk.size(), 1u);
}

TEST_F(source, the_next_address_is_tried) {
    origin_from({at("missing.tar.gz"), at("stuff.tar.gz")});
    EXPECT_TRUE(fetch(component, how));
}

TEST_F(source, each_address_says_why_it_failed) {
    write("served/other", "something else");
    origin_from({at("missing.tar.gz"), at("other")});
    const std::string text = problem();
    EXPECT_NE(text.find("recipe.yaml:8"), std::string::npos) << text;
    EXPECT_NE(text.find("404"), std::string::npos) << text;
    EXPECT_NE(text.find(archive.hex()), std::string::npos) << text;
    EXPECT_NE(text.find(base::digest_of("something else").hash.hex()), std::string::npos) << text;
    EXPECT_FALSE(fs::exists(how.store / "files" / archive.hex()));
    EXPECT_FALSE(fs::exists(how.store / "trees"));
}

TEST_F(source, offline_says_what_is_missing) {
    origin_from({at("stuff.tar.gz")});
    how.offline = true;
    EXPECT_NE(problem().find("stuff.tar.gz"), std::string::npos);
}

TEST_F(source, a_tree_that_differs_says_both_digests) {
    origin_from({at("stuff.tar.gz")});
    component.content.origins.front().tree = archive;
    const std::string text = problem();
    EXPECT_NE(text.find(archive.hex()), std::string::npos) << text;
    EXPECT_NE(text.find(beside_tree), std::string::npos) << text;
}

TEST_F(source, a_kept_file_that_was_damaged_is_fetched_again) {
    origin_from({at("stuff.tar.gz")});
    fs::create_directories(how.store / "files");
    write("store/files/" + archive.hex(), "damaged");
    const auto got = fetch(component, how);
    ASSERT_TRUE(got) << base::render(got.error(), false);
    EXPECT_EQ(got->tree.hex(), beside_tree);
}

TEST_F(source, a_folder_is_used_where_it_lies_and_stays_inside) {
    origin_from({in("beside")});
    EXPECT_EQ(fetch(component, how)->folder, component.root / "beside");
    fs::create_directories(folder.path() / "outside");
    fs::create_directory_symlink(folder.path() / "outside", component.root / "away");
    for (const char* path : {"../outside", "away", "none", "beside/a"}) {
        origin_from({in(path)});
        EXPECT_NE(problem().find("isn't in the registry"), std::string::npos) << path;
    }
}

TEST_F(source, patches_are_applied_and_must_fit) {
    write("registry/recipes/stuff/0.1.0/fix.patch", "--- x/a\n+++ y/a\n@@ -1 +1 @@\n-a\n+patched\n");
    origin_from({at("stuff.tar.gz")});
    component.content.origins.front().patches = {"fix.patch"};
    const auto got = fetch(component, how);
    ASSERT_TRUE(got) << base::render(got.error(), false);
    EXPECT_EQ(*base::read_file(got->folder / "a"), "patched\n");
    write("registry/recipes/stuff/0.1.0/fix.patch", "--- x/a\n+++ y/a\n@@ -1 +1 @@\n-c\n+patched\n");
    EXPECT_NE(problem().find("fix.patch"), std::string::npos);
    // What looks like a script for ed isn't given to it.
    write("registry/recipes/stuff/0.1.0/fix.patch", "1d\n.\n!touch " + (folder.path() / "evil").string() + "\nw\n");
    EXPECT_NE(problem(), "");
    EXPECT_FALSE(fs::exists(folder.path() / "evil"));
}

TEST_F(source, several_origins_make_one_tree) {
    origin_from({at("stuff.tar.gz")});
    component.content.origins.push_back({.from = {in("beside/sub")}, .into = "port"});
    const auto got = fetch(component, how);
    ASSERT_TRUE(got);
    EXPECT_EQ(*base::list_files(got->folder), (std::vector<std::string>{"a", "port/b", "sub/b"}));
}

TEST_F(source, debian_says_no_host_when_it_has_nothing) {
    if (!base::find_program("apt-get")) GTEST_SKIP() << "no apt";
    origin_from({{.kind = address::type::debian,
                  .text = "musl/0.0.0-1/musl_0.0.0.orig.tar.gz",
                  .hash = archive,
                  .where = {"recipe.yaml", 9, 9}}});
    const std::string text = problem();
    EXPECT_NE(text.find("debian:musl/0.0.0-1/musl_0.0.0.orig.tar.gz"), std::string::npos) << text;
    EXPECT_EQ(text.find("http"), std::string::npos) << text;
}

} // namespace
} // namespace uk::registry
