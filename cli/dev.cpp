// uk dev: builds one variant, runs it, and does both again whenever something that it is made of changes, until Ctrl-C.
#include <atomic>
#include <fstream>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <poll.h>

#include "base/digest.hpp"
#include "base/process.hpp"
#include "base/watcher.hpp"
#include "build/concern.hpp"
#include "cli/context.hpp"
#include "cli/dev_builds.hpp"
#include "cli/errors.hpp"
#include "cli/run_request.hpp"
#include "targets/background.hpp"
#include "targets/cable.hpp"

namespace uk::cli {

namespace fs = std::filesystem;
using base::json;
using base::result;
using base::status;
using base::watcher;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// How long nothing more must happen before a build begins: a save is several steps, and a checkout many.
constexpr milliseconds quiet{3};
constexpr milliseconds quiet_without{60}; // a file went away: most editors put it back under the same name
constexpr milliseconds longest_settling{500};

struct options : run_options {
    std::string target, events;
};

// What has happened to the inputs and isn't built yet. Asked by the engine's threads, too.
class changes {
  public:
    explicit changes(watcher& from) : from_{from} {}

    /// Those that concern `all`, with what was there before.
    bool take(const build::watched& all) {
        const std::scoped_lock lock{guard_};
        for (const watcher::change& one : from_.take()) {
            if (!build::concerns(all, one.path)) continue;
            paths_.insert(one.path);
            unfinished_.erase(one.path);
            gone_.erase(one.path);
            if (one.kind == watcher::change::type::unfinished) unfinished_.insert(one.path);
            // A temporary file of an editor that is gone is no reason to wait.
            if (one.kind == watcher::change::type::gone && all.inputs.contains(one.path)) gone_.insert(one.path);
        }
        return !paths_.empty();
    }
    /// Has somebody saved something since? The lock doesn't count: a build writes it.
    bool is_newer(const build::watched& all) {
        take(all);
        const std::scoped_lock lock{guard_};
        return std::ranges::any_of(paths_, [](const fs::path& one) { return one.filename() != "uk.lock"; });
    }
    milliseconds patience() const {
        return !unfinished_.empty() ? longest_settling : gone_.empty() ? quiet : quiet_without;
    }
    std::set<fs::path> hand_over() {
        unfinished_.clear();
        gone_.clear();
        return std::exchange(paths_, {});
    }

  private:
    watcher& from_;
    std::mutex guard_;
    std::set<fs::path> paths_, unfinished_, gone_;
};

class loop {
  public:
    loop(context& how, const options& asked, std::string variant, watcher& changed)
        : how_{how}, asked_{asked}, variant_{std::move(variant)}, watcher_{changed}, changes_{changed},
          builds_{how, {.targets = {variant_}, .locked = asked.locked, .offline = asked.offline, .quiet = true}} {}

    result<int> run();

  private:
    result<void> round(const std::set<fs::path>& changed, clock::time_point begin);
    result<void> follow(const dev_builds::round& built, clock::time_point begin);
    result<void> follow(const dev_builds::guess& guess, clock::time_point begin);
    result<void> fail(const base::error& why);
    result<void> go_back();
    void note(const dev_builds::round& built, clock::time_point begin, clock::time_point stopping, bool restarted,
              bool guessed);
    result<std::string> hash_of(const targets::run_request& what) const;
    result<void> start(targets::run_request what);
    result<bool> watch_again();
    void settle();
    void note(json line);
    bool runs() const { return image_.has_value(); }

