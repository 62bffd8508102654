// A descriptor whose readiness fibers wait for, each way apart: listeners, datagrams, flows. With epoll it is watched once and for
// all; with a ring one question is asked each time that somebody waits.
#pragma once

#include <cstdint>

#include <uk/fiber.hpp>
#include <uk/hosted/poller.hpp>
#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::host_sockets {

struct socket {
    /// What `in` and `out` are told; a derived kind may put functions of its own.
    struct question : hosted::operation {
        socket* owner = nullptr;
        bool asked = false; // with a ring: an answer will come
    };

    socket(int number, void (*free_it)(socket&));
    socket(const socket&) = delete;
    socket& operator=(const socket&) = delete;

    /// Begins to be watched, where that is how readiness is known. False: the host can't.
    bool start();
    /// Block until a call that was refused with EAGAIN may succeed. Errors: cancelled, timed_out, out_of_memory.
    result<void> wait_readable();
    result<void> wait_writable();
    bool ask(question& which, std::uint32_t events);

    /// Closes the descriptor, and frees the object: at once, or when the host has answered what it was asked.
    void retire();
    void answer_came();

    int descriptor;
    bool retired = false;
    question in, out;
    fiber::event became_readable, became_writable;
    void (*free_it)(socket&);
};

/// Takes back what was asked; the question is still answered.
void cancel(socket::question& which);

/// A listener or a datagram socket.
struct plain_socket : socket {
    explicit plain_socket(int number) : socket{number, [](socket& s) { delete static_cast<plain_socket*>(&s); }} {}
    bool tired = false; // of accepting: the process has too many descriptors
};

} // namespace uk::host_sockets
