// signature net.flow 0.1: a reliable, ordered byte stream between two ends.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <uk/net/address.hpp>
#include <uk/net/ready.hpp>
#include <uk/result.hpp>

namespace uk::net {

/// Calls block the calling fiber. One fiber may read while another writes. A moved-from flow can only be destroyed or assigned
/// to; a flow that somebody blocks on, or that is watched, doesn't move. Destroying a flow closes it in order: what was written
/// still arrives, what wasn't read is thrown away.
template <class F>
concept Flow = std::movable<F> && requires(F& flow, std::span<std::byte> in, std::span<const std::byte> out,
                                           ready_ticket& ticket) {
    /// Reads what is there, at most `in.size()` bytes, and blocks while there is nothing; 0: the other end has finished (or
    /// `in` is empty). Errors: cancelled, timed_out (nothing is lost), closed (the other end reset it), io.
    { flow.read(in) } -> std::same_as<result<std::size_t>>;
    /// Writes all of `out`; the bytes have been taken when it returns. Small writes in a row may travel together, never
    /// later than the writer's next blocking call. Errors: cancelled, timed_out (a part may have gone), closed, io, out_of_memory.
    { flow.write(out) } -> std::same_as<result<void>>;
    /// No more writes: the other end reads what was written, then 0. Reading goes on. Errors: closed, io.
    { flow.finish() } -> std::same_as<result<void>>;
    /// Ends the flow at once, both ways: the other end's calls fail with closed, and nothing is kept for it.
    { flow.reset() } -> std::same_as<void>;
    /// Puts `ticket` into its queue, once, as soon as `read` wouldn't block: bytes, the end, or an error are there. While
    /// watched, nobody reads. Never blocks. Errors: out_of_memory.
    { flow.watch(ticket) } -> std::same_as<result<void>>;
    /// Stops watching; the ticket isn't in its queue afterwards. Nothing if it isn't watched.
    { flow.unwatch(ticket) } -> std::same_as<void>;
    /// The other end.
    { flow.peer() } -> std::same_as<endpoint>;
};

} // namespace uk::net
