#include "cli/shared.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"

namespace uk::cli {

using base::fail;
using base::result;
using base::status;

namespace {

std::string text_of(const char* variable) {
    const char* value = std::getenv(variable);
    return value ? value : "";
}

struct setting {
    std::string value, name;
    status wrong; ///< what a mistake in it is
};

setting setting_of(const std::string& said, const char* option, const char* variable) {
    if (!said.empty()) return {said, option, status::usage};
    return {text_of(variable), variable, status::input};
}

bool is_this_machine(std::string_view host) {
    const auto is = [&](std::string_view name) {
        return host == name || (host.starts_with(name) && host[name.size()] == ':');
    };
    return is("127.0.0.1") || is("localhost") || is("[::1]");
}

result<void> check_url(const setting& url) {
    const auto after = url.value.find("://");
    const std::string_view scheme = std::string_view{url.value}.substr(0, after);
    if (after == std::string::npos || (scheme != "https" && scheme != "http"))
        return fail(url.wrong, {}, "{} is `{}`, which is no URL that a shared cache can have", url.name,
                    base::printable(url.value))
            .hint("like `https://cache.example.org/uk`");
    const std::string_view rest = std::string_view{url.value}.substr(after + 3), host = rest.substr(0, rest.find('/'));
    // Not shown again: it may be in a log of somebody's terminal.
    if (host.find('@') != std::string_view::npos)
        return fail(url.wrong, {}, "{} has a name or a password in it, which lists of processes and logs show",
                    url.name)
            .hint("write them into `~/.netrc`, or a token into a file that `UK_CACHE_TOKEN_FILE` names");
    if (host.empty() || rest.find_first_of("?# ") != std::string_view::npos || base::printable(rest) != rest)
        return fail(url.wrong, {}, "{} is `{}`, which is no URL that a shared cache can have", url.name,
                    base::printable(url.value))
            .hint("like `https://cache.example.org/uk`");
    if (scheme == "http" && !is_this_machine(host))
        return fail(url.wrong, {}, "{} is `{}`, but http is used with this machine alone", url.name, url.value)
            .hint("with https nobody in between can put something into your images");
    return {};
}

result<int> silence() {
    const std::string said = text_of("UK_CACHE_TIMEOUT");
    int seconds = 10;
    if (said.empty()) return seconds;
    const auto [end, problem] = std::from_chars(said.data(), said.data() + said.size(), seconds);
    if (problem != std::errc{} || end != said.data() + said.size() || seconds < 1 || seconds > 3600)
        return fail(status::input, {}, "UK_CACHE_TIMEOUT is `{}`, which is no number of seconds from 1 to 3600",
                    base::printable(said));
    return seconds;
}

} // namespace

result<std::optional<build::shared_cache_options>> shared_cache_of(const shared_asked& asked) {
    const setting url = setting_of(asked.url, "--cache", "UK_CACHE_URL");
    const setting mode = setting_of(asked.mode, "--cache-mode", "UK_CACHE_MODE");
    if (url.value.empty() || url.value == "off") return std::nullopt;
    CHECK(check_url(url));
    if (!mode.value.empty() && mode.value != "read-only" && mode.value != "read-write")
        return fail(mode.wrong, {}, "{} is `{}`; expected `read-only` or `read-write`", mode.name,
                    base::printable(mode.value));
    const std::string token = text_of("UK_CACHE_TOKEN_FILE");
    if (!token.empty() && !std::ifstream{token})
        return fail(status::input, {token, 0, 0}, "can't be read, and UK_CACHE_TOKEN_FILE names it");
    return build::shared_cache_options{
        .url = url.value, .write = mode.value == "read-write", .silence = TRY(silence())};
}

} // namespace uk::cli
