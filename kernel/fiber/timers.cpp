// Pairing heap: Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap: a new form of self-adjusting heap" (1986).
#include <fiber/timers.hpp>

namespace uk::fiber {
namespace {

/// Joins two roots; the later one becomes the first child of the earlier.
timer* meld(timer* a, timer* b) {
    if (!a) return b;
    if (!b) return a;
    if (b->when < a->when) {
        timer* t = a;
        a = b;
        b = t;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child) a->child->previous = b;
    a->child = b;
    return a;
}

/// Joins siblings to one root: in pairs from the left, then all pairs from the right. Without recursion, since there may be
/// thousands: the pairs are chained in reverse on the way.
timer* meld_siblings(timer* first) {
    timer* pairs = nullptr;
    while (first) {
        timer* a = first;
        timer* b = a->next;
        first = b ? b->next : nullptr;
        a->next = a->previous = nullptr;
        if (b) b->next = b->previous = nullptr;
        timer* pair = meld(a, b);
        pair->next = pairs;
        pairs = pair;
    }
    timer* root = nullptr;
    while (pairs) {
        timer* rest = pairs->next;
        pairs->next = nullptr;
        root = meld(root, pairs);
        pairs = rest;
    }
    return root;
}

} // namespace

void timers::insert(timer& t) {
    t.child = t.next = t.previous = nullptr;
    root_ = meld(root_, &t);
}

void timers::remove(timer& t) {
    if (&t == root_) {
        root_ = meld_siblings(t.child);
    } else {
        if (t.previous->child == &t) {
            t.previous->child = t.next;
        } else {
            t.previous->next = t.next;
        }
        if (t.next) t.next->previous = t.previous;
        root_ = meld(root_, meld_siblings(t.child));
    }
    t.child = t.next = t.previous = nullptr;
}

} // namespace uk::fiber
