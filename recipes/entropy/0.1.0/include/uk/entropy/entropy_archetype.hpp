// The least class that is an Entropy: code that compiles against it uses nothing else.
#pragma once

#include <uk/entropy/entropy.hpp>

namespace uk::entropy {

class entropy_archetype {
  public:
    entropy_archetype() = delete;
    entropy_archetype(const entropy_archetype&) = delete;
    entropy_archetype& operator=(const entropy_archetype&) = delete;

    result<void> fill(std::span<std::byte> out);
};

} // namespace uk::entropy
