// signature net.stack 0.1: TCP and UDP over whatever network there is.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/net/address.hpp>
#include <uk/net/flow.hpp>
#include <uk/result.hpp>

namespace uk::net {

/// Takes connections at one endpoint; destroying it stops that, and connections that nobody accepted are reset.
template <class L>
concept Listener = std::movable<L> && Flow<typename L::flow> && requires(L& listener) {
    /// The next connection; blocks until there is one. Errors: cancelled, timed_out, out_of_memory (go on), closed, io.
    { listener.accept() } -> std::same_as<result<typename L::flow>>;
    /// Where it listens, with the port that was chosen for port 0.
    { listener.local() } -> std::same_as<endpoint>;
};

/// What a datagram's arrival says. `size` is of the whole datagram: larger than the buffer means that its end was cut off.
struct arrival {
    std::size_t size = 0;
    endpoint from;
};

/// Sends and receives datagrams at one endpoint. One fiber may receive while another sends.
template <class D>
concept Datagrams = std::movable<D> &&
                    requires(D& socket, const endpoint& to, std::span<const std::byte> out, std::span<std::byte> in) {
                        /// Sends one datagram; it may get lost later. Errors: too_large, not_found (no way there), cancelled, timed_out,
                        /// out_of_memory, io.
                        { socket.send(to, out) } -> std::same_as<result<void>>;
                        /// The next datagram; blocks until there is one. What arrives while too many wait is lost.
                        /// Errors: cancelled, timed_out, closed, io.
                        { socket.receive(in) } -> std::same_as<result<arrival>>;
                        /// Where it is bound, with the port that was chosen for port 0.
                        { socket.local() } -> std::same_as<endpoint>;
                    };

/// Endpoints with an "any" address mean every address of the stack, of both kinds.
template <class S>
concept Stack =
    Listener<typename S::listener> && Flow<typename S::flow> &&
    std::same_as<typename S::flow, typename S::listener::flow> && Datagrams<typename S::datagrams> &&
    requires(S& stack, const endpoint& where, std::span<ip_network> networks, std::span<ip_address> servers) {
        /// Listens there; port 0: any free one. Doesn't wait for an address. Errors: busy (in use), not_found (no such address
        /// here), out_of_memory, io.
        { stack.listen(where) } -> std::same_as<result<typename S::listener>>;
        /// Connects to a service. Errors: cancelled, timed_out, closed (refused), not_found (no way there), out_of_memory, io.
        { stack.connect(where) } -> std::same_as<result<typename S::flow>>;
        /// Binds datagrams there; port 0: any free one. Errors: busy, not_found, out_of_memory, io.
        { stack.bind(where) } -> std::same_as<result<typename S::datagrams>>;
        /// The stack's own addresses, loopback left out: fills `networks`, returns how many it has. Blocks until there is one
        /// that can be used, for example until DHCP has answered. Errors: cancelled, timed_out, not_found (there never will be one).
        { stack.addresses(networks) } -> std::same_as<result<std::size_t>>;
        /// Servers that resolve names, as the network or a parameter names them: fills `servers`, returns how many it knows now.
        { stack.name_servers(servers) } -> std::same_as<std::size_t>;
    };

} // namespace uk::net
