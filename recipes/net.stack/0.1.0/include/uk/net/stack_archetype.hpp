// The least classes that are a Stack: code that compiles against them uses nothing else.
#pragma once

#include <uk/net/flow_archetype.hpp>
#include <uk/net/stack.hpp>

namespace uk::net {

class stack_archetype {
  public:
    using flow = flow_archetype;

    class listener {
      public:
        using flow = flow_archetype;
        listener() = delete;
        listener(listener&&);
        listener& operator=(listener&&);
        result<flow> accept();
        endpoint local();
    };

    class datagrams {
      public:
        datagrams() = delete;
        datagrams(datagrams&&);
        datagrams& operator=(datagrams&&);
        result<void> send(const endpoint& to, std::span<const std::byte> out);
        result<arrival> receive(std::span<std::byte> in);
        endpoint local();
    };

    stack_archetype() = delete;
    stack_archetype(const stack_archetype&) = delete;
    stack_archetype& operator=(const stack_archetype&) = delete;

    result<listener> listen(const endpoint& where);
    result<flow> connect(const endpoint& where);
    result<datagrams> bind(const endpoint& where);
    result<std::size_t> addresses(std::span<ip_network> networks);
    std::size_t name_servers(std::span<ip_address> servers);
};

} // namespace uk::net
