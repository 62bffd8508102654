// The type of an optional need that nothing fills.
#pragma once

namespace uk {

struct none {};

} // namespace uk
