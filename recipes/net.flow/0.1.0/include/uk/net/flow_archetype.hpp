// The least class that is a Flow: code that compiles against it uses nothing else.
#pragma once

#include <uk/net/flow.hpp>

namespace uk::net {

class flow_archetype {
  public:
    flow_archetype() = delete;
    flow_archetype(flow_archetype&&);
    flow_archetype& operator=(flow_archetype&&);

    result<std::size_t> read(std::span<std::byte> in);
    result<void> write(std::span<const std::byte> out);
    result<void> finish();
    void reset();
    result<void> watch(ready_ticket& ticket);
    void unwatch(ready_ticket& ticket);
    endpoint peer();
};

} // namespace uk::net
