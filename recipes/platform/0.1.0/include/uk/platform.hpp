// signature platform 0.1 (scope: image): the few things that only the machine below can do.
// One platform component defines these functions; they are called by the scheduler, the C library, the allocator and
// drivers. Applications use fibers (uk/fiber.hpp) and instances instead. A simulated platform can implement every one of
// them deterministically: time, sleep, randomness and text all pass through here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::platform {

// --- memory ---------------------------------------------------------------------------------------------------------

/// The memory that the image may share out: one range, page-aligned, readable and writable, never executable.
/// Belongs to the allocator component, which calls this once; stacks are allocated apart.
std::span<std::byte> heap();

/// A fiber's stack with an unmapped guard page below it. `size` is rounded up to whole pages.
/// Errors: out_of_memory.
result<std::span<std::byte>> allocate_stack(std::size_t size);
void free_stack(std::span<std::byte> stack);

// --- time -----------------------------------------------------------------------------------------------------------

/// Monotonic time since the image started; any context, also interrupts.
instant now();

/// Civil time. Errors: unsupported where the machine has no clock that says it.
result<wall_time> wall_now();

// --- waiting --------------------------------------------------------------------------------------------------------

/// Called by the scheduler when no fiber can run: sleeps until an interrupt (or completion) has called
/// `fiber::event::signal`, or until `deadline`. Returns at once if something was signalled since the last look.
/// Never polls: a sleeping image executes nothing.
void wait(instant deadline);

// --- text and end ---------------------------------------------------------------------------------------------------

/// Text of last resort, for panics and boot failures: synchronous, any context, can't fail. Newlines are translated
/// where the device wants it.
void write_text(std::string_view text);

/// The boot parameters, as the loader gave them: one line, valid for ever.
std::string_view command_line();

/// Fills `out` from the machine's own source of entropy (a hardware generator, the host's pool).
/// Errors: unsupported where there is none; then nothing was written.
result<void> entropy(std::span<std::byte> out);

/// Ends the image. `status` 0 is success, 1 to 124 the application's own, above that uk's (docs/reference/statuses.md).
/// Text written before arrives. How the status reaches the outside is the platform's own matter.
[[noreturn]] void exit(int status);

/// Ends the image after saying why, where (the fiber, its stack, registers where they help), as a person can read it.
/// Exits with status 126. Any context; what fails inside it ends at once.
[[noreturn]] void panic(std::string_view why);

} // namespace uk::platform

namespace uk::image {

/// The generated wiring: opens the instances, runs the application, closes them. The platform calls it once, on the
/// first fiber; what it returns is the image's status.
int main();

/// What the wiring knows about the image, for the platform: stack bytes of the first fiber, and the bytes of memory
/// that the variant asks for (a hosted process keeps its heap within that; elsewhere the machine decides).
extern const std::size_t main_stack_size;
extern const std::size_t memory_size;

} // namespace uk::image
