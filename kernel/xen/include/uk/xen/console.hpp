// The domain's console: a ring in memory shared with the daemon that `xl console` talks to. Nothing here blocks.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <uk/result.hpp>

namespace uk::xen {

/// Writes the part of `text` that fits, each newline as carriage return and newline, and tells the other end.
/// Returns how much of `text` that was.
std::size_t write_console(std::string_view text);

/// Takes what was typed; 0 when there is nothing.
std::size_t read_console(std::span<std::byte> in);

/// Calls `handler(context)` when there is room again, or something was typed; null: no more.
/// Errors: unsupported: the domain has no console.
result<void> set_console_handler(void (*handler)(void* context), void* context);

} // namespace uk::xen
