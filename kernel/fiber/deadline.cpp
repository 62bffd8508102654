#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/control_block.hpp>

namespace uk::fiber {

instant after(duration how_long) {
    const instant now = platform::now();
    return how_long > never - now ? never : now + how_long;
}

deadline::deadline(instant when) : outer_{running().deadline}, when_{when < outer_ ? when : outer_} {
    running().deadline = when_;
}

deadline::deadline(duration from_now) : deadline{after(from_now)} {}

deadline::~deadline() { running().deadline = outer_; }

bool deadline::passed() const { return when_ != never && platform::now() >= when_; }

} // namespace uk::fiber
