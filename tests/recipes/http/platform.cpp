// What http asks of the platform beside what the fake one of the kernel's tests has.
#include <uk/platform.hpp>

#include "../../kernel/fake_platform.hpp"

/// The date that RFC 9110 has as its example, 784111777 seconds after the epoch.
uk::result<uk::wall_time> uk::platform::wall_now() {
    return wall_time{std::chrono::seconds{784'111'777}} + fake::the_machine().now.time_since_epoch();
}
