#include "targets/console.hpp"

#include <charconv>
#include <utility>

namespace uk::targets {

namespace {

constexpr std::string_view status_form = "uk: exit status ";
constexpr std::size_t longest_kept = 64;

} // namespace

std::string console::take(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (return_waits_ && c != '\n') out += '\r';
        return_waits_ = c == '\r';
        if (return_waits_) continue;
        out += c;
        if (c == '\n') last_ = std::exchange(line_, {});
        else if (line_.size() < longest_kept) line_ += c;
    }
    return out;
}

std::string console::finish() { return std::exchange(return_waits_, false) ? "\r" : ""; }

std::optional<int> console::said_status() const {
    const std::string_view line = line_.empty() ? last_ : line_;
    if (!line.starts_with(status_form)) return std::nullopt;
    const char* const end = line.data() + line.size();
    unsigned status = 0;
    const auto [stopped, problem] = std::from_chars(line.data() + status_form.size(), end, status);
    if (problem != std::errc{} || stopped != end || status > 255) return std::nullopt;
    return static_cast<int>(status);
}

std::string command_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += line.empty() ? "" : " ";
        const bool plain = !word.empty() && word.find_first_of(" \t\r\n") == std::string::npos;
        line += plain ? word : "\"" + word + "\"";
    }
    return line;
}

} // namespace uk::targets
