#include "cli/dev_builds.hpp"

#include <algorithm>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "build/concern.hpp"
#include "build/schedule.hpp"

namespace uk::cli {

namespace fs = std::filesystem;
using base::result;
using base::status;
using clock = std::chrono::steady_clock;

namespace {

std::chrono::microseconds since(clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begin);
}

// Where there is no project yet that could be opened: what would be read first.
build::watched first_inputs(const context& how) {
    build::watched all;
    const fs::path folder = folder_of(how).parent_path();
    for (fs::path at = folder;; at = at.parent_path()) {
        std::error_code ignored;
        if (at == folder || fs::exists(at / "uk.yaml", ignored)) {
            for (const char* file : {"uk.yaml", "uk.local.yaml", "uk.lock", "recipes"}) all.inputs.insert(at / file);
            for (const auto& entry : fs::recursive_directory_iterator(at / "recipes", ignored))
                all.inputs.insert(entry.path());
        }
        if (!at.has_relative_path()) return all;
    }
}

} // namespace

void dev_builds::look_again() {
    if (opened_) {
        watched_ = build::depends_on(opened_->project, opened_->settled, opened_->tools);
        watched_.outputs.insert(written_.begin(), written_.end());
    } else if (watched_.inputs.empty()) {
        watched_ = first_inputs(how_);
    }
}

// What is opened, for a while.
session dev_builds::resume(build::store& store) {
    session s{{how_, store, std::move(opened_->tools), std::move(opened_->servers)},
              std::move(opened_->project),
              std::move(opened_->settled)};
    opened_.reset();
    return s;
}

void dev_builds::keep(session s) {
    opened_ = opened{std::move(s.tools), std::move(s.project), std::move(s.settled), std::move(s.servers)};
}

std::function<void(const build::event&)> dev_builds::listener(round& done) {
    return [&](const build::event& what) {
        if (what.kind != build::event::type::finished) return;
        ++done.ran;
        const bool compiled = !what.what->source.empty();
        done.compiled += compiled;
        auto& longest = compiled ? done.compiling : is_check(*what.what) ? done.checking : done.linking;
        longest = std::max(longest, what.took);
    };
}

result<void> dev_builds::build_once(std::function<bool()> stop, round& done) {
    build::store store = TRY(build::store::open(TRY(how_.home())));
    std::optional<session> s;
    const auto begin = clock::now();
    if (opened_) {
        CHECK(store.hold());
        s.emplace(resume(store));
    } else {
        last_.reset();
        done.opened = true;
        session::options options = asked_.session_options();
        options.told = &told_;
        s.emplace(TRY(session::open(how_, store, std::move(options))));
    }
    done.opening = since(begin);
    s->stop = std::move(stop);
    s->listener = listener(done);
    build::watched wrote;
    built all;
    const auto built = build_opened(how_, asked_, *s, wrote, &all);
    keep(*std::move(s));
    written_.merge(wrote.outputs);
    if (!built) return built.error();
    last_ = std::move(all);
    return {};
}

result<dev_builds::round> dev_builds::build(const std::set<fs::path>& changed, std::function<bool()> stop) {
    const bool same_choices = !changed.empty() && std::ranges::none_of(changed, [&](const fs::path& path) {
        return build::concerns_choices(watched_, path);
    });
    if (!same_choices) opened_.reset();
    if (preambles_) preambles_->cancel();
    round done;
    const auto begin = clock::now();
    auto built = build_once(stop, done);
    if (!built && !done.opened && built.error().kind() == status::source) {
        // What was kept here was removed from the store in the meantime.
        opened_.reset();
        built = build_once(stop, done);
    }
    if (!built) return built.error();
    done.all = since(begin);
    return done;
}

// What running needs of a bundle. Nothing waits for the disk: the folder is of no use to a later process.
result<void> write_run(const build::plan& plan, const build::outcome& done, build::store& store, const fs::path& dist) {
    for (const build::result_file& file : plan.results) {
        if (file.path.ends_with(".debug")) continue;
        const std::string content = TRY(build::content_of(file, done, store));
        const fs::path to = dist / file.path;
        CHECK(base::make_folders(to.parent_path()));
        const base::descriptor out{::open(to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, file.executable ? 0755 : 0644)};
        const int problem = out.is_open() ? base::write_all(out.number(), content) : errno;
        if (problem != 0) return base::cannot_write(to, problem);
    }
    return {};
}

// With all that doesn't depend on that file as it was.
result<std::optional<dev_builds::guess>> dev_builds::guess_once(std::size_t index) {
    guess made;
    const auto begin = clock::now();
    std::error_code ignored; // the one before runs on, without a name
    fs::remove_all(TRY(preambles_->scratch()) / fmt::format("dist-{}", guesses_), ignored);
    build::store store = TRY(build::store::open(TRY(how_.home())));
    CHECK(store.hold());
    auto object = TRY(preambles_->guess({last_->plan, last_->done, opened_->tools, store}, index));
    if (!object) return std::nullopt;
    made.what.ran = made.what.compiled = 1;
    made.what.compiling = since(begin);

    std::vector<std::optional<build::action_outcome>> known{last_->done.actions.begin(), last_->done.actions.end()};
    known[index]->result = *std::move(object);
    const auto nodes = build::nodes_of(last_->plan);
    std::vector<bool> depends(nodes.size(), false);
    depends[index] = true;
    for (std::size_t i = index; i < nodes.size(); ++i) {
        if (!depends[i]) continue;
        if (i != index) known[i].reset();
        for (const std::size_t user : nodes[i].used_by) depends[user] = true;
    }
    session s = resume(store);
    s.known = &known;
    s.listener = listener(made.what);
    const auto done = s.execute(last_->plan, 0, true);
    keep(std::move(s));
    if (!done) return done.error();
    made.dist = TRY(preambles_->scratch()) / fmt::format("dist-{}", ++guesses_);
    CHECK(write_run(last_->plan, *done, store, made.dist));
    made.what.all = since(begin);
    return made;
}

result<std::optional<dev_builds::guess>> dev_builds::guess_at(const std::set<fs::path>& changed) {
    if (preambles_) preambles_->cancel();
    if (!preambles_ || !opened_ || !last_) return std::nullopt;
    // An editor's temporary file came and is gone.
    std::set<fs::path> files;
    std::ranges::copy_if(changed, std::inserter(files, files.end()), [&](const fs::path& path) {
        std::error_code ignored;
        return watched_.inputs.contains(path) || fs::exists(path, ignored);
    });
    if (files.size() != 1) return std::nullopt;
    const auto& actions = last_->plan.actions;
    const auto compiles = [&](const build::action& a) {
        const fs::path* const file = build::file_of(a);
        return file != nullptr && fs::absolute(*file).lexically_normal() == *files.begin();
    };
    const auto action = std::ranges::find_if(actions, compiles);
    if (action == actions.end()) return std::nullopt;
    auto made = guess_once(static_cast<std::size_t>(action - actions.begin()));
    if (!made && made.error().kind() == status::interrupted) return made;
    return made ? *std::move(made) : std::nullopt;
}

void dev_builds::prepare() {
    if (!opened_ || !last_ || opened_->servers.away) return;
    const auto begin = [&]() -> result<void> {
        if (!preambles_) preambles_.emplace(TRY(build::preambles::open(TRY(how_.home()))));
        if (preambles_->number() >= 0) preambles_->take();
        build::store store = TRY(build::store::open(TRY(how_.home())));
        return preambles_->prepare({last_->plan, last_->done, opened_->tools, store});
    };
    static_cast<void>(begin().has_value()); // without, nothing is guessed
}

} // namespace uk::cli
