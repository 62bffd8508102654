#include "cli/progress.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.hpp"
#include "build/check.hpp"

namespace uk::cli {

namespace {

std::size_t terminal_width() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

void progress::clear() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
}

void progress::draw(const std::string& text) {
    const std::size_t width = terminal_width();
    std::string line = base::printable(text);
    if (line.size() >= width) line = line.substr(0, width - 4) + "...";
    std::fputs(("\r\x1b[K" + line).c_str(), stderr);
    drawn_ = true;
}

void progress::stage(const std::string& text) {
    if (how_.terminal) draw(text);
    else how_.say(text);
}

void progress::tell(const build::event& what) {
    using type = build::event::type;
    if (what.kind != type::started && !what.text.empty() && !is_check(*what.what) && what.kind != type::failed) {
        clear();
        // Warnings; they may come from a shared cache, so nothing of them steers a terminal. Of a file that several variants have, once.
        const std::string said = build::with_own_paths(base::trim(what.text));
        if (said_.insert(said).second) {
            for (const std::string_view line : base::split(said, '\n')) how_.say(base::printable(line));
        }
    }
    tell(*what.what, what.done, what.total);
}

void progress::tell(const build::action& next, std::size_t done, std::size_t total) {
    // Ten times a second is enough for eyes, once in two seconds for a log.
    const auto now = std::chrono::steady_clock::now();
    if (last_ == std::chrono::steady_clock::time_point{}) last_ = how_.terminal ? last_ : now;
    if (now - last_ < std::chrono::milliseconds{how_.terminal ? 100 : 2000}) return;
    last_ = now;
    stage(fmt::format("[{}/{}] {}", done, total, build::name_of(next)));
}

} // namespace uk::cli
