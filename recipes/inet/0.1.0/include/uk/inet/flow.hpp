// What the stack hands out: flows, listeners, datagrams. Each is a pointer to an object in the heap, which the engine fills.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <uk/net/address.hpp>
#include <uk/net/ready.hpp>
#include <uk/net/stack.hpp>
#include <uk/result.hpp>

namespace uk::inet {

struct connection; // src/connection.hpp
struct acceptor; // src/connection.hpp
struct mailbox; // src/datagrams.cpp

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
    using flow = inet::flow;

    explicit listener(acceptor* a) : a_{a} {}
    listener(listener&& from) : a_{std::exchange(from.a_, nullptr)} {}
    listener& operator=(listener&& from) {
        std::swap(a_, from.a_);
        listener{std::move(from)}.drop();
        return *this;
    }
    ~listener() { drop(); }

    result<flow> accept();
    net::endpoint local();

  private:
    void drop();
    acceptor* a_;
};

/// A UDP endpoint; implements net::Datagrams.
class datagrams {
  public:
    explicit datagrams(mailbox* m) : m_{m} {}
    datagrams(datagrams&& from) : m_{std::exchange(from.m_, nullptr)} {}
    datagrams& operator=(datagrams&& from) {
        std::swap(m_, from.m_);
        datagrams{std::move(from)}.drop();
        return *this;
    }
    ~datagrams() { drop(); }

    result<void> send(const net::endpoint& to, std::span<const std::byte> out);
    result<net::arrival> receive(std::span<std::byte> in);
    net::endpoint local();

  private:
    void drop();
    mailbox* m_;
};

} // namespace uk::inet
