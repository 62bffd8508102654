// What most verbs begin with: the project opened, its variants resolved, the toolchain found.
#pragma once

#include "build/project.hpp"
#include "cli/context.hpp"
#include "cli/progress.hpp"

namespace uk::cli {

struct session {
    const context& how;
    build::store& store;
    build::toolchain tools;
    build::project project;
    build::settled settled;

    struct options {
        bool locked = false, offline = false, renew = false, accept_toolchain = false;
    };
    /// Prints warnings and, when it was written, that uk.lock is new.
    static base::result<session> open(const context& how, build::store& store, options asked);

    /// Runs a plan with progress; failed checks and compilations come back explained.
    base::result<build::outcome> execute(const build::plan& plan, int jobs, bool sandbox) const;
};

} // namespace uk::cli
