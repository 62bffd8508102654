// Formats that must not compile, and the words in which the compiler says so.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace {

/// What the compiler says to one call of print; empty if it accepts it.
std::string said_to(const std::string& call) {
    static int number = 0;
    const auto file = std::filesystem::path(testing::TempDir()) / ("uk_print_" + std::to_string(number++) + ".cpp");
    std::ofstream(file) << "#include <string>\n#include <vector>\n#include <uk/print.hpp>\n"
                           "struct c { uk::result<void> write(std::string_view); uk::result<std::size_t> "
                           "read(std::span<std::byte>); };\n"
                           "void f(c& to) { (void)uk::print(to, "
                        << call << "); }\n";
    const std::string recipes = UK_SOURCE_DIR "/recipes/";
    const std::string command = "g++ -std=c++23 -fsyntax-only -I" + recipes + "core/0.1.0/include -I" + recipes +
                                "console/0.1.0/include -I" + recipes + "print/0.1.0/include " + file.string() + " 2>&1";
    std::string said;
    FILE* compiler = popen(command.c_str(), "r");
    for (int c; (c = std::fgetc(compiler)) != EOF;) said += static_cast<char>(c);
    const bool accepted = pclose(compiler) == 0;
    std::filesystem::remove(file);
    return accepted ? "" : said;
}

TEST(print_format, what_is_right_compiles) {
    EXPECT_EQ(said_to(R"("{} {:>5} {:.2f} {:#x} {{}}", std::string("a"), "b", 1.5, 255)"), "");
}

TEST(print_format, what_is_wrong_says_why) {
    const std::pair<const char*, const char*> cases[] = {
        {R"("{} {}", 1)", "format_has_more_fields_than_values"},
        {R"("{}", 1, 2)", "format_has_fewer_fields_than_values"},
        {R"("{")", "format_has_a_lonely_brace"},
        {R"("}")", "format_has_a_lonely_brace"},
        {R"("{:5", 1)", "format_has_a_lonely_brace"},
        {R"("{:100}", 1)", "format_has_a_field_that_is_not_understood"},
        {R"("{:.f}", 1.0)", "format_has_a_field_that_is_not_understood"},
        {R"("{0}", 1)", "format_has_a_field_that_is_not_understood"},
        {R"("{:x}", "text")", "format_has_a_field_that_does_not_fit_its_value"},
        {R"("{:f}", 1)", "format_has_a_field_that_does_not_fit_its_value"},
        {R"("{:05}", "text")", "format_has_a_field_that_does_not_fit_its_value"},
        {R"("{:.2}", 1)", "format_has_a_field_that_does_not_fit_its_value"},
        {R"("{:q}", 1)", "format_has_a_field_that_does_not_fit_its_value"},
        {R"("{}", std::vector<int>{})", "a value of this type can't be printed"},
    };
    for (const auto& [call, words] : cases)
        EXPECT_NE(said_to(call).find(words), std::string::npos) << call << "\n" << said_to(call);
}

} // namespace
