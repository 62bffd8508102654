#include "cli/dev_builds.hpp"

#include <algorithm>

#include "build/concern.hpp"

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

result<void> dev_builds::build_once(std::function<bool()> stop, round& done) {
    build::store store = TRY(build::store::open(TRY(how_.home())));
    std::optional<session> s;
    const auto begin = clock::now();
    if (opened_) {
        CHECK(store.hold());
        s.emplace(session{how_, store, std::move(opened_->tools), std::move(opened_->project),
                          std::move(opened_->settled), std::move(opened_->shared), std::move(opened_->away)});
        opened_.reset();
    } else {
        done.opened = true;
        s.emplace(TRY(session::open(
            how_, store, {.locked = asked_.locked, .offline = asked_.offline, .cache = asked_.cache, .told = &told_})));
    }
    done.opening = since(begin);
    s->stop = std::move(stop);
    s->listener = [&](const build::event& what) {
        if (what.kind != build::event::type::finished) return;
        ++done.ran;
        const bool compiled = !what.what->source.empty();
        done.compiled += compiled;
        auto& longest = compiled                                 ? done.compiling
                        : what.what->label.starts_with("check ") ? done.checking
                                                                 : done.linking;
        longest = std::max(longest, what.took);
    };
    build::watched wrote;
    const auto built = build_opened(how_, asked_, *s, wrote);
    opened_ = opened{std::move(s->tools), std::move(s->project), std::move(s->settled), std::move(s->shared),
                     std::move(s->away)};
    written_.merge(wrote.outputs);
    if (!built) return built.error();
    return {};
}

result<dev_builds::round> dev_builds::build(const std::set<fs::path>& changed, std::function<bool()> stop) {
    const bool same_choices = !changed.empty() && std::ranges::none_of(changed, [&](const fs::path& path) {
        return build::concerns_choices(watched_, path);
    });
    if (!same_choices) opened_.reset();
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

} // namespace uk::cli
