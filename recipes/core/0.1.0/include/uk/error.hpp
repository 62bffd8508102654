// Errors of an image: one word, cheap enough to return from a driver's interrupt path.
// The domain says who speaks, the code what happened; names and texts live in error.cpp.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace uk {

template <class T>
class result;

/// Who defines a code. A component with errors of its own takes a domain here, so that no two clash.
enum class error_domain : std::uint16_t {
    common = 0,
    platform = 1,
    store = 2,
    net = 3,
    block = 4,
    application = 0x8000
};

/// One word: a 16-bit domain and a 16-bit code. Trivially copyable; equality is identity. Code 0 of domain common is none.
class error {
  public:
    constexpr error(error_domain domain, std::uint16_t code) : word_{static_cast<std::uint32_t>(domain) << 16 | code} {}

    constexpr error_domain domain() const { return static_cast<error_domain>(word_ >> 16); }
    constexpr std::uint16_t code() const { return static_cast<std::uint16_t>(word_); }

    /// A short name such as `timed_out`; for domains that core doesn't know, `error`.
    std::string_view name() const;
    /// One sentence for a person, without a full stop.
    std::string_view text() const;

    friend constexpr bool operator==(error, error) = default;

    static const error cancelled; ///< the scope or the fiber that called was cancelled
    static const error timed_out; ///< the deadline in force has passed
    static const error not_found; ///< there is nothing of that name
    static const error out_of_memory; ///< the allocator has nothing left
    static const error too_large; ///< more than the operation can take or the buffer can hold
    static const error invalid; ///< an argument that can't be right
    static const error unsupported; ///< this implementation, or this machine, can't do that
    static const error busy; ///< somebody else uses it
    static const error closed; ///< used after its end
    static const error io; ///< the device or the host failed

  private:
    friend class result<void>;
    constexpr error() = default; // none

    std::uint32_t word_ = 0;
};

constexpr error error::cancelled{error_domain::common, 1};
constexpr error error::timed_out{error_domain::common, 2};
constexpr error error::not_found{error_domain::common, 3};
constexpr error error::out_of_memory{error_domain::common, 4};
constexpr error error::too_large{error_domain::common, 5};
constexpr error error::invalid{error_domain::common, 6};
constexpr error error::unsupported{error_domain::common, 7};
constexpr error error::busy{error_domain::common, 8};
constexpr error error::closed{error_domain::common, 9};
constexpr error error::io{error_domain::common, 10};

/// How an application ends with a status of its own, 1 to 124: `return uk::ended(3);` in `run`.
constexpr error ended(int status) { return {error_domain::application, static_cast<std::uint16_t>(status)}; }

} // namespace uk
