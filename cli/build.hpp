// Building, as verbs of the command line ask for it.
#pragma once

#include <string>
#include <vector>

#include "build/describe.hpp"
#include "build/engine.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"
#include "cli/shared.hpp"

namespace uk::cli {

struct build_options {
    std::vector<std::string> targets;   ///< none: all
    bool locked = false, offline = false, conformance = false;
    bool quiet = false;                 ///< print nothing when it went well
    std::string trace;                  ///< a file for a Chrome trace; none: empty
    std::string from; ///< an archive in place of uk.yaml; none: empty
    std::string events;                 ///< a file for a JSON line for each event; none: empty
    int jobs = 0;
    std::string sandbox = "on";
    servers_asked servers;

    /// What reads the project for it.
    session::options session_options() const { return {.locked = locked, .offline = offline, .servers = servers}; }
};

/// A plan and what came of it.
struct built {
    build::plan plan;
    build::outcome done;
    std::vector<build::described_bundle> bundles; ///< none of conformance suites
};

/// Builds into dist/ and prints the images; at once if nothing has changed since the last time.
base::result<int> build_variants(context& how, const build_options& asked);

/// The part of it behind session::open: plans, executes and writes into dist/. Returns what `--json` prints, and adds to `watched` what it
/// wrote.
base::result<base::json> build_opened(const context& how, const build_options& asked, session& opened,
                                      build::watched& watched, built* kept = nullptr);

/// The same from an archive. cli/archive.cpp
base::result<int> build_from_archive(context& how, const build_options& asked);

/// Of the plan's results, in dist/: path and size.
base::json files_of(const context& how, const build::plan& plan);
/// Prints the images that a build has put into dist/.
void tell_results(const context& how, const build_options& asked, const build::plan& plan, const build::outcome& done);

} // namespace uk::cli
