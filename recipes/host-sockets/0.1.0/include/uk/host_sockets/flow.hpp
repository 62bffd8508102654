// What host-sockets hands out: flows, listeners, datagrams. Each is a pointer to a small object in the heap that the host's answers
// reach; it outlives its handle until the host has taken what was written.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <uk/net/address.hpp>
#include <uk/net/ready.hpp>
#include <uk/net/stack.hpp>
#include <uk/result.hpp>

namespace uk::host_sockets {

struct connection; // src/connection.hpp
struct socket; // src/socket.hpp

/// A TCP connection; implements net::Flow.
class flow {
  public:
    explicit flow(connection* c) : c_{c} {}
    flow(flow&& from) : c_{std::exchange(from.c_, nullptr)} {}
    flow& operator=(flow&& from) {
        std::swap(c_, from.c_);
        flow{std::move(from)}.drop();
        return *this;
    }
    ~flow() { drop(); }

    result<std::size_t> read(std::span<std::byte> in);
    result<void> write(std::span<const std::byte> out);
    result<void> finish();
    void reset();
    result<void> watch(net::ready_ticket& ticket);
    void unwatch(net::ready_ticket& ticket);
    net::endpoint peer();

  private:
    void drop();
    connection* c_;
};

/// Takes connections; implements net::Listener.
class listener {
  public:
    using flow = host_sockets::flow;

    explicit listener(socket* s) : s_{s} {}
    listener(listener&& from) : s_{std::exchange(from.s_, nullptr)} {}
    listener& operator=(listener&& from) {
        std::swap(s_, from.s_);
        listener{std::move(from)}.drop();
        return *this;
    }
    ~listener() { drop(); }

    result<flow> accept();
    net::endpoint local();

  private:
    void drop();
    socket* s_;
};

/// A UDP endpoint; implements net::Datagrams.
class datagrams {
  public:
    explicit datagrams(socket* s) : s_{s} {}
    datagrams(datagrams&& from) : s_{std::exchange(from.s_, nullptr)} {}
    datagrams& operator=(datagrams&& from) {
        std::swap(s_, from.s_);
        datagrams{std::move(from)}.drop();
        return *this;
    }
    ~datagrams() { drop(); }

    result<void> send(const net::endpoint& to, std::span<const std::byte> out);
    result<net::arrival> receive(std::span<std::byte> in);
    net::endpoint local();

  private:
    void drop();
    socket* s_;
};

} // namespace uk::host_sockets
