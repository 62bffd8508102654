// The program's end of cache_protocol.hpp: what uk asks, and what it is told.
#pragma once

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>

#include "registry/fetch/cache_protocol.hpp"

namespace uk::registry::cache_protocol {

struct task {
    request asked;
    std::string content;
};
struct done {
    answer::status said = answer::status::trouble;
    std::string content;
};

/// The next one, with its content. False: the socket has ended, or what came is none.
inline bool read_task(task& into) {
    if (!read_all(channel, &into.asked, sizeof into.asked)) return false;
    if (into.asked.size < 0 || into.asked.size > largest) return false;
    if (!has_content(into.asked)) return true;
    into.content.resize(static_cast<std::size_t>(into.asked.size));
    return read_all(channel, into.content.data(), into.content.size());
}

/// Answers, from any thread. Where uk is gone, the program ends.
class replies {
  public:
    void send(std::uint32_t id, const done& made) {
        const answer head{id, made.said, static_cast<std::int64_t>(made.content.size())};
        const std::scoped_lock lock{speaking_};
        if (!send_all(channel, &head, sizeof head) || !send_all(channel, made.content.data(), made.content.size()))
            std::_Exit(0);
    }

  private:
    std::mutex speaking_;
};

/// A Ctrl-C is uk's, which then closes the socket.
inline void leave_signals_to_uk() {
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
}

inline std::string text_of(const char* variable) {
    const char* value = std::getenv(variable);
    return value ? value : "";
}

/// The first line of the file that this variable of the environment names; "" if it names none, and with a `problem` if that
/// line is no token.
inline std::string read_token(const char* variable, std::string& problem) {
    const std::string file = text_of(variable);
    std::string token;
    if (file.empty()) return token;
    std::ifstream in{file};
    std::getline(in, token);
    const bool is_word = std::ranges::all_of(token, [](unsigned char c) { return c > 32 && c < 127; });
    if (token.empty() || !is_word) problem = std::string{"the file of "} + variable + " holds no token";
    return token;
}

} // namespace uk::registry::cache_protocol
