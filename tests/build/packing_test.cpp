#include "build/packed_plan.hpp"

#include "tests/build/rig.hpp"

namespace uk::build {

namespace {

TEST(packing, gives_back_what_it_was_given) {
    word_numbers words;
    packer to{words};
    const base::sha256 hash = base::digest_of("x").hash;
    const std::string text{"a\0b", 3};
    to.number(0).number(127).number(128).number(~std::uint64_t{0}).text(text).word("again").word("").word("again");
    to.hash(hash);
    const std::string kept = words.pack();
    const packed_list known{kept};
    EXPECT_EQ(known.size(), 2u);
    unpacker from{to.bytes, known};
    for (const std::uint64_t one : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, ~std::uint64_t{0}})
        EXPECT_EQ(from.number(), one);
    EXPECT_EQ(from.text(), text);
    for (const char* one : {"again", "", "again"}) EXPECT_EQ(from.word(), one);
    EXPECT_EQ(from.hash(), hash);
    EXPECT_TRUE(from.is_done());
    EXPECT_FALSE(from.is_broken);
}

TEST(packing, finds_each_of_a_list) {
    const std::string bytes = packed_list::pack({"first", "", "third"});
    const packed_list all{bytes};
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], "first");
    EXPECT_EQ(all[1], "");
    EXPECT_EQ(all[2], "third");
    EXPECT_EQ(all[3], "");
    EXPECT_EQ(packed_list{packed_list::pack({})}.size(), 0u);
}

action example() {
    action a;
    a.component = "application";
    a.label = "compile main.cpp";
    a.variant = "kvm";
    a.arguments = {"toolchain/bin/cc", "-Iapp", "-Iapp"};
    a.environment = {{"PATH", "toolchain/bin"}};
    host_folder part{"/store/tree/include", base::digest_of("tree").hash, true};
    host_folder some{"/project", {}};
    some.only = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.hpp", "b/c.hpp"});
    a.inputs = {{"app/main.cpp", host_file{"/project/main.cpp"}},
                {"gen/uk/needs.hpp", generated{"struct needs {};\n"}},
                {"headers", some},
                {"made", output_of{3, "made/header.hpp"}, true},
                {"src/other", host_folder{"/project/own", {}}},
                {"src/some", part}};
    a.outputs = {"obj/main.o"};
    a.output_folders = {"made"};
    a.source = "app/main.cpp";
    a.is_selective = a.keep_errors = true;
    return a;
}

const void* some_of(const action& a) {
    for (const input& in : a.inputs)
        if (const auto* folder = std::get_if<host_folder>(&in.from); folder && folder->only) return folder->only.get();
    return nullptr;
}

TEST(packing, knows_all_of_an_action) {
    word_numbers words;
    packer to{words};
    pack(to, example());
    const std::string kept = words.pack();
    const packed_list known{kept};
    unpacker from{to.bytes, known};
    shared_lists lists;
    const action made = unpack_action(from, lists);
    EXPECT_EQ(made, example());
    unpacker second{to.bytes, known};
    EXPECT_EQ(some_of(unpack_action(second, lists)), some_of(made)) << "one list for both";
    EXPECT_TRUE(from.is_done());
    EXPECT_FALSE(from.is_broken);
}

// Whatever was done to the bytes, it is told or gives some action; nothing is read beside them.
TEST(packing, reads_nothing_beside_damaged_bytes) {
    word_numbers words;
    packer to{words};
    pack(to, example());
    const std::string kept = words.pack();
    const packed_list known{kept};
    for (std::size_t size = 0; size < to.bytes.size(); ++size) {
        const std::string shorter = to.bytes.substr(0, size);
        unpacker from{shorter, known};
        shared_lists lists;
        unpack_action(from, lists);
        EXPECT_TRUE(from.is_broken) << size;
    }
    for (std::size_t at = 0; at < to.bytes.size(); ++at) {
        for (const int wrong : {0x00, 0x7f, 0x80, 0xff}) {
            std::string bytes = to.bytes;
            bytes[at] = static_cast<char>(wrong);
            unpacker from{bytes, known};
            shared_lists lists;
            unpack_action(from, lists);
        }
    }
    for (std::size_t at = 0; at < kept.size(); ++at) {
        std::string bytes = kept.substr(0, at);
        const packed_list less{bytes};
        for (std::size_t i = 0; i <= less.size(); ++i) EXPECT_LE(less[i].size(), bytes.size());
        bytes = kept;
        bytes[at] = '\xff';
        const packed_list other{bytes};
        for (std::size_t i = 0; i <= std::min<std::size_t>(other.size(), 100); ++i)
            EXPECT_LE(other[i].size(), bytes.size());
    }
}

} // namespace

} // namespace uk::build
