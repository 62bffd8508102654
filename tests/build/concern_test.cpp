#include "build/concern.hpp"

#include "tests/build/rig.hpp"

namespace uk::build {

namespace {

namespace fs = std::filesystem;
using testing::must;
using testing::write;

class concern : public ::testing::Test {
  protected:
    base::scratch_folder folder = must(base::scratch_folder::make(fs::temp_directory_path()));
    fs::path top = folder.path();
};

TEST_F(concern, folders_of_files_and_what_may_come) {
    write(top / "src/main.cpp", "");
    const watched all{
        .inputs = {top / "uk.yaml", top / "src", top / "src/main.cpp", top / "recipes", top / "far/away/x"},
        .outputs = {top / "dist/hosted/app"},
        .names = {}};
    EXPECT_EQ(folders_of(all), (std::set<fs::path>{top, top / "src"}));
}

TEST_F(concern, inputs_what_lies_beside_and_what_leads_to_them) {
    const watched all{.inputs = {top / "uk.yaml", top / "src", top / "src/main.cpp", top / "far/away/x"},
                      .outputs = {top / "src/made", top / "uk.lock"},
                      .names = {},
                      .choices = {top / "uk.yaml"}};
    for (const char* path : {"uk.yaml", "src/main.cpp", "src/new.cpp", "src", "far", "far/away", "uk.lock"})
        EXPECT_TRUE(concerns(all, top / path)) << path;
    for (const char* path : {"notes", "dist", "src/made", "src/deep/file", "farther"})
        EXPECT_FALSE(concerns(all, top / path)) << path;
    EXPECT_TRUE(concerns_choices(all, top / "uk.yaml"));
    EXPECT_TRUE(concerns_choices(all, top / "uk.lock"));
    EXPECT_FALSE(concerns_choices(all, top / "src/main.cpp"));
}

TEST_F(concern, names_that_match_a_pattern) {
    write(top / "parts/one/a.cpp", "");
    write(top / "dist/hosted/app", "");
    const watched own{.inputs = {}, .outputs = {}, .names = {{{top, ""}, ""}}};
    EXPECT_TRUE(concerns(own, top / "new.cpp"));
    for (const char* path : {".new.swp", "compile_commands.json", "dist", "parts/one/b.cpp"})
        EXPECT_FALSE(concerns(own, top / path)) << path;
    const watched deep{.inputs = {}, .outputs = {}, .names = {{{top, "parts/**.cpp"}, ""}}};
    EXPECT_EQ(folders_of(deep), (std::set<fs::path>{top, top / "parts", top / "parts/one"}));
    EXPECT_TRUE(concerns(deep, top / "parts/one/b.cpp"));
    EXPECT_TRUE(concerns(deep, top / "parts/two"));
    EXPECT_FALSE(concerns(deep, top / "parts/one/b.txt"));
}

} // namespace

} // namespace uk::build
