#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "registry/index.hpp"

namespace uk::registry {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class index_of : public testing::Test {
  protected:
    void SetUp() override {
        scratch_ = base::scratch_folder::make(fs::temp_directory_path());
        put("registry.yaml", "format: 1\nname: test\n");
    }

    void put(const std::string& name, std::string_view content) {
        ASSERT_TRUE(base::make_folders((root() / name).parent_path()));
        ASSERT_TRUE(base::write_file(root() / name, content));
    }
    void put_component(const std::string& name, const std::string& version, const std::string& more = "") {
        put("recipes/" + name + "/" + version + "/recipe.yaml",
            "name: " + name + "\nversion: " + version.substr(0, version.find("-r")) + "\nkind: component\n" + more);
    }
    fs::path root() const { return scratch_->path(); }
    std::string problem() const {
        const auto opened = index::open(root());
        return opened ? "opened" : base::render(opened.error(), false);
    }

  private:
    base::result<base::scratch_folder> scratch_ = base::error{base::status::internal, ""};
};

version v(std::string_view text) { return *parse_version(text, {}); }

TEST_F(index_of, a_registry_knows_names_and_versions) {
    for (const auto text : {"1.2.0", "1.10.0", "1.2.0-r1"})
        put_component("b", text, text == std::string_view{"1.2.0-r1"} ? "revision: 1\n" : "");
    put_component("a", "0.1.0", "implements: {net.stack 1.0: {class: uk::a, header: a.hpp}}\n");
    put("recipes/README.md", "text");
    put("recipes/.hidden/x", "text");
    const auto opened = index::open(root());
    ASSERT_TRUE(opened) << problem();
    EXPECT_THAT(opened->registries(), ElementsAre("test"));
    EXPECT_THAT(opened->names(), ElementsAre("a", "b"));
    EXPECT_THAT(opened->versions("b"), ElementsAre(v("1.10.0"), v("1.2.0-r1"), v("1.2.0")));
    EXPECT_TRUE(opened->versions("c").empty());
    const auto found = opened->find("b", v("1.2.0-r1"));
    ASSERT_TRUE(found) << base::render(found.error(), false);
    EXPECT_EQ((*found)->content.id, v("1.2.0-r1"));
    EXPECT_EQ((*found)->registry, "test");
    EXPECT_EQ((*found)->folder, root() / "recipes/b/1.2.0-r1");
    EXPECT_EQ((*found)->root, root());
    EXPECT_EQ((*found)->hash, base::digest_of(*base::read_file((*found)->folder / "recipe.yaml")).hash);
    EXPECT_EQ(*opened->find("b", v("1.2.0-r1")), *found) << "read once";
    std::vector<base::diagnostic> unread;
    EXPECT_THAT(opened->implementers("net.stack", unread), ElementsAre("a"));
    EXPECT_THAT(opened->implementers("net.device", unread), ElementsAre());
    EXPECT_THAT(unread, ElementsAre());
    EXPECT_FALSE(opened->find("b", v("9.0.0")));
    EXPECT_FALSE(opened->find("c", v("1.0.0")));
}

TEST_F(index_of, opening_reads_no_recipe) {
    put("recipes/a/1.0.0/recipe.yaml", "not: [a recipe");
    const auto opened = index::open(root());
    ASSERT_TRUE(opened) << problem();
    const auto found = opened->find("a", v("1.0.0"));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind(), base::status::input);
}

TEST_F(index_of, what_isnt_a_registry_is_refused) {
    put("recipes/a/1.0.0/recipe.yaml", "");
    put("registry.yaml", "format: 2\nname: test\n");
    EXPECT_THAT(problem(), HasSubstr("reads registries of format 1, not `2`"));
    put("registry.yaml", "format: 1\nname: test\nsigners: []\n");
    EXPECT_THAT(problem(), HasSubstr("not supported by this version"));
    fs::remove(root() / "registry.yaml");
    EXPECT_THAT(problem(), HasSubstr("this folder is no registry: it has no registry.yaml"));
}

TEST_F(index_of, bad_names_are_refused) {
    put("recipes/lwip/1.0.0/recipe.yaml", "");
    put("recipes/LwIP/1.0.0/recipe.yaml", "");
    EXPECT_THAT(problem(), HasSubstr("the names `LwIP` and `lwip` differ only in case"));
    fs::remove_all(root() / "recipes/lwip");
    EXPECT_THAT(problem(), HasSubstr("`LwIP` is no component's name"));
    fs::remove_all(root() / "recipes/LwIP");
    put("recipes/lwip/latest/recipe.yaml", "");
    EXPECT_THAT(problem(), HasSubstr("`latest` is not a version"));
}

