// What most verbs begin with: the project opened, its variants resolved, the toolchain found.
#pragma once

#include <set>
#include <string>

#include "build/project.hpp"
#include "cli/context.hpp"
#include "cli/progress.hpp"
#include "cli/shared.hpp"

namespace uk::cli {

/// The manifest as if it required that as well.
registry::recipe requiring(registry::recipe manifest, const registry::dependency& wanted);

/// The project with its registries as they are now, whatever the lock has.
base::result<build::project> project_now(const context& how, build::store& store, bool offline);

/// Of uk.yaml, absolute, with a `/` at its end: what runs of actions are remembered by.
std::filesystem::path folder_of(const context& how);

struct session {
    const context& how;
    build::store& store;
    build::toolchain tools;
    build::project project;
    build::settled settled;
    std::optional<build::shared_cache_options> shared = std::nullopt; ///< none: no cache is shared
    std::optional<build::remote_options> away = std::nullopt; ///< none: everything is executed here
    std::function<void(const build::event&)> listener = {}; ///< hears what execution tells, beside progress
    std::function<bool()> stop = {}; ///< as engine_options::stop
    const std::vector<std::optional<build::action_outcome>>* known = nullptr; ///< as engine_options::known

    struct options {
        bool locked = false, offline = false, renew = false, accept_toolchain = false;
        std::vector<std::string> update = {}; ///< components that are to move
        bool update_all = false; ///< all that are locked
        shared_asked cache = {}; ///< not asked when offline
        remote_asked away = {}; ///< neither
        std::set<std::string>* told = nullptr; ///< warnings that needn't be printed; gets those that were
    };
    /// Prints warnings and, when it was written, that uk.lock is new.
    static base::result<session> open(const context& how, build::store& store, options asked);

    std::filesystem::path folder() const { return folder_of(how); }

    /// Of the variants that `targets` ask for (none: all), one behind the other.
    base::result<build::plan> plan_of(const std::vector<std::string>& targets, bool conformance = false) const;

    /// Runs a plan with progress; failed checks and compilations come back explained.
    base::result<build::outcome> execute(const build::plan& plan, int jobs, bool sandbox) const;
    /// The same for a plan that isn't of the project's own answers.
    base::result<build::outcome> execute(const build::plan& plan, int jobs, bool sandbox,
                                         const registry::recipe& manifest,
                                         const std::vector<resolver::resolution>& answers) const;

  private:
    void tell_servers(const build::outcome& done) const;
    base::result<build::outcome> run(const build::plan& plan, int jobs, bool sandbox, const registry::recipe& manifest,
                                     const std::vector<resolver::resolution>& answers,
                                     const build::action*& failed) const;
};

} // namespace uk::cli
