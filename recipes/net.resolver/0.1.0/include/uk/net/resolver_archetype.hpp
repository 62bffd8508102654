// The least class that is a Resolver: code that compiles against it uses nothing else.
#pragma once

#include <uk/net/resolver.hpp>

namespace uk::net {

class resolver_archetype {
  public:
    resolver_archetype() = delete;
    resolver_archetype(const resolver_archetype&) = delete;
    resolver_archetype& operator=(const resolver_archetype&) = delete;

    result<std::size_t> resolve(std::string_view name, std::span<ip_address> out);
};

} // namespace uk::net
