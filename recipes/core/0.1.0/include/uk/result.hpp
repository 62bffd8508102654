// result<T>: a value or a uk::error, which can't be dropped unseen.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <bits/stl_construct.h> // construct_at and destroy_at, without the rest of <memory>: every file has this header

#include <uk/error.hpp>

namespace uk {

/// Success or an error, in the one word of the error. Look with `if (!r)`.
template <>
class [[nodiscard]] result<void> {
  public:
    using value_type = void;

    constexpr result() = default;
    constexpr result(uk::error e) : error_{e} {}

    constexpr bool has_value() const { return error_.word_ == 0; }
    constexpr explicit operator bool() const { return has_value(); }
    constexpr void operator*() const {}
    constexpr uk::error error() const { return error_; }

    friend constexpr bool operator==(result, result) = default;

  private:
    uk::error error_{};
};

/// As std::expected, with the error's word as the mark: most results fit two registers, and code that only passes an error on
/// moves one of them. Look with `if (!r)`, take with `*r`; there is no `value()`, as nothing could catch what it throws.
template <class T>
class [[nodiscard]] result : result<void> {
    static constexpr bool is_copied = std::is_trivially_copy_constructible_v<T>;
    static constexpr bool is_moved = std::is_trivially_move_constructible_v<T>;
    static constexpr bool is_dropped = std::is_trivially_destructible_v<T>;

  public:
    using value_type = T;
    using result<void>::has_value;
    using result<void>::operator bool;
    using result<void>::error;

    constexpr result()
        requires std::default_initializable<T>
        : value_{} {}
    constexpr result(uk::error e) : result<void>{e}, none_{} {}
    template <class U = T>
        requires(std::constructible_from<T, U> && !std::same_as<std::remove_cvref_t<U>, result> &&
                 !std::same_as<std::remove_cvref_t<U>, uk::error>)
    constexpr explicit(!std::convertible_to<U, T>) result(U&& value) : value_(std::forward<U>(value)) {}

    result(const result&)
        requires is_copied
    = default;
    constexpr result(const result& other)
        requires(!is_copied && std::copy_constructible<T>)
        : result<void>{other}, none_{} {
        if (has_value()) std::construct_at(&value_, other.value_);
    }
    result(result&&)
        requires is_moved
    = default;
    constexpr result(result&& other)
        requires(!is_moved)
        : result<void>{other}, none_{} {
        if (has_value()) std::construct_at(&value_, std::move(other.value_));
    }

    result& operator=(const result&)
        requires(is_copied && is_dropped)
    = default;
    constexpr result& operator=(result other)
        requires(!is_copied || !is_dropped)
    {
        std::destroy_at(this);
        std::construct_at(this, std::move(other));
        return *this;
    }

    ~result()
        requires is_dropped
    = default;
    constexpr ~result()
        requires(!is_dropped)
    {
        if (has_value()) std::destroy_at(&value_);
    }

    constexpr T& operator*() & { return value_; }
    constexpr const T& operator*() const& { return value_; }
    constexpr T&& operator*() && { return std::move(value_); }
    constexpr T* operator->() { return &value_; }
    constexpr const T* operator->() const { return &value_; }

    friend constexpr bool operator==(const result& a, const result& b)
        requires std::equality_comparable<T>
    {
        return a.error() == b.error() && (!a || *a == *b);
    }

  private:
    union {
        T value_;
        char none_;
    };
};

} // namespace uk

/// Leaves the enclosing function with the error, if there is one. A whole statement only.
#define UK_TRY(expression)                                                                                             \
    do {                                                                                                               \
        if (auto uk_try_ = (expression); !uk_try_) return uk_try_.error();                                             \
    } while (false)
