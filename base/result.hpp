// result<T>: a value or a base::error, which can't be dropped unseen. TRY hands an error on.
#pragma once

#include <expected>
#include <utility>

#include "base/error.hpp"

namespace uk::base {

template <class T = void>
class [[nodiscard]] result : public std::expected<T, error> {
  public:
    using std::expected<T, error>::expected;
    result(error e) : std::expected<T, error>{std::unexpect, std::move(e)} {}

    /// Adds what the caller was doing to an error; nothing to a value.
    template <class... Arguments>
    result context(fmt::format_string<Arguments...> text, Arguments&&... arguments) && {
        if (!this->has_value()) this->error().add_context(fmt::format(text, std::forward<Arguments>(arguments)...));
        return std::move(*this);
    }
};

} // namespace uk::base

/// The value of a result, or leaves the enclosing function with its error. Only as a whole statement or initialiser
/// (inside braces or arguments GCC 12 leaks what was already constructed).
#define TRY(...) UK_TRY_AS(UK_UNIQUE(try_, __COUNTER__), __VA_ARGS__)
/// The same for result<void>.
#define CHECK(...) UK_CHECK_AS(UK_UNIQUE(check_, __COUNTER__), __VA_ARGS__)

#define UK_UNIQUE(a, b) UK_JOIN(a, b)
#define UK_JOIN(a, b) a##b
#define UK_TRY_AS(name, ...)                                                                                           \
    ({                                                                                                                 \
        auto name = (__VA_ARGS__);                                                                                     \
        if (!name) return std::move(name).error();                                                                     \
        *std::move(name);                                                                                              \
    })
#define UK_CHECK_AS(name, ...)                                                                                         \
    do {                                                                                                               \
        if (auto name = (__VA_ARGS__); !name) return std::move(name).error();                                          \
    } while (false)
