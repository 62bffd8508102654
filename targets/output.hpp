// A machine's console to our standard output.
#pragma once

#include <functional>
#include <string_view>

#include "targets/console.hpp"

namespace uk::targets {

/// Writes all of it to standard output, whatever the number of calls; gives up silently where nobody reads.
void write_output(std::string_view text);

class output_filter {
  public:
    std::function<void(std::string_view)> sink() {
        return [this](std::string_view text) { write_output(console_.take(text)); };
    }
    /// The status that the last line says, else 0.
    int finish() {
        write_output(console_.finish());
        return console_.said_status().value_or(0);
    }

  private:
    console console_;
};

} // namespace uk::targets
