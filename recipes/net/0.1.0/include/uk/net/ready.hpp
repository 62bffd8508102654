// Waiting for many flows with one fiber: a flow that is watched says once that it can be read, by putting its ticket into a
// queue. So a connection that is idle costs its ticket and its flow, and no fiber.
#pragma once

#include <uk/fiber.hpp>
#include <uk/result.hpp>

namespace uk::net {

class ready_queue;

/// One flow's place in a queue. Lives in whatever holds the flow; doesn't move while it is watched or in the queue.
class ready_ticket {
  public:
    constexpr ready_ticket(ready_queue& queue, void* owner) : owner_{owner}, queue_{&queue} {}
    ready_ticket(const ready_ticket&) = delete;
    ready_ticket& operator=(const ready_ticket&) = delete;

    /// For the stack: the flow can be read. Puts the ticket into its queue, unless it is there. Any context, never blocks.
    inline void ready();
    /// For the stack: takes the ticket out of its queue, if it is there.
    inline void withdraw();

    void* owner() const { return owner_; }

  private:
    friend class ready_queue;
    void* owner_;
    ready_queue* queue_;
    ready_ticket* next_ = nullptr;
    ready_ticket* previous_ = nullptr;
    bool queued_ = false;
};

/// Tickets in the order in which their flows became ready.
class ready_queue {
  public:
    constexpr ready_queue() = default;
    ready_queue(const ready_queue&) = delete;
    ready_queue& operator=(const ready_queue&) = delete;

    /// Takes the first ticket out; blocks until there is one. Several fibers may wait. Errors: cancelled, timed_out.
    result<ready_ticket*> next() {
        while (!first_) UK_TRY(event_.wait());
        ready_ticket* const t = first_;
        take_out(*t);
        if (first_) event_.signal(); // one signal may stand for several tickets
        return t;
    }

    /// Takes a ticket out before its turn, if it is in.
    void take_out(ready_ticket& t) {
        if (!t.queued_) return;
        (t.previous_ ? t.previous_->next_ : first_) = t.next_;
        (t.next_ ? t.next_->previous_ : last_) = t.previous_;
        t.next_ = t.previous_ = nullptr;
        t.queued_ = false;
    }

    bool empty() const { return !first_; }

  private:
    friend class ready_ticket;
    void put(ready_ticket& t) {
        if (t.queued_) return;
        t.queued_ = true;
        t.previous_ = last_;
        (last_ ? last_->next_ : first_) = &t;
        last_ = &t;
        event_.signal();
    }

    ready_ticket* first_ = nullptr;
    ready_ticket* last_ = nullptr;
    fiber::event event_;
};

inline void ready_ticket::ready() { queue_->put(*this); }
inline void ready_ticket::withdraw() { queue_->take_out(*this); }

} // namespace uk::net
