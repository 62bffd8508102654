// A place in a text file that a person wrote: what every diagnostic points at.
#pragma once

#include <string>

namespace uk::base {

/// `line` and `column` count from 1, columns in UTF-8 code points; 0 means the whole file (or line). An empty `file` is nowhere.
struct place {
    std::string file;
    int line = 0;
    int column = 0;

    /// `uk.yaml:7:9`, as far as it is known.
    std::string text() const;
    friend auto operator<=>(const place&, const place&) = default;
};

} // namespace uk::base
