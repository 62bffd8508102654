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
#define TRY(...)                                                                                                       \
    ({                                                                                                                 \
        auto try_result_ = (__VA_ARGS__);                                                                              \
        if (!try_result_) return std::move(try_result_).error();                                                       \
        *std::move(try_result_);                                                                                       \
    })
/// The same for result<void>.
#define CHECK(...)                                                                                                     \
    do {                                                                                                               \
        if (auto try_result_ = (__VA_ARGS__); !try_result_) return std::move(try_result_).error();                     \
    } while (false)
