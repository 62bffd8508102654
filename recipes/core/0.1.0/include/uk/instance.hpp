// Static storage for one instance: constructed in place, never moved, never destroyed.
// A plain static of class type would drag in atexit and its table; an image ends by closing instances, not by destroying them.
#pragma once

#include <utility>

namespace uk {

template <class T>
union instance {
    template <class... Arguments>
    constexpr explicit instance(Arguments&&... arguments) : value(std::forward<Arguments>(arguments)...) {}
    constexpr ~instance() {}

    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;

    T value;
};

} // namespace uk
