// The expected digests were made by `protoc --encode` (3.21) from the same messages written as text, with the real
// remote_execution.proto (Debian's bazel-bootstrap-source 4.2.3).
#include "build/reapi.hpp"

#include <gtest/gtest.h>

#include "base/directory.hpp"

namespace uk::build {

namespace {

const base::digest hello = base::digest_of("hello"), nothing = base::digest_of("");
const reapi::platform needs = {{"toolchain", "gcc-12.2.0"}, {"sandbox", "off"}};

std::string directory() {
    return base::encode_directory({{"zero", nothing}, {"run", hello, true}, {"a.c", hello}},
                                  {{"empty", base::digest_of(base::encode_directory({}, {}))}});
}

reapi::command command() {
    return {.arguments = {"/usr/bin/gcc", "-c", "", "a.c"},
            .environment = {{"PWD", "/proc/self/cwd"}, {"LC_ALL", "C"}, {"EMPTY", ""}},
            .output_files = {"o/b.o", "o/a.o"},
            .output_folders = {"gen"},
            .needs = needs};
}

TEST(reapi, an_empty_directory_is_no_bytes) {
    EXPECT_EQ(base::tree_builder{}.finish().hash.hex(),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(reapi, a_directory) {
    EXPECT_EQ(base::digest_of(directory()).hash.hex(),
              "160635d35e9f004ee9b60c79e292bfabbc7d4de371a0d51cb8e80366da4069ae");
    EXPECT_EQ(directory().size(), 309u);
}

TEST(reapi, a_command) {
    const auto d = base::digest_of(reapi::encode_command(command()));
    EXPECT_EQ(d.hash.hex(), "086eee29ce520aceecca5712159093f1d18c66dc13f019d977ac8affc8396040");
    EXPECT_EQ(d.size, 151);
}

TEST(reapi, an_action) {
    const auto action =
        reapi::encode_action(base::digest_of(reapi::encode_command(command())), base::digest_of(directory()), needs);
    EXPECT_EQ(base::digest_of(action).hash.hex(), "fa44ee4f76f3134f3630e338c71253c5466a25d18724a557548ad1a96f8ec0b7");
}

} // namespace

} // namespace uk::build
