#include <cstring>
#include <tuple>

#include <elf.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "targets/image.hpp"

namespace uk::targets {
namespace {

class image : public testing::Test {
  protected:
    // The least image: one loaded segment, one with a Xen note and ours.
    image() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_EXEC;
        header.e_machine = EM_X86_64;
        header.e_entry = 0x100000;
        header.e_phoff = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = 2;
        load = {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x100000, .p_filesz = 16, .p_memsz = 32};
        note = {.p_type = PT_NOTE, .p_offset = sizeof header + 2 * sizeof load};
        add_note(std::string{"Xen\0", 4}, 18, std::string{"\0\1\x10\0", 4});
        add_note(std::string{"uk\0", 3}, 1, R"({"format":1,"name":"tiny"})");
    }

    void add_note(const std::string& owner, std::uint32_t type, const std::string& content) {
        const Elf64_Nhdr head{static_cast<Elf64_Word>(owner.size()), static_cast<Elf64_Word>(content.size()), type};
        notes.append(reinterpret_cast<const char*>(&head), sizeof head);
        for (const std::string& part : {owner, content}) notes.append(part).append((4 - part.size() % 4) % 4, '\0');
    }

    std::string bytes() {
        if (note.p_filesz == 0) note.p_filesz = notes.size();
        std::string all{reinterpret_cast<const char*>(&header), sizeof header};
        all.append(reinterpret_cast<const char*>(&load), sizeof load);
        all.append(reinterpret_cast<const char*>(&note), sizeof note);
        return all + notes;
    }

    base::result<image_facts> read(const std::string& content) {
        const auto file = folder.path() / "image";
        EXPECT_TRUE(base::write_file(file, content));
        return inspect(file);
    }

    Elf64_Ehdr header{};
    Elf64_Phdr load{}, note{};
    std::string notes;
    base::scratch_folder folder = *base::scratch_folder::make(testing::TempDir());
};

TEST_F(image, says_what_it_is) {
    const auto facts = read(bytes());
    ASSERT_TRUE(facts) << base::render(facts.error(), false);
    EXPECT_EQ(facts->format, "ELF64 x86_64, static");
    EXPECT_EQ(facts->entry, 0x100000u);
    EXPECT_EQ(facts->file_size, bytes().size());
    EXPECT_EQ(facts->pvh_entry, 0x100100u);
    ASSERT_TRUE(facts->note);
    EXPECT_EQ((*facts->note)["name"], "tiny");
    ASSERT_EQ(facts->segments.size(), 1u);
    EXPECT_TRUE(facts->segments[0].executable);
    EXPECT_FALSE(facts->segments[0].writable);
    EXPECT_EQ(facts->segments[0].memory_size, 32u);
}

TEST_F(image, cut_off_anywhere_it_is_refused_or_says_less) {
    const std::string whole = bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto facts = read(whole.substr(0, size));
        ASSERT_FALSE(facts) << size;
        EXPECT_EQ(facts.error().kind(), base::status::input);
    }
}

TEST_F(image, headers_that_lie_are_refused) {
    const auto refused = [&](auto change) {
        const auto kept = std::tuple{header, load, note};
        change();
        const auto facts = read(bytes());
        std::tie(header, load, note) = kept;
        return !facts && facts.error().kind() == base::status::input;
    };
    constexpr std::uint64_t huge = ~0ull;
    EXPECT_TRUE(refused([&] { header.e_phoff = huge; }));
    EXPECT_TRUE(refused([&] { header.e_phoff = huge - sizeof(Elf64_Phdr) + 1; })); // wraps around
    EXPECT_TRUE(refused([&] { header.e_phnum = 0xffff; }));
    EXPECT_TRUE(refused([&] { header.e_phentsize = 1; }));
    EXPECT_TRUE(refused([&] { header.e_shnum = 1, header.e_shentsize = sizeof(Elf64_Shdr), header.e_shoff = huge; }));
    EXPECT_TRUE(refused([&] { header.e_shnum = 1, header.e_shentsize = 7; }));
    EXPECT_TRUE(refused([&] { load.p_offset = huge; }));
    EXPECT_TRUE(refused([&] { load.p_filesz = huge; }));
    EXPECT_TRUE(refused([&] { load.p_offset = 64, load.p_filesz = huge - 63; })); // wraps around
    EXPECT_TRUE(refused([&] { header.e_ident[EI_CLASS] = ELFCLASS32; }));
    EXPECT_TRUE(refused([&] { header.e_ident[EI_DATA] = ELFDATA2MSB; }));
}

TEST_F(image, notes_that_lie_are_passed_over) {
    for (const std::size_t field : {0u, 4u}) { // sizes of name and content
        std::string lying = notes;
        std::memset(lying.data() + field, 0xff, 4);
        std::swap(notes, lying);
        EXPECT_TRUE(read(bytes()));
        std::swap(notes, lying);
    }
    notes.clear();
    add_note(std::string{"uk\0", 3}, 1, "{\"name\": ");
    add_note(std::string{"uk\0", 3}, 1, "[1]");
    note.p_filesz = 0;
    const auto facts = read(bytes());
    ASSERT_TRUE(facts);
    EXPECT_FALSE(facts->note);
}

TEST_F(image, what_is_no_image_is_refused) {
    EXPECT_FALSE(read("#!/bin/sh\n"));
    EXPECT_FALSE(inspect(folder.path() / "missing"));
    EXPECT_FALSE(inspect(folder.path()));
}

} // namespace
} // namespace uk::targets
