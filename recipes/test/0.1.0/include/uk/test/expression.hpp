// A checked condition taken apart: `taker{} <= a == b` is an expression that knows whether it holds and what a and b are.
// `<=` binds closer than the comparisons that may follow and less close than arithmetic.
#pragma once
#pragma GCC system_header

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <uk/print.hpp>
#include <uk/result.hpp>

namespace uk::test {

/// Writes a value for a person, cut to what there is room for; `?` for one that can't be printed.
template <class T>
std::string_view show(std::span<char> place, const T& value) {
    if constexpr (requires { value.has_value(), value.error().name(); }) {
        if (!value) return print_to(place, "error {}", value.error().name());
        if constexpr (std::is_void_v<decltype(*value)>) return "no error";
        else return show(place, *value);
    } else if constexpr (std::is_null_pointer_v<T>) {
        return "nullptr";
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
        return print_to(place, "\"{}\"", std::string_view{value});
    } else if constexpr (std::is_pointer_v<T>) {
        return print_to(place, "{:#x}", reinterpret_cast<std::uintptr_t>(value));
    } else if constexpr (std::is_enum_v<T>) {
        return print_to(place, "{}", static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::same_as<T, error>) {
        return print_to(place, "error {}", value.name());
    } else if constexpr (std::is_arithmetic_v<T> || printing::is_duration<T> || std::same_as<T, instant> ||
                         std::same_as<T, wall_time>) {
        return print_to(place, "{}", value);
    } else if constexpr (requires { std::string_view{value.data(), value.size()}; }) {
        return print_to(place, "\"{}\"", std::string_view{value.data(), value.size()});
    } else {
        return "?";
    }
}

using shower = std::string_view (*)(std::span<char> place, const void* value);

/// Borrows what it compared: it lives as long as the whole statement.
struct expression {
    bool holds;
    const void* left;
    shower show_left;
    std::string_view sign = {};
    const void* right = nullptr;
    shower show_right = nullptr;
};

/// Two conditions can't be shown by their values: check each by itself, or put both into parentheses.
template <class T>
expression operator&&(const expression&, const T&) = delete;
template <class T>
expression operator||(const expression&, const T&) = delete;

template <class T>
constexpr shower shower_of =
    [](std::span<char> place, const void* value) { return show(place, *static_cast<const T*>(value)); };

template <class T>
class taken {
  public:
    explicit taken(const T& value) : value_{value} {}

    operator expression() const { return {static_cast<bool>(value_), &value_, shower_of<T>}; }

    template <class U>
    expression operator==(const U& other) const {
        return compared(value_ == other, "==", other);
    }
    template <class U>
    expression operator!=(const U& other) const {
        return compared(value_ != other, "!=", other);
    }
    template <class U>
    expression operator<(const U& other) const {
        return compared(value_ < other, "<", other);
    }
    template <class U>
    expression operator<=(const U& other) const {
        return compared(value_ <= other, "<=", other);
    }
    template <class U>
    expression operator>(const U& other) const {
        return compared(value_ > other, ">", other);
    }
    template <class U>
    expression operator>=(const U& other) const {
        return compared(value_ >= other, ">=", other);
    }

  private:
    template <class U>
    expression compared(bool holds, std::string_view sign, const U& other) const {
        return {holds, &value_, shower_of<T>, sign, &other, shower_of<U>};
    }

    const T& value_;
};

struct taker {
    template <class T>
    taken<T> operator<=(const T& value) const {
        return taken<T>{value};
    }
};

} // namespace uk::test
