// uk cache: what the store holds; whether it is right; what may go.
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/cache.hpp"

namespace uk::cli {

using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

struct options {
    std::string what = "info", size;
};

std::string rough_size(std::uint64_t bytes) {
    constexpr double step = 1024;
    double value = static_cast<double>(bytes);
    for (const char* unit : {"B", "KiB", "MiB"}) {
        if (value < step) return fmt::format("{:.{}f} {}", value, value == static_cast<double>(bytes) ? 0 : 1, unit);
        value /= step;
    }
    return fmt::format("{:.1f} GiB", value);
}

result<int> info(const context& how, build::store& store) {
    const auto limit = TRY(size_limit());
    json list = json::array();
    std::string text = store.home().string() + "\n";
    std::uint64_t sum = 0;
    for (const build::store_part& part : build::parts_of(store)) {
        list.push_back({{"name", part.name}, {"files", part.files}, {"bytes", part.bytes}});
        text += fmt::format("  {:<13} {:>9}  {:>7} files\n", part.name, rough_size(part.bytes), part.files);
        sum += part.bytes;
    }
    text += fmt::format("  {:<13} {:>9}{}\n", "all", rough_size(sum),
                        limit ? fmt::format("  of {} (UK_CACHE_SIZE)", rough_size(*limit)) : "");
    how.print(how.json ? json{{"folder", store.home().string()},
                              {"parts", list},
                              {"bytes", sum},
                              {"limit", limit ? json(*limit) : json()}}
                                 .dump(2) +
                             "\n"
                       : text);
    return 0;
}

result<int> verify(const context& how, build::store& store) {
    const build::store_check done = TRY(build::check_store(store));
    std::string text;
    for (const std::string& one : done.wrong) text += fmt::format("wrong: {}\n", one);
    text += fmt::format("{} files ({}) were read, {} of the store's were wrong{}\n", done.files, rough_size(done.bytes),
                        done.wrong.size(),
                        done.wrong.empty() ? "" : ": they are in quarantine/ now, and made anew when they are needed");
    how.print(how.json ? json{{"files", done.files}, {"bytes", done.bytes}, {"wrong", done.wrong}}.dump(2) + "\n"
                       : text);
    return done.wrong.empty() ? 0 : static_cast<int>(status::failed);
}

result<int> collect(const context& how, build::store& store, std::optional<std::uint64_t> limit) {
    build::collected done = TRY(build::collect(store, limit, build::store::patience::none));
    if (done.is_busy) {
        how.say("waiting for other uk that work with the store");
        done = TRY(build::collect(store, limit, build::store::patience::wait));
    }
    how.print(how.json ? json{{"files", done.files},
                              {"freed", done.freed},
                              {"bytes", done.left},
                              {"limit", limit ? json(*limit) : json()}}
                                 .dump(2) +
                             "\n"
                       : fmt::format("removed {} files ({}), {} are left\n", done.files, rough_size(done.freed),
                                     rough_size(done.left)));
    return 0;
}

result<int> run(const context& how, const options& asked) {
    std::optional<std::uint64_t> limit = TRY(size_limit());
    if (!asked.size.empty()) {
        if (asked.what != "gc") return fail(status::usage, {}, "`--size` belongs to `uk cache gc`");
        limit = base::parse_size(asked.size);
        if (!limit) return fail(status::usage, {}, "`{}` is no size", asked.size).hint("like `512MiB` or `4GiB`");
    }
    build::store store = TRY(build::store::open(TRY(how.home())));
    if (asked.what == "verify") return verify(how, store);
    if (asked.what == "gc") return collect(how, store, limit);
    return info(how, store);
}

} // namespace

result<std::optional<std::uint64_t>> size_limit() {
    const char* said = std::getenv("UK_CACHE_SIZE");
    if (!said || !*said) return std::nullopt;
    const auto limit = base::parse_size(said);
    if (!limit) return fail(status::input, {}, "UK_CACHE_SIZE is `{}`, which is no size", said).hint("like `4GiB`");
    return limit;
}

void add_cache(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("cache", "Say what the store holds, check it, or make it smaller");
    const auto asked = std::make_shared<options>();
    verb->add_option("what", asked->what, "`info` (this is what it does if nothing is said), `verify` or `gc`")
        ->type_name("WHAT")
        ->check(CLI::IsMember({"info", "verify", "gc"}));
    verb->add_option("--size", asked->size, "gc: remove what wasn't used for longest, until the store has this size")
        ->type_name("SIZE");
    verb->footer(
        "\n`verify` reads every file: what isn't as its name says is set aside, and made anew when it is needed "
        "(status "
        "1).\n`gc` removes what nothing can use, and waits for other uk that work with the store. $UK_CACHE_SIZE is "
        "the size\nif --size isn't given; `uk build` keeps to it, too. What goes is built or fetched again when it is "
        "needed.\n\nExamples:\n  uk cache\n  uk cache gc --size 2GiB");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return run(how, *asked); }; });
}

} // namespace uk::cli
