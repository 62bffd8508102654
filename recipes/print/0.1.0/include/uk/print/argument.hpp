// A value on its way into text: what it is and where, so that one piece of code formats all of them. What only some images
// print (floating point, times) is behind a pointer: its code is linked where it is used and nowhere else.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <uk/error.hpp>
#include <uk/print/field.hpp>
#include <uk/print/output.hpp>
#include <uk/time.hpp>

namespace uk::printing {

using custom_writer = void (*)(output&, const field&, const void* value);

// Of double, duration and wall_time.
void write_double(output& out, const field& how, const void* value);
void write_duration(output& out, const field& how, const void* value);
void write_wall_time(output& out, const field& how, const void* value);

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

/// What a type is; values of any other can't be printed.
template <class T>
consteval kind kind_of() {
    if constexpr (std::same_as<T, bool>) return kind::truth;
    else if constexpr (std::same_as<T, char>) return kind::character;
    else if constexpr (std::integral<T>) return kind::integer;
    else if constexpr (std::floating_point<T>) return kind::floating;
    else if constexpr (std::convertible_to<const T&, std::string_view> || std::same_as<T, error>) return kind::text;
    else if constexpr (is_duration<T> || std::same_as<T, wall_time> || std::same_as<T, instant>) return kind::other;
    else
        static_assert(!sizeof(T),
                      "a value of this type can't be printed: pass a number, text, bool, error, duration or time");
}

class argument {
  public:
    template <class T>
    explicit argument(const T& value) : kind_{kind_of<T>()} {
        if constexpr (std::integral<T>) {
            integer_ = {static_cast<std::uint64_t>(value), false};
            if constexpr (std::signed_integral<T>) {
                if (value < 0 && kind_ == kind::integer) integer_ = {0 - static_cast<std::uint64_t>(value), true};
            }
        } else if constexpr (std::floating_point<T>) {
            real_ = static_cast<double>(value);
            custom_ = write_double;
        } else if constexpr (std::same_as<T, error>) {
            text_ = value.text();
        } else if constexpr (kind_of<T>() == kind::text) {
            text_ = value;
        } else if constexpr (is_duration<T>) {
            time_ = std::chrono::duration_cast<duration>(value);
            custom_ = write_duration;
        } else {
            time_ = value.time_since_epoch();
            custom_ = std::same_as<T, instant> ? write_duration : write_wall_time;
        }
    }

    void write(output& out, const field& how) const;

  private:
    struct number {
        std::uint64_t size;
        bool negative;
    };

    kind kind_;
    union {
        number integer_{};
        double real_;
        std::string_view text_;
        duration time_;
    };
    custom_writer custom_ = nullptr;
};

} // namespace uk::printing
