// Executes plans for a verb: with progress, and with the servers that were asked for.
#pragma once

#include <functional>

#include "build/engine.hpp"
#include "cli/context.hpp"
#include "cli/shared.hpp"

namespace uk::cli {

/// Of uk.yaml, absolute, with a `/` at its end: what runs of actions are remembered by.
std::filesystem::path folder_of(const context& how);

struct plan_executor {
    const context& how;
    build::store& store;
    build::toolchain tools;
    chosen_servers servers = {};
    std::function<void(const build::event&)> listener = {}; ///< hears what execution tells, beside progress
    std::function<bool()> stop = {}; ///< as engine_options::stop
    const std::vector<std::optional<build::action_outcome>>* known = nullptr; ///< as engine_options::known

    /// `failed`: the first action, in the plan's order, that failed and isn't a check; unchanged if there is none.
    base::result<build::outcome> run(const build::plan& plan, int jobs, bool sandbox,
                                     const build::action*& failed) const;

  private:
    void tell_servers(const build::outcome& done) const;
};

} // namespace uk::cli
