// The examples of docs/: a block of YAML that begins with `# uk.yaml` or `# recipe.yaml` is read as one.
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "registry/recipe.hpp"

namespace uk::registry {
namespace {

struct block {
    int line = 0;
    std::string text;
};

std::vector<block> blocks(std::string_view page) {
    std::vector<block> found;
    bool inside = false;
    int number = 0;
    while (!page.empty()) {
        const auto end = page.find('\n');
        const auto line = page.substr(0, end);
        page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
        ++number;
        if (!inside && line == "```yaml") found.push_back({number + 1, ""});
        else if (inside && line != "```") found.back().text.append(line).append("\n");
        inside = inside ? line != "```" : line == "```yaml";
    }
    return found;
}

void check(const std::string& name, int least) {
    const auto page = base::read_file(std::string{UK_SOURCE_DIR "/docs/"} + name);
    ASSERT_TRUE(page) << base::render(page.error(), false);
    int whole = 0;
    for (const auto& one : blocks(*page)) {
        const auto file = name + ":" + std::to_string(one.line) + "+";
        const bool is_manifest = one.text.starts_with("# uk.yaml\n"),
                   is_recipe = one.text.starts_with("# recipe.yaml\n");
        whole += is_manifest || is_recipe;
        const auto yaml = base::yaml::parse(one.text, file);
        EXPECT_TRUE(yaml) << base::render(yaml.error(), false);
        if (!is_manifest && !is_recipe) continue;
        const auto read = is_manifest ? parse_manifest(one.text, file) : parse_recipe(one.text, file);
        EXPECT_TRUE(read) << base::render(read.error(), false);
    }
    EXPECT_GE(whole, least);
}

TEST(docs, examples_of_the_formats_can_be_read) { check("reference/formats.md", 5); }

} // namespace
} // namespace uk::registry
