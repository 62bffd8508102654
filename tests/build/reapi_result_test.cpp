// The expected digests were made by `protoc --encode` (3.21) from the same messages written as text, with the real
// remote_execution.proto (Debian's bazel-bootstrap-source 4.2.3).
#include <gtest/gtest.h>

#include "base/directory.hpp"
#include "build/reapi.hpp"

namespace uk::build {

namespace {

const base::digest hello = base::digest_of("hello"), nothing = base::digest_of("");

reapi::result_message result() {
    return {.files = {{"o/a.o", hello}, {"o/run", nothing, true}}, .folders = {{"gen", hello}}, .said = "a warning\n"};
}

std::vector<reapi::output_file> files() { return {{"a.h", nothing, true}, {"sub/b.h", hello}}; }

// Tree of a root with these bytes, and of other folders.
std::string tree(std::string_view root, const std::vector<std::string>& children = {}) {
    std::string bytes;
    base::wire::field(bytes, 1, root);
    for (const std::string& child : children) base::wire::field(bytes, 2, child);
    return bytes;
}

TEST(reapi_result, a_result) {
    const std::string bytes = reapi::encode_result(result());
    EXPECT_EQ(base::digest_of(bytes).hash.hex(), "e581be95d53c545518a52e567d1058a4d21251561bbc88ffd8526c2357dfe198");
    EXPECT_EQ(reapi::decode_result(bytes), result());
}

TEST(reapi_result, a_tree) {
    const std::string bytes = reapi::encode_tree(files());
    EXPECT_EQ(base::digest_of(bytes).hash.hex(), "3bd26351e0caaac8c74e75dc64cdd5cedb7fc3a0855643334200aa0175b8b822");
    EXPECT_EQ(reapi::decode_tree(bytes), files());
    EXPECT_EQ(reapi::decode_tree(reapi::encode_tree({})), std::vector<reapi::output_file>{});
}

TEST(reapi_result, what_is_cut_is_none_or_less) {
    const std::string whole = reapi::encode_result(result()), all = reapi::encode_tree(files());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto made = reapi::decode_result(whole.substr(0, size));
        EXPECT_TRUE(!made || made->said.empty()) << size;
    }
    for (std::size_t size = 0; size < all.size(); ++size) {
        const auto made = reapi::decode_tree(all.substr(0, size));
        EXPECT_TRUE(!made || made->size() < 2) << size;
    }
}

TEST(reapi_result, a_failure_has_its_status) {
    std::string failed = reapi::encode_result(result());
    base::wire::field(failed, 4, std::uint64_t{139});
    EXPECT_EQ(reapi::decode_result(failed)->status, 139);
    std::string below = reapi::encode_result(result());
    base::wire::field(below, 4, static_cast<std::uint64_t>(-1));
    EXPECT_EQ(reapi::decode_result(below)->status, -1);
}

TEST(reapi_result, what_was_said_may_lie_elsewhere) {
    std::string bytes;
    base::wire::field(bytes, 6, base::wire::message(hello));
    EXPECT_EQ(reapi::decode_result(bytes)->said_elsewhere, std::vector{hello});
    base::wire::field(bytes, 8, base::wire::message(base::digest_of("")));
    EXPECT_EQ(reapi::decode_result(bytes)->said_elsewhere, std::vector{hello});
    base::wire::field(bytes, 5, std::string_view{"hello"}); // both
    EXPECT_TRUE(reapi::decode_result(bytes)->said_elsewhere.empty());
    base::wire::field(bytes, 8, std::string_view{"no digest"});
    EXPECT_FALSE(reapi::decode_result(bytes));
}

TEST(reapi_result, a_link_is_not_plain) {
    std::string linked = reapi::encode_result(result());
    base::wire::field(linked, 12, std::string_view{});
    EXPECT_FALSE(reapi::decode_result(linked)->is_plain);
}

TEST(reapi_result, a_tree_lies_in_its_folder) {
    const std::string names[] = {"..", ".", "", "a/b", "/etc", std::string("a\0b", 3)};
    for (const std::string& name : names) {
        EXPECT_FALSE(reapi::decode_tree(tree(base::encode_directory({{name, hello}}, {})))) << name;
        const std::string inside = base::encode_directory({{"file", hello}}, {});
        const std::string root = base::encode_directory({}, {{name, base::digest_of(inside)}});
        EXPECT_FALSE(reapi::decode_tree(tree(root, {inside}))) << name;
    }
    std::string link;
    base::wire::field(link, 3, std::string_view{"link"});
    EXPECT_FALSE(reapi::decode_tree(tree(link)));
}

TEST(reapi_result, a_tree_has_all_its_folders) {
    EXPECT_FALSE(reapi::decode_tree(tree(base::encode_directory({}, {{"sub", hello}}))));
}

// Each folder has the next one twice: forty of them would be a billion files.
TEST(reapi_result, a_tree_that_grows_without_end_is_refused) {
    for (const int depth : {20, 40}) {
        std::vector<std::string> folders{base::encode_directory({{"file", hello}}, {})};
        for (int i = 0; i < depth; ++i) {
            const base::digest last = base::digest_of(folders.back());
            folders.push_back(base::encode_directory({}, {{"a", last}, {"b", last}}));
        }
        const std::string root = folders.back();
        EXPECT_FALSE(reapi::decode_tree(tree(root, folders))) << depth;
    }
}

} // namespace

} // namespace uk::build
