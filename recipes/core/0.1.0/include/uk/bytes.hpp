// What is text, or any plain value, as bytes. std::as_bytes does the same; but then a compiler works out all that std::span can be
// made of, at the end of each file, for longer than most headers here take.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace uk {

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// A place for text.
inline std::span<std::byte> writable_bytes_of(std::span<char> place) {
    return {reinterpret_cast<std::byte*>(place.data()), place.size()};
}

/// A number or another value that is nothing but its bytes.
template <class T>
std::span<std::byte> memory_of(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {reinterpret_cast<std::byte*>(&value), sizeof value};
}

} // namespace uk