    context& how_;
    const options& asked_;
    const std::string variant_;
    watcher& watcher_;
    changes changes_;
    dev_builds builds_;
    std::ofstream events_;
    std::optional<targets::background> image_;
    std::string running_; // what image_ was started from, or the last one
    std::vector<targets::published_port> ports_;
    std::string trouble_; // of the last build
    bool started_ = false, again_ = false, hurried_ = false;
    bool guessed_ = false; // what runs, or ran, is a guess
    bool mistaken_ = false; // one was wrong, and that is said
};

void loop::note(json line) {
    if (events_.is_open()) events_ << line.dump() << std::endl;
}

result<std::string> loop::hash_of(const targets::run_request& what) const {
    std::string all;
    for (const std::string& file : {std::string{"run.yaml"}, what.how.image})
        all += TRY(base::digest_of_file(what.folder / file)).hash.hex();
    return all;
}

result<void> loop::start(targets::run_request what) {
    for (const targets::published_port& one : ports_) { // those of before, as long as they are wanted
        const auto same = [&](const targets::published_port& other) { return other.guest == one.guest; };
        const auto asked = std::ranges::find_if(what.published, same);
        if (asked != what.published.end()) asked->here = one.here;
        else if ((what.how.runner != "process" || what.tap) &&
                 std::ranges::find(what.how.ports, one.guest) != what.how.ports.end())
            what.published.push_back(one);
    }
    CHECK(choose_ports(what, false));
    if (what.published != ports_) {
        for (const targets::published_port& one : what.published) how_.say(targets::published_text(one));
    }
    ports_ = what.published;
    image_.emplace(TRY(targets::background::start(what)));
    builds_.be_quiet();
    return {};
}

void loop::note(const dev_builds::round& built, clock::time_point begin, clock::time_point stopping, bool restarted,
                bool guessed) {
    const auto now = clock::now();
    const auto in_ms = [](auto time) { return std::chrono::duration<double, std::milli>(time).count(); };
    note({{"event", started_ ? "rebuilt" : "built"},
          {"guess", guessed},
          {"restarted", restarted},
          {"actions", built.ran},
          {"files", built.compiled},
          {"milliseconds",
           {{"open", in_ms(built.opening)},
            {"compile", in_ms(built.compiling)},
            {"check", in_ms(built.checking)},
            {"link", in_ms(built.linking)},
            {"build", in_ms(built.all)},
            {"restart", in_ms(now - stopping)},
            {"all", in_ms(now - begin)}}}});
}

std::string files_or_actions(const dev_builds::round& built) {
    const std::size_t n = built.compiled > 0 ? built.compiled : built.ran;
    return fmt::format("{} {}{}", n, built.compiled > 0 ? "file" : "action", n == 1 ? "" : "s");
}

double seconds_since(clock::time_point begin) { return std::chrono::duration<double>(clock::now() - begin).count(); }

// Runs what the build, which comes next, is likely to make.
result<void> loop::follow(const dev_builds::guess& guess, clock::time_point begin) {
    targets::run_request next = TRY(request_of(how_, asked_, variant_, guess.dist));
    const std::string hash = TRY(hash_of(next));
    if (hash == running_) return {};
    const auto stopping = clock::now();
    image_.reset();
    running_ = hash;
    guessed_ = true;
    CHECK(start(std::move(next)));
    note(guess.what, begin, stopping, true, true);
    how_.say(fmt::format("rebuilt in {:.2f} s ({}), restarted", seconds_since(begin), files_or_actions(guess.what)));
    return {};
}

// What a build that went well leads to.
result<void> loop::follow(const dev_builds::round& built, clock::time_point begin) {
    targets::run_request next = TRY(request_of(how_, asked_, variant_));
    if (asked_.tap && !next.tap) return no_tap(next.how, variant_);
    const std::string hash = TRY(hash_of(next));
    const bool mended = !trouble_.empty(), guessed = std::exchange(guessed_, false);
    const bool restart = hash != running_ || (!runs() && (built.ran > 0 || mended));
    if (guessed && restart && !std::exchange(mistaken_, true))
        how_.warn({.where = {},
                   .message = "what was started before the build was done isn't what was built, which runs now",
                   .notes = {},
                   .hint = {}});
    const auto stopping = clock::now();
    if (restart) {
        image_.reset();
        running_ = hash;
        CHECK(start(std::move(next)));
    }
    note(built, begin, stopping, restart, false);
    trouble_.clear();
    if (!started_) {
        started_ = true;
        how_.say(fmt::format("{} runs; watching for changes, Ctrl-C ends", variant_));
        return {};
    }
    const double seconds = seconds_since(begin);
    const std::string what = files_or_actions(built);
    const char* const front = mended ? "mended: " : "";
    if (guessed && !restart) {
        if (mended) how_.say("mended");
    } else if (restart && built.ran > 0)
        how_.say(fmt::format("{}rebuilt in {:.2f} s ({}), restarted", front, seconds, what));
    else if (restart) how_.say(fmt::format("{}built before, restarted in {:.2f} s", front, seconds));
    else if (built.ran > 0)
        how_.say(fmt::format("{}rebuilt in {:.2f} s ({}): the same image, which runs on", front, seconds, what));
    else if (mended) how_.say("mended: the same image as before, which runs on");
    return {};
}

// The guess wasn't right: what dist/ has runs again.
result<void> loop::go_back() {
    targets::run_request next = TRY(request_of(how_, asked_, variant_));
    image_.reset();
    guessed_ = false;
    running_ = TRY(hash_of(next));
    return start(std::move(next));
}

// What one that didn't leads to. Said once, however often it is found.
result<void> loop::fail(const base::error& why) {
    if (!started_ && (why.kind() == status::usage || why.kind() == status::environment)) return why;
    const bool went_back = guessed_;
    if (guessed_) CHECK(go_back());
    const std::string text = base::render(why, false);
    if (text == trouble_ && !went_back) return {};
    trouble_ = text;
    report(how_, why);
    note({{"event", "failed"}, {"message", why.diagnostics().front().message}});
    how_.say(went_back ? fmt::format("{} runs again as it was; waiting for a change", variant_)
             : runs()  ? fmt::format("{} runs on as it was; waiting for a change", variant_)
                       : std::string{"nothing runs; waiting for a change"});
    return {};
}

result<void> loop::round(const std::set<fs::path>& changed, clock::time_point begin) {
    if (started_) {
        const auto guess = TRY(builds_.guess_at(changed));
        if (guess && !follow(*guess, begin)) { // the build says why
            guessed_ = false;
            running_.clear();
        }
    }
    const build::watched before = builds_.inputs();
    std::atomic<bool> newer = false;
    const auto stop = [&, may = started_ && !hurried_] {
        if (may && changes_.is_newer(before)) newer = true;
        return newer.load();
    };
    const auto built = builds_.build(changed, stop);
    if (base::is_interrupted()) return {};
    // A save in the midst of it: what it said is of no interest. The next one is built to its end.
    hurried_ = !built && !hurried_ && (newer || changes_.is_newer(before));
    if (hurried_) return {};
    auto followed = built ? follow(*built, begin) : result<void>{built.error()};
    if (!followed) CHECK(fail(followed.error()));
    return {};
}

// True: some folders are watched only now, so what happened in them before isn't known.
result<bool> loop::watch_again() {
    builds_.look_again();
    return watcher_.watch(build::folders_of(builds_.inputs()));
}

// Waits until whoever saves is through with it.
void loop::settle() {
    const auto begin = clock::now();
    while (!base::is_interrupted()) {
        const auto left = std::chrono::duration_cast<milliseconds>(begin + longest_settling - clock::now());
        pollfd watched{watcher_.number(), POLLIN, 0};
        const auto patience = std::min(left, changes_.patience());
        if (patience.count() <= 0 || ::poll(&watched, 1, static_cast<int>(patience.count())) == 0) return;
        changes_.take(builds_.inputs());
    }
}

result<int> loop::run() {
    if (!asked_.events.empty()) events_.open(how_.folder / asked_.events);
    std::set<fs::path> changed;
    auto begin = clock::now();
    again_ = true;
    while (!base::is_interrupted()) {
        if (again_ || hurried_ || changes_.take(builds_.inputs())) {
            if (changes_.take(builds_.inputs())) settle();
            std::set<fs::path> more = changes_.hand_over();
            if (!hurried_) changed.clear();
            changed.merge(more);
            if (again_) changed.clear(); // all of it
            again_ = false;
            CHECK(round(changed, begin));
            again_ = TRY(watch_again());
            if (!again_ && !hurried_) builds_.prepare();
            continue;
        }
        pollfd watched[4] = {{watcher_.number(), POLLIN, 0},
                             {image_ ? image_->number() : -1, POLLIN, 0},
                             {base::interrupt_number(), POLLIN, 0},
                             {builds_.number(), POLLIN, 0}};
        ::poll(watched, 4, -1);
        begin = clock::now();
        if (base::is_interrupted()) break;
        if (watched[1].revents != 0) {
            const int ended = image_->wait();
            image_.reset();
            note({{"event", "ended"}, {"status", ended}});
            how_.say(fmt::format("{} ended with status {}; waiting for a change", variant_, ended));
        }
        if (watched[3].revents != 0 && watched[0].revents == 0) {
            builds_.prepare();
            if (builds_.number() < 0) note({{"event", "prepared"}});
        }
    }
    image_.reset();
    return base::error{status::interrupted, "interrupted"};
}

result<int> dev(context& how, const options& asked) {
    options all = asked;
    if (!all.target.empty()) all.targets = {all.target};
    const std::vector<std::string> variants = TRY(variants_of(how, all));
    watcher changed = TRY(watcher::make());
    return loop{how, all, variants.front(), changed}.run();
}

} // namespace

void add_dev(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("dev", "Run a variant, and build and start it again after each change");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->target, "A variant of uk.yaml (none: the only one, or hosted)")
        ->type_name("VARIANT");
    add_run_options(*verb, *asked);
    verb->add_option("--events", asked->events, "Write what happens while it happens, a JSON line each")
        ->type_name("FILE");
    verb->footer("\nWhat a build reads is watched: sources, folders where one may appear, uk.yaml, uk.lock, recipes, "
                 "overrides.\nWhen a "
                 "build fails, what runs goes on. Ctrl-C ends both, with status 130.\n\n"
                 "Examples:\n  uk dev\n  uk dev --target kvm --machine microvm -- --greeting=hi");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return dev(how, *asked); }; });
}

} // namespace uk::cli
