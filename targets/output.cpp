#include "targets/output.hpp"

#include <cerrno>

#include <unistd.h>

namespace uk::targets {

void write_output(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
        if (n < 0 && errno != EINTR) return;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
}

} // namespace uk::targets
