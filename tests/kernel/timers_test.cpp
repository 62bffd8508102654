// The heap of timers against a sorted container.
#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <fiber/timers.hpp>

TEST(timers, agree_with_a_multiset) {
    std::mt19937 random{1};
    std::vector<uk::fiber::timer> all(3000);
    uk::fiber::timers heap;
    std::multimap<uk::instant, uk::fiber::timer*> expected;
    std::vector<uk::fiber::timer*> inside, outside;
    for (auto& t : all) outside.push_back(&t);
    for (int step = 0; step < 200000; ++step) {
        if (!outside.empty() && (inside.empty() || random() % 2)) {
            std::swap(outside[random() % outside.size()], outside.back());
            uk::fiber::timer* t = outside.back();
            outside.pop_back();
            t->when = uk::instant{uk::duration{random() % 1000}};
            heap.insert(*t);
            inside.push_back(t);
            expected.emplace(t->when, t);
        } else {
            const bool first = random() % 2;
            auto place = first ? std::find(inside.begin(), inside.end(), &heap.first())
                               : inside.begin() + random() % inside.size();
            uk::fiber::timer* t = *place;
            std::swap(*place, inside.back());
            inside.pop_back();
            heap.remove(*t);
            outside.push_back(t);
            auto [from, to] = expected.equal_range(t->when);
            while (from != to && from->second != t) ++from;
            ASSERT_NE(from, to);
            expected.erase(from);
        }
        ASSERT_EQ(heap.empty(), expected.empty());
        if (!heap.empty()) {
            ASSERT_EQ(heap.first().when, expected.begin()->first);
        }
    }
}
