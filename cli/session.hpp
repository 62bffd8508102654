// What most verbs begin with: the project opened, its variants resolved, the toolchain found.
#pragma once

#include <set>
#include <string>

#include "build/project.hpp"
#include "cli/context.hpp"
#include "cli/plan_executor.hpp"
#include "cli/progress.hpp"

namespace uk::cli {

/// The manifest as if it required that as well.
registry::recipe requiring(registry::recipe manifest, const registry::dependency& wanted);

/// The project with its registries as they are now, whatever the lock has.
base::result<build::project> project_now(const context& how, build::store& store, bool offline);

/// What came of a plan; failed checks and compilations as errors that say what they mean to this manifest and its answers.
base::result<build::outcome> explained(const build::plan& plan, base::result<build::outcome> done,
                                       const registry::recipe& manifest,
                                       const std::vector<resolver::resolution>& answers);

struct session : plan_executor {
    build::project project;
    build::settled settled;

    struct options {
        bool locked = false, offline = false, renew = false, accept_toolchain = false;
        std::vector<std::string> update = {}; ///< components that are to move
        bool update_all = false; ///< all that are locked
        servers_asked servers = {};
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
    /// What `execute` makes of what `run` returned.
    base::result<build::outcome> explained(const build::plan& plan, base::result<build::outcome> done,
                                           const build::action* failed) const;
};

} // namespace uk::cli
