// A toolchain's programs start through its own loader; a damaged program is refused.
#include "registry/loader.hpp"

#include <csignal>
#include <cstring>

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.hpp"

namespace uk::registry {
namespace {

namespace fs = std::filesystem;

class own_loader : public testing::Test {
  protected:
    base::scratch_folder place = *base::scratch_folder::make(fs::temp_directory_path());
    fs::path tree = place.path() / "tree";

    void SetUp() override { write("lib/ld.so", "the loader"); }

    void write(const std::string& path, const std::string& content) {
        ASSERT_TRUE(base::make_folders((tree / path).parent_path()));
        ASSERT_TRUE(base::write_file(tree / path, content, true));
    }

    // A program whose one header names `size` bytes at `offset` as its interpreter.
    static std::string program(std::uint64_t offset, std::uint64_t size) {
        Elf64_Ehdr header{};
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_phoff = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = 1;
        Elf64_Phdr part{};
        part.p_type = PT_INTERP;
        part.p_offset = offset;
        part.p_filesz = size;
        std::string text(sizeof header + sizeof part, '\0');
        std::memcpy(text.data(), &header, sizeof header);
        std::memcpy(text.data() + sizeof header, &part, sizeof part);
        return text + std::string{"/lib64/ld-linux-x86-64.so.2\0and more", 36};
    }

    static constexpr std::uint64_t behind = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), length = 28;

    std::string run() { return *use_own_loader(tree, "lib/ld.so"); }
    std::string read(const std::string& path) { return *base::read_file(tree / path); }
};

TEST_F(own_loader, is_what_programs_name) {
    write("bin/program", program(behind, length));
    EXPECT_EQ(run(), "");
    EXPECT_EQ(read("bin/program").substr(behind), std::string("toolchain/ld.so\0\0\0\0\0\0\0\0\0\0\0\0\0and more", 36));
    EXPECT_EQ(read("ld.so"), "the loader");
    struct stat about{};
    ASSERT_EQ(::stat((tree / "bin/program").c_str(), &about), 0);
    EXPECT_NE(about.st_mode & S_IXUSR, 0u);
}

TEST_F(own_loader, leaves_everything_else_alone) {
    const std::string old = program(behind, length);
    std::string of_32_bits = old, short_one = old.substr(0, 40), without = old;
    of_32_bits[EI_CLASS] = ELFCLASS32;
    without[sizeof(Elf64_Ehdr)] = PT_LOAD;
    const std::pair<const char*, std::string> all[] = {
        {"script", "#!/bin/sh\n"}, {"empty", ""}, {"32", of_32_bits}, {"short", short_one}, {"static", without}};
    for (const auto& [name, content] : all) write(name, content);
    EXPECT_EQ(run(), "");
    for (const auto& [name, content] : all) EXPECT_EQ(read(name), content) << name;
}

TEST_F(own_loader, refuses_damaged_programs) {
    const std::uint64_t end = program(0, 0).size();
    const std::pair<std::uint64_t, std::uint64_t> all[] = {{behind, 15},       {behind, 0},         {end, length},
                                                           {end - 27, length}, {~0ULL, length},     {behind, ~0ULL},
                                                           {~0ULL - 5, 20},    {behind, 4097 + 100}};
    for (const auto& [offset, size] : all) {
        std::error_code ignored;
        fs::remove(tree / "ld.so", ignored);
        write("bin/program", program(offset, size));
        EXPECT_EQ(run(), "has a damaged program, `bin/program`") << offset << " " << size;
    }
}

TEST_F(own_loader, has_to_be_there_and_to_have_room) {
    EXPECT_EQ(*use_own_loader(tree, "lib/none"), "has no loader `lib/none`");
    EXPECT_EQ(*use_own_loader(tree, "lib"), "has no loader `lib`");
    write("ld.so", "another");
    EXPECT_EQ(run(), "has a `ld.so` of its own");
    EXPECT_EQ(read("ld.so"), "another");
}

// A limit of the process stands for a full disk.
TEST_F(own_loader, that_cant_be_copied_is_no_fault_of_the_tree) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{4, before.rlim_max};
    const auto usual = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto made = use_own_loader(tree, "lib/ld.so");
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, usual);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind(), base::status::environment);
    EXPECT_EQ(made.error().diagnostics()[0].message, "can't be written: File too large");
}

} // namespace
} // namespace uk::registry
