// The least class that is a KeyValue: code that compiles against it uses nothing else.
#pragma once

#include <uk/store/kv.hpp>

namespace uk::store {

class kv_archetype {
  public:
    /// Movable, and nothing more is known of it.
    class entry {
      public:
        entry() = delete;
        entry(entry&&);
        entry& operator=(entry&&);
    };

    kv_archetype() = delete;
    kv_archetype(const kv_archetype&) = delete;
    kv_archetype& operator=(const kv_archetype&) = delete;

    result<entry> find(std::string_view name);
    std::uint64_t size(const entry& of);
    result<std::size_t> read(const entry& of, std::uint64_t offset, std::span<std::byte> out);
    result<void> list(std::string_view prefix, function_ref<bool(std::string_view)> visit);
};

} // namespace uk::store
