// Who waits until when: a pairing heap through links in the fibers themselves, so that it never allocates.
// Inserting costs a comparison, removing O(log n) on average. Equal times keep no order.
#pragma once

#include <uk/time.hpp>

namespace uk::fiber {

/// A member of what waits. In at most one heap at a time.
struct timer {
    instant when = never;
    timer* child = nullptr;    ///< the first of those that come later
    timer* next = nullptr;     ///< sibling
    timer* previous = nullptr; ///< sibling, or the parent of a first child; null for the root and outside a heap
};

class timers {
  public:
    bool empty() const { return !root_; }
    /// The earliest. Only if there is one.
    timer& first() const { return *root_; }

    void insert(timer& t);
    /// Only for one that is in.
    void remove(timer& t);

  private:
    timer* root_ = nullptr;
};

} // namespace uk::fiber
