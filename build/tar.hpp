// Tar archives of plain files (POSIX.1-1988 "ustar"), written and read strictly: every archive of the same files has the same bytes, and what
// isn't one that could have been written here is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace uk::build {

/// Writes beside `to`, and takes its place when it is finished; else nothing is left.
class tar_writer {
  public:
    /// Errors: environment.
    static base::result<tar_writer> open(const std::filesystem::path& to);
    tar_writer(tar_writer&&) noexcept = default;
    tar_writer& operator=(tar_writer&&) noexcept = delete;
    ~tar_writer();

    /// `name`: at most 100 bytes. Mode 0644, of user and group 0, of 1980-01-01.
    void add(std::string_view name, std::string_view content);
    /// Errors: environment: it couldn't be written.
    base::result<void> finish();

  private:
    explicit tar_writer(const std::filesystem::path& to);
    std::filesystem::path to_, part_;
    std::ofstream out_;
};

class tar_reader {
  public:
    struct entry {
        std::string name;
        std::uint64_t size = 0, offset = 0;
    };

    /// Errors: input: it isn't there.
    static base::result<tar_reader> open(const std::filesystem::path& file);
    std::uint64_t size() const { return size_; }
    /// The next one; none at the end. Errors: input: no regular file, another owner, mode or time, a damaged header, cut off, or more behind
    /// the end.
    base::result<std::optional<entry>> next();
    base::result<std::string> read(const entry& one) const;

  private:
    tar_reader(std::filesystem::path file, base::descriptor from, std::uint64_t size)
        : file_{std::move(file)}, from_{std::move(from)}, size_{size} {}
    base::result<std::string> read(std::uint64_t offset, std::uint64_t size) const;

    std::filesystem::path file_;
    base::descriptor from_;
    std::uint64_t size_ = 0, at_ = 0;
};

} // namespace uk::build
