// One variant, built again and again by one process: what was opened and resolved stays as long as nothing that decides it changes.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "build/preamble.hpp"
#include "build/snapshot.hpp"
#include "cli/build.hpp"
#include "cli/session.hpp"

namespace uk::cli {

class dev_builds {
  public:
    dev_builds(const context& how, build_options asked) : how_{how}, asked_{std::move(asked)} {}

    struct round {
        std::size_t ran = 0; ///< actions
        std::size_t compiled = 0; ///< those of them that compiled a file
        bool opened = false; ///< the project was read anew
        /// Of checking, compiling and linking (and the rest): the longest action of that kind.
        std::chrono::microseconds opening{0}, compiling{0}, checking{0}, linking{0}, all{0};
    };

    /// Builds into dist/. `changed`: what happened since the last time; empty: whatever it was. `stop` as engine_options::stop. Errors: as of
    /// build_variants; interrupted, also by `stop`.
    base::result<round> build(const std::set<std::filesystem::path>& changed, std::function<bool()> stop);

    struct guess {
        round what;
        std::filesystem::path dist; ///< in place of dist/
    };
    /// What `build` is likely to make of the same change, sooner: if it is one of one source whose preamble is compiled. Checks aren't done, and
    /// dist/ stays as it is. None: there is no guess, so what is wrong, if anything is, `build` says. Errors: interrupted.
    base::result<std::optional<guess>> guess_at(const std::set<std::filesystem::path>& changed);

    /// Compiles preambles in the background, one after the other, while nothing else happens. `number`: readable when it wants to be called
    /// again; -1: there is nothing to do.
    void prepare();
    int number() const { return preambles_ ? preambles_->number() : -1; }

    /// What the last build that could open the project looked at, as it is on disk now; before there was one, what would be read first.
    const build::watched& inputs() const { return watched_; }
    void look_again();

    /// Progress is drawn over one line only while nobody else writes to the terminal.
    void be_quiet() { how_.terminal = false; }

  private:
    struct opened {
        build::toolchain tools;
        build::project project;
        build::settled settled;
        chosen_servers servers;
    };
    base::result<void> build_once(std::function<bool()> stop, round& done);
    session resume(build::store& store);
    void keep(session s);
    std::function<void(const build::event&)> listener(round& done);
    base::result<std::optional<guess>> guess_once(std::size_t index);

    context how_;
    build_options asked_;
    std::optional<opened> opened_;
    std::optional<built> last_; // that went well, of what is opened
    std::optional<build::preambles> preambles_;
    unsigned guesses_ = 0;
    build::watched watched_;
    build::path_set written_;
    std::set<std::string> told_; // warnings
};

} // namespace uk::cli
