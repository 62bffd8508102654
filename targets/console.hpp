// The console of a machine as text: without the carriage returns that serial lines need, and with the status that an image
// says in its last line where the outside can't see it: `uk: exit status N`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uk::targets {

class console {
  public:
    /// The same text, in pieces as it comes; of `\r\n` only `\n` stays. A `\r` at the end waits for what follows.
    std::string take(std::string_view text);
    /// What still waits, at the end.
    std::string finish();
    /// N of `uk: exit status N`, 0 to 255, if that is the whole last line.
    std::optional<int> said_status() const;

  private:
    std::string line_, last_; ///< as far as a status can be long
    bool return_waits_ = false;
};

/// Boot parameters as one line, as images read it (uk/parameters.hpp): words with spaces in quotes.
std::string command_line(const std::vector<std::string>& words);

} // namespace uk::targets
