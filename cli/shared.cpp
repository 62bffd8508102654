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

bool is_grpc(std::string_view scheme) { return scheme == "grpcs" || scheme == "grpc"; }

// A kind of server.
struct kind {
    const char *name, *example, *token, *timeout;
    bool http;
};
constexpr kind cache{"a shared cache", "https://cache.example.org/uk", "UK_CACHE_TOKEN_FILE", "UK_CACHE_TIMEOUT", true};
constexpr kind executes{"a server that executes", "grpcs://build.example.org/uk", "UK_REMOTE_TOKEN_FILE",
                        "UK_REMOTE_TIMEOUT", false};

result<void> check_url(const setting& url, const kind& of) {
    const auto refused = [&] {
        return fail(url.wrong, {}, "{} is `{}`, which is no URL that {} can have", url.name, base::printable(url.value),
                    of.name)
            .hint(std::string{"like `"} + of.example + "`");
    };
    const auto after = url.value.find("://");
    const std::string_view scheme = std::string_view{url.value}.substr(0, after);
    const bool is_http = of.http && (scheme == "https" || scheme == "http");
    if (after == std::string::npos || (!is_http && !is_grpc(scheme))) return refused();
    const std::string_view rest = std::string_view{url.value}.substr(after + 3), host = rest.substr(0, rest.find('/'));
    // Not shown again: it may be in a log of somebody's terminal.
    if (host.find('@') != std::string_view::npos)
        return fail(url.wrong, {}, "{} has a name or a password in it, which lists of processes and logs show",
                    url.name)
            .hint(std::string{is_http ? "write them into `~/.netrc`, or a token into" : "write a token into"} +
                  " a file that `" + of.token + "` names");
    if (host.empty() || rest.find_first_of("?# ") != std::string_view::npos || base::printable(rest) != rest)
        return refused();
    if (scheme.back() != 's' && !is_this_machine(host))
        return fail(url.wrong, {}, "{} is `{}`, but {} is used with this machine alone", url.name, url.value, scheme)
            .hint(std::string{"with "} + std::string{scheme} +
                  "s nobody in between can put something into your images");
    return {};
}

result<int> number_of(const char* variable, int otherwise, int most, const char* what) {
    const std::string said = text_of(variable);
    int number = otherwise;
    if (said.empty()) return number;
    const auto [end, problem] = std::from_chars(said.data(), said.data() + said.size(), number);
    if (problem != std::errc{} || end != said.data() + said.size() || number < 1 || number > most)
        return fail(status::input, {}, "{} is `{}`, which is no number of {} from 1 to {}", variable,
                    base::printable(said), what, most);
    return number;
}

// How long a server may say nothing; its token's file can be read.
result<int> silence_of(const kind& of) {
    const std::string token = text_of(of.token);
    if (!token.empty() && !std::ifstream{token})
        return fail(status::input, {token, 0, 0}, "can't be read, and {} names it", of.token);
    return number_of(of.timeout, 10, 3600, "seconds");
}

result<std::optional<build::shared_cache_options>> cache_of(const shared_asked& asked) {
    const setting url = setting_of(asked.url, "--cache", "UK_CACHE_URL");
    const setting mode = setting_of(asked.mode, "--cache-mode", "UK_CACHE_MODE");
    if (url.value.empty() || url.value == "off") return std::nullopt;
    CHECK(check_url(url, cache));
    if (!mode.value.empty() && mode.value != "read-only" && mode.value != "read-write")
        return fail(mode.wrong, {}, "{} is `{}`; expected `read-only` or `read-write`", mode.name,
                    base::printable(mode.value));
    return build::shared_cache_options{
        .url = url.value, .write = mode.value == "read-write", .silence = TRY(silence_of(cache))};
}

result<std::optional<build::remote_options>> remote_of(const remote_asked& asked) {
    const setting url = setting_of(asked.url, "--remote", "UK_REMOTE_URL");
    if (url.value.empty() || url.value == "off") return std::nullopt;
    CHECK(check_url(url, executes));
    build::remote_options made{.url = url.value, .silence = TRY(silence_of(executes))};
    const int jobs = TRY(number_of("UK_REMOTE_JOBS", static_cast<int>(made.at_once), most_remote_jobs, "actions"));
    made.at_once = static_cast<unsigned>(asked.jobs > 0 ? asked.jobs : jobs);
    return made;
}

} // namespace

result<chosen_servers> servers_of(const servers_asked& asked, bool offline) {
    chosen_servers made{TRY(cache_of(asked.cache)), TRY(remote_of(asked.away))};
    return offline ? chosen_servers{} : std::move(made);
}

} // namespace uk::cli
