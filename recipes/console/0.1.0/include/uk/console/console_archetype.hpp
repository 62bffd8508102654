// The least class that is a Console: code that compiles against it uses nothing else.
#pragma once

#include <uk/console/console.hpp>

namespace uk::console {

class console_archetype {
  public:
    console_archetype() = delete;
    console_archetype(const console_archetype&) = delete;
    console_archetype& operator=(const console_archetype&) = delete;

    result<void> write(std::string_view text);
    result<std::size_t> read(std::span<std::byte> in);
};

} // namespace uk::console
