// result<T>: a value or a uk::error, which can't be dropped unseen.
#pragma once

#include <expected>

#include <uk/error.hpp>

namespace uk {

/// std::expected with [[nodiscard]] on the type. Look with `if (!r)`, take with `*r` (`r.value()` pulls in abort).
template <class T = void>
class [[nodiscard]] result : public std::expected<T, error> {
  public:
    using std::expected<T, error>::expected;
    constexpr result(error e) : std::expected<T, error>{std::unexpect, e} {}
};

} // namespace uk

/// Leaves the enclosing function with the error, if there is one. A whole statement only.
#define UK_TRY(expression)                                                                                             \
    do {                                                                                                               \
        if (auto uk_try_ = (expression); !uk_try_) return uk_try_.error();                                             \
    } while (false)
