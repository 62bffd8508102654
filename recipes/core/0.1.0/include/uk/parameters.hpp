// Boot parameters: `instance.name=value` words on the command line, read once, before anything opens.
// The generated wiring holds one `parameter` for each declared one; nothing here allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk {

/// Where a parsed value goes, and how it is written (docs/reference/formats.md, "Types").
struct parameter {
    enum class type : std::uint8_t { boolean, integer, size, duration, text, choice, ipv4, ipv4_cidr };

    std::string_view name;       ///< `instance.name`, `label.name`, or for the application's own just `name`
    type kind;
    void* value; ///< bool, int64_t, uint64_t, uk::duration, string_view, unsigned (choice), uint32_t, uk::ipv4_cidr
    bool* given; ///< set when the word was there; null for parameters with a default
    std::int64_t least, most; ///< for integer and size
    const std::string_view* choices; ///< for choice
    std::size_t choice_count;
};

/// An IPv4 address in host byte order and the length of its network's prefix (RFC 4632).
struct ipv4_cidr {
    std::uint32_t address = 0;
    std::uint8_t prefix = 32;
    friend constexpr bool operator==(ipv4_cidr, ipv4_cidr) = default;
};

/// What was wrong with a word of the command line; views point into it and into `parameter`s.
struct parameter_problem {
    std::string_view word; ///< the offending word
    std::string_view expected; ///< such as `a duration, for example 250ms`; empty for an unknown name
};

/// Reads a command line: words split at spaces, `"…"` keeps them together, a leading `--` is allowed and means nothing.
/// Fills every `parameter` that is named; the last of several words with one name wins. A word without `=` sets a bool.
/// Returns false and says why in `problem` at the first word that isn't understood; values read before it stay.
/// An unknown word is a problem if it begins with `--` or its name holds a `.`; else it is the loader's own
/// (such as `console=ttyS0`) and is skipped; so is `virtio_mmio.device=…`, with which loaders say where devices are.
bool read_parameters(std::string_view command_line, std::span<const parameter> known, parameter_problem& problem);

/// What read_parameters does when none are known, without the code that reads values.
bool refuse_parameters(std::string_view command_line, parameter_problem& problem);

} // namespace uk
