// Bad input, one file each in tests/hostile/<reader>/: what is read, a line of `=====`, and what uk has to say about it.
// UK_ACCEPT=1 writes the answers of today; look at them before they are committed.
#include <cstdlib>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/yaml.hpp"
#include "registry/recipe.hpp"

namespace uk::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view separator = "=====\n";

template <class T>
std::string said(const base::result<T>& read) {
    return read ? "accepted\n" : base::render(read.error(), false);
}

std::string answer(const std::string& reader, std::string_view input) {
    if (reader == "yaml") return said(base::yaml::parse(input, "file.yaml"));
    if (reader == "manifest") return said(parse_manifest(input, "uk.yaml"));
    return said(parse_recipe(input, "recipe.yaml"));
}

class hostile_file : public testing::Test {
  public:
    explicit hostile_file(fs::path file) : file_{std::move(file)} {}

    void TestBody() override {
        const auto all = base::read_file(file_);
        ASSERT_TRUE(all) << said(all);
        const auto end = all->rfind("\n" + std::string{separator});
        ASSERT_NE(end, std::string::npos) << file_ << " has no line of =====";
        const auto input = all->substr(0, end + 1);
        const auto expected = all->substr(end + 1 + separator.size());
        const auto actual = answer(file_.parent_path().filename().string(), input);
        if (std::getenv("UK_ACCEPT") != nullptr) {
            ASSERT_TRUE(base::write_file(file_, input + std::string{separator} + actual));
            return;
        }
        EXPECT_EQ(actual, expected) << file_.string() << ":1: what uk says has changed";
    }

  private:
    fs::path file_;
};

const bool registered = [] {
    const auto folder = fs::path{UK_SOURCE_DIR} / "tests/hostile";
    for (const std::string reader : {"yaml", "recipe", "manifest"}) {
        const auto files = base::list_files(folder / reader);
        if (!files) std::abort();
        for (const auto& name : *files) {
            auto test = name.substr(0, name.find('.'));
            testing::RegisterTest(
                ("hostile_" + reader).c_str(), test.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                [file = folder / reader / name]() -> testing::Test* { return new hostile_file{file}; });
        }
    }
    return true;
}();

} // namespace
} // namespace uk::registry
