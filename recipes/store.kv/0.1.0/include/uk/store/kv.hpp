// signature store.kv 0.1: values by name, read only. Designed for files in the image as well as for a slow device:
// nothing hands out a pointer into the store, and a value is read in pieces.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/function_ref.hpp>
#include <uk/result.hpp>

namespace uk::store {

/// Names are UTF-8, parts separated by `/`, no leading or trailing `/`, no empty, `.` or `..` part.
/// An `entry` is a small movable handle; it stays valid as long as the store is open.
template <class S>
concept KeyValue = std::movable<typename S::entry> &&
                   requires(S& store, const typename S::entry& entry, std::string_view name, std::uint64_t offset,
                            std::span<std::byte> out, function_ref<bool(std::string_view)> visit) {
    /// Looks a value up. Errors: not_found, io, cancelled, timed_out.
                       { store.find(name) } -> std::same_as<result<typename S::entry>>;
    /// Bytes of the value.
                       { store.size(entry) } -> std::same_as<std::uint64_t>;
                       /// Reads from `offset`: returns how many bytes, fewer than out.size() only at the end; 0 at or behind the end.
                       /// Errors: io, cancelled, timed_out.
                       { store.read(entry, offset, out) } -> std::same_as<result<std::size_t>>;
                       /// Calls `visit` with each name that begins with `name`, in byte order, until it returns false.
                       /// Errors: io, cancelled, timed_out.
                       { store.list(name, visit) } -> std::same_as<result<void>>;
                   };

} // namespace uk::store
