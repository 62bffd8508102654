// What the generated wiring.cpp is made of: read parameters, open instances in order, run, close in reverse.
#pragma once

#include <algorithm>
#include <string_view>

#include <uk/instance.hpp>
#include <uk/parameters.hpp>
#include <uk/platform.hpp>
#include <uk/result.hpp>

namespace uk::wiring {

/// Statuses that an image ends with before or beside the application's own (docs/reference/statuses.md).
inline constexpr int bad_parameter = 64;
inline constexpr int could_not_start = 127;

/// Says `uk: …` on the console of last resort, in pieces.
template <class... Texts>
void say(Texts... texts) {
    (platform::write_text(texts), ...);
}

/// Reads the command line into `known`; says what is wrong with a word of it. Inlined, so that an image without parameters
/// holds nothing that reads their values.
[[gnu::always_inline]] inline bool read(std::span<const parameter> known) {
    parameter_problem problem;
    if (known.empty() ? refuse_parameters(platform::command_line(), problem)
                      : read_parameters(platform::command_line(), known, problem))
        return true;
    if (known.empty() || problem.expected.empty()) {
        say("uk: unknown parameter `", problem.word, "`\n");
        if (known.empty()) say("uk: this image has no parameters\n");
    } else {
        say("uk: parameter `", problem.word, "`: expected ", problem.expected, "\n");
    }
    for (const parameter& one : known) say("uk:   --", one.name, "\n");
    return false;
}

/// A required parameter must have been given.
inline bool require(std::string_view name, bool given) {
    if (!given) say("uk: parameter `", name, "` is missing; give it as `--", name, "=…`\n");
    return given;
}

/// An instance that is open as long as this lives. Instances without `open` or `close` need neither.
template <class T>
class opened {
  public:
    template <class... Parameters>
    opened(std::string_view name, T& what, const Parameters&... parameters) : what_{what} {
        if constexpr (requires { what.open(parameters...); }) {
            if (const result<void> r = what.open(parameters...); !r) {
                say("uk: `", name, "` could not be opened: ", r.error().text(), "\n");
                open_ = false;
            }
        } else {
            static_assert(sizeof...(Parameters) == 0,
                          "an implementation with parameters has `result<void> open(const parameters&)`");
        }
    }
    ~opened() {
        if constexpr (requires { what_.close(); }) {
            if (open_) what_.close();
        }
    }
    opened(const opened&) = delete;
    opened& operator=(const opened&) = delete;

    explicit operator bool() const { return open_; }

  private:
    T& what_;
    bool open_ = true;
};

/// The image's status for what `run` returned: 0, the application's own (uk::ended), or 1 with the error said.
inline int status_of(const result<void>& r) {
    if (r) return 0;
    if (r.error().domain() == error_domain::application) return std::min<int>(r.error().code(), 124);
    say("uk: the application ended with `", r.error().name(), "`: ", r.error().text(), "\n");
    return 1;
}

} // namespace uk::wiring
