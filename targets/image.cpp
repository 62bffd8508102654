// ELF-64, little endian (System V gABI, "Object Files"; x86-64 psABI). Every offset is checked: images come from anywhere.
#include "targets/image.hpp"

#include <cstring>

#include <elf.h>
#include <fmt/format.h>

#include "base/file.hpp"

namespace uk::targets {

using base::json;
using base::result;
using base::status;

namespace {

constexpr std::uint32_t pvh_note = 18; // XEN_ELFNOTE_PHYS32_ENTRY, xen/include/public/elfnote.h
constexpr std::uint32_t our_note = 1;
constexpr std::size_t largest_image = std::size_t{1} << 30;
constexpr unsigned most_headers = 4096;

class reader {
  public:
    reader(std::string_view bytes, const std::string& file) : bytes_{bytes}, file_{file} {}

    base::error wrong(std::string what) const { return base::error{status::input, std::move(what), {file_, 0, 0}}; }

    template <class T>
    result<T> at(std::uint64_t offset) const {
        T value;
        if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset)
            return wrong(fmt::format("a header at {:#x} lies outside of the file", offset));
        std::memcpy(&value, bytes_.data() + offset, sizeof(T));
        return value;
    }
    result<std::string_view> range(std::uint64_t offset, std::uint64_t size) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset)
            return wrong(fmt::format("{} bytes at {:#x} lie outside of the file", size, offset));
        return bytes_.substr(offset, size);
    }

  private:
    std::string_view bytes_;
    const std::string& file_;
};

std::string_view machine_name(unsigned machine) {
    switch (machine) {
    case EM_X86_64: return "x86_64";
    case EM_AARCH64: return "aarch64";
    case EM_RISCV: return "riscv64";
    default: return "of another machine";
    }
}

// Notes: sizes of name and description, type, both padded to four bytes.
void read_notes(std::string_view notes, image_facts& facts) {
    while (notes.size() >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr header;
        std::memcpy(&header, notes.data(), sizeof header);
        notes.remove_prefix(sizeof header);
        const std::uint64_t name_size = (std::uint64_t{header.n_namesz} + 3) & ~3ull,
                            size = (std::uint64_t{header.n_descsz} + 3) & ~3ull;
        if (name_size > notes.size()) return;
        const std::string_view name = notes.substr(0, header.n_namesz);
        notes.remove_prefix(name_size);
        const std::string_view content = notes.substr(0, header.n_descsz);
        if (name == std::string_view{"Xen\0", 4} && header.n_type == pvh_note && content.size() >= 4) {
            std::uint32_t entry;
            std::memcpy(&entry, content.data(), 4);
            facts.pvh_entry = entry;
        }
        if (name == std::string_view{"uk\0", 3} && header.n_type == our_note) {
            json note = json::parse(content, nullptr, false);
            if (note.is_object()) facts.note = std::move(note);
        }
        if (size >= notes.size()) return;
        notes.remove_prefix(size);
    }
}

} // namespace

result<image_facts> inspect(const std::filesystem::path& image) {
    const std::string shown = image.string();
    const std::string bytes = TRY(base::read_file(image, largest_image));
    const reader in{bytes, shown};
    if (!bytes.starts_with(ELFMAG)) return in.wrong("is no ELF image").hint("images lie in dist/<variant>/");
    const auto header = TRY(in.at<Elf64_Ehdr>(0));
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        return in.wrong("is an ELF image, but not of 64 bits, little endian");
    if (header.e_phnum > most_headers || header.e_shnum > most_headers)
        return in.wrong("has an absurd number of headers");
    if (header.e_phnum && header.e_phentsize != sizeof(Elf64_Phdr))
        return in.wrong("has program headers of an unknown size");
    if (header.e_shnum && header.e_shentsize != sizeof(Elf64_Shdr))
        return in.wrong("has section headers of an unknown size");

    image_facts facts;
    facts.file_size = bytes.size();
    facts.entry = header.e_entry;
    facts.hash = base::digest_of(bytes).hash;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const auto segment = TRY(in.at<Elf64_Phdr>(header.e_phoff + std::uint64_t{i} * sizeof(Elf64_Phdr)));
        const std::string_view content = TRY(in.range(segment.p_offset, segment.p_filesz));
        if (segment.p_type == PT_LOAD) {
            facts.segments.push_back({segment.p_vaddr, segment.p_filesz, segment.p_memsz, (segment.p_flags & PF_R) != 0,
                                      (segment.p_flags & PF_W) != 0, (segment.p_flags & PF_X) != 0});
        }
        if (segment.p_type == PT_NOTE) read_notes(content, facts);
    }
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        const auto section = TRY(in.at<Elf64_Shdr>(header.e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr)));
        if (section.sh_type != SHT_NOTE) continue;
        const std::string_view content = TRY(in.range(section.sh_offset, section.sh_size));
        read_notes(content, facts);
    }
    const char* kind = header.e_type == ET_DYN    ? "position-independent"
                       : header.e_type == ET_EXEC ? "static"
                                                  : "of another kind";
    facts.format = fmt::format("ELF64 {}, {}", machine_name(header.e_machine), kind);
    return facts;
}

} // namespace uk::targets