TEST_F(index_of, a_recipe_lies_in_its_own_folder) {
    put("recipes/a/1.0.0/recipe.yaml", "name: b\nversion: 1.0.0\nkind: component\n");
    const auto opened = index::open(root());
    const auto found = opened->find("a", v("1.0.0"));
    ASSERT_FALSE(found);
    EXPECT_THAT(base::render(found.error(), false),
                HasSubstr("this recipe is of `b 1.0.0`, but lies in the folder of `a 1.0.0`"));
}

TEST_F(index_of, links_are_no_recipes) {
    put_component("a", "1.0.0");
    fs::create_symlink(root() / "recipes/a", root() / "recipes/b");
    fs::create_symlink(root() / "recipes/a/1.0.0", root() / "recipes/a/2.0.0");
    const auto opened = index::open(root());
    ASSERT_TRUE(opened);
    EXPECT_THAT(opened->names(), ElementsAre("a"));
    EXPECT_THAT(opened->versions("a"), ElementsAre(v("1.0.0")));
}

TEST_F(index_of, a_yanked_version_is_there_but_not_the_newest) {
    for (const auto text : {"1.0.0", "2.0.0", "2.1.0"}) put_component("a", text);
    put("recipes/a/yanked.yaml", "2.1.0: loses replies\n2.0.0: loses replies, too\n9.0.0: never was here\n");
    auto opened = index::open(root());
    ASSERT_TRUE(opened) << problem();
    EXPECT_THAT(opened->versions("a"), ElementsAre(v("2.1.0"), v("2.0.0"), v("1.0.0")));
    EXPECT_EQ(opened->newest("a"), v("1.0.0"));
    EXPECT_EQ(opened->newest("b"), std::nullopt);
    EXPECT_EQ(opened->yanked("a", v("1.0.0")), nullptr);
    EXPECT_EQ(opened->yanked("a", v("2.0.0"))->reason, "loses replies, too");
    EXPECT_EQ(opened->yanked("a", v("2.0.0"))->where.line, 2);

    put("recipes/a/yanked.yaml", "{1.0.0: a, 2.0.0: b, 2.1.0: c}\n");
    opened = index::open(root());
    ASSERT_TRUE(opened) << problem();
    EXPECT_EQ(opened->newest("a"), v("2.1.0")) << "nothing else is there";
}

TEST_F(index_of, a_wrong_yanked_yaml_says_where) {
    put_component("a", "1.0.0");
    put("recipes/a/yanked.yaml", "1.0.0: [x]\none: y\n1.1.0:\n\"1.0.0-r0\": again\n");
    EXPECT_THAT(problem(), AllOf(HasSubstr("yanked.yaml:1:8: "), HasSubstr("yanked.yaml:2:1: "),
                                 HasSubstr("yanked.yaml:3:1: `1.1.0` needs a reason")));
    put("recipes/a/yanked.yaml", "- 1.0.0\n");
    EXPECT_THAT(problem(), HasSubstr("expected versions, each with why it is yanked: `1.2.3: reason`"));
}

TEST_F(index_of, overrides_are_the_only_versions) {
    put_component("a", "1.0.0");
    put_component("a", "2.0.0");
    put("mine/recipe.yaml", "name: a\nversion: 1.5.0\nkind: component\n");
    auto opened = index::open(root());
    ASSERT_TRUE(opened);
    put("later/recipe.yaml", "name: a\nversion: 1.6.0\nkind: component\n");
    ASSERT_TRUE(opened->override_with({root() / "mine", root() / "later"}));
    EXPECT_THAT(opened->versions("a"), ElementsAre(v("1.6.0"), v("1.5.0")));
    EXPECT_EQ((*opened->find("a", v("1.5.0")))->registry, "path");
    EXPECT_FALSE(opened->override_with({root() / "nothing"}));
}

// What ships with uk.
TEST(builtin, every_recipe_can_be_read) {
    const auto opened = index::open(UK_SOURCE_DIR);
    ASSERT_TRUE(opened) << base::render(opened.error(), false);
    for (const auto& name : opened->names())
        for (const auto& which : opened->versions(name)) {
            const auto found = opened->find(name, which);
            EXPECT_TRUE(found) << base::render(found.error(), false);
        }
}

} // namespace
} // namespace uk::registry
