// The console at boot and at the end; drivers use uk/xen/console.hpp.
#pragma once

#include <uk/xen/console.hpp>

namespace uk::xen {

/// Maps the domain's console ring. Without one, text goes nowhere.
void start_console();

/// Ends the line that was begun, if there is one.
void end_line();

/// Waits until the other end has taken all text, as long as it goes on taking some.
void drain_console();

} // namespace uk::xen
