// implements store.kv: files that the build put into the image, found by binary search. Nothing here can fail but a name.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <embedded-files/config.hpp>

#include <uk/embedded_files/index.hpp>
#include <uk/function_ref.hpp>
#include <uk/result.hpp>

namespace uk::embedded_files {

class store {
  public:
    using entry = const file*;
    using settings = config::embedded_files::settings;

    explicit store(const settings& how) : files_{how.files} {}
    store(const store&) = delete;
    store& operator=(const store&) = delete;

    result<entry> find(std::string_view name) {
        const std::size_t at = first_from(files_, name);
        if (at == files_.size() || files_[at].name() != name) return error::not_found;
        return &files_[at];
    }

    std::uint64_t size(const entry& of) { return of->contents().size(); }

    result<std::size_t> read(const entry& of, std::uint64_t offset, std::span<std::byte> out) {
        const std::span<const std::byte> all = of->contents();
        if (offset >= all.size()) return 0u;
        const std::size_t count = std::min(out.size(), all.size() - static_cast<std::size_t>(offset));
        if (count > 0) std::memcpy(out.data(), all.data() + offset, count);
        return count;
    }

    result<void> list(std::string_view prefix, function_ref<bool(std::string_view)> visit) {
        for (std::size_t at = first_from(files_, prefix); at < files_.size(); ++at)
            if (!files_[at].name().starts_with(prefix) || !visit(files_[at].name())) break;
        return {};
    }

  private:
    file_index files_;
};

} // namespace uk::embedded_files
