// implements net.stack: the sockets of the process's host. No fiber and no timer of its own serves it: answers of the host are
// taken while the scheduler looks.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include <uk/host_sockets/flow.hpp>
#include <uk/net/stack.hpp>

#include <host-sockets/config.hpp>

namespace uk::host_sockets {

using parameters = config::host_sockets::parameters;

class stack {
  public:
    using flow = host_sockets::flow;
    using listener = host_sockets::listener;
    using datagrams = host_sockets::datagrams;

    stack() = default;
    stack(const stack&) = delete;
    stack& operator=(const stack&) = delete;

    /// Errors: out_of_memory, io.
    [[gnu::cold]] result<void> open(const parameters& how);

    result<listener> listen(const net::endpoint& where);
    result<flow> connect(const net::endpoint& where);
    result<datagrams> bind(const net::endpoint& where);
    result<std::size_t> addresses(std::span<net::ip_network> networks);
    std::size_t name_servers(std::span<net::ip_address> servers);

  private:
    std::optional<net::ip_network> own_;
    std::array<net::ip_address, 3> servers_; // as many as resolv.conf(5) knows
    std::size_t server_count_ = 0;
};

} // namespace uk::host_sockets
