#include "registry/loader.hpp"

#include <cstring>
#include <optional>

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/file.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr const char* name = "ld.so"; // at the tree's root: short enough for every program's own place for it

template <class T>
std::optional<T> read_at(int file, std::uint64_t offset) {
    T made;
    if (offset > INT64_MAX - sizeof made ||
        ::pread(file, &made, sizeof made, static_cast<off_t>(offset)) != sizeof made)
        return std::nullopt;
    return made;
}

// Where an ELF program names its interpreter; nothing in other files.
std::optional<Elf64_Phdr> interpreter_of(int file) {
    const auto header = read_at<Elf64_Ehdr>(file, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff > INT64_MAX / 2)
        return std::nullopt;
    for (std::size_t i = 0; i < header->e_phnum; ++i) {
        const auto part = read_at<Elf64_Phdr>(file, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (part && part->p_type == PT_INTERP) return part;
    }
    return std::nullopt;
}

} // namespace

result<std::string> use_own_loader(const fs::path& tree, const std::string& loader) {
    std::error_code problem;
    if (!fs::is_regular_file(tree / loader, problem)) return fmt::format("has no loader `{}`", loader);
    if (fs::copy_file(tree / loader, tree / name, problem); problem == std::errc::file_exists)
        return fmt::format("has a `{}` of its own", name);
    if (problem) return base::cannot_write(tree / name, problem.value());
    const std::string own = fmt::format("{}/{}", toolchain_place, name);
    for (const std::string& path : TRY(base::list_files(tree))) {
        const base::descriptor file{::open((tree / path).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
        if (!file.is_open())
            return fail(status::environment, {(tree / path).string(), 0, 0}, "can't be opened: {}",
                        std::strerror(errno));
        const auto part = interpreter_of(file.number());
        if (!part) continue;
        struct stat about{};
        ::fstat(file.number(), &about);
        const auto size = static_cast<std::uint64_t>(about.st_size);
        // Linux takes at most PATH_MAX bytes, the last of them 0.
        if (part->p_filesz <= own.size() || part->p_filesz > 4096 || part->p_offset > size ||
            part->p_filesz > size - part->p_offset)
            return fmt::format("has a damaged program, `{}`", path);
        std::string text = own;
        text.resize(part->p_filesz, '\0');
        if (::pwrite(file.number(), text.data(), text.size(), static_cast<off_t>(part->p_offset)) !=
            static_cast<ssize_t>(text.size()))
            return base::cannot_write(tree / path, errno);
    }
    return std::string{};
}

} // namespace uk::registry
