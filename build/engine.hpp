// Executes plans: looks each action up in the store, runs what isn't there in a sandbox, on all processors, longest chain
// first. Never runs what is known; never leaves half an output.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/action.hpp"
#include "build/host_folder.hpp"
#include "build/store.hpp"
#include "build/toolchain.hpp"

namespace uk::build {

class remote;
class shared_cache;
struct action_outcome;

/// What the engine tells while it works; from any of its threads, one at a time.
struct event {
    enum class type { started, finished, cached, fetched, failed }; ///< fetched: from the shared cache
    type kind = type::started;
    const action* what = nullptr;
    std::size_t done = 0, total = 0; ///< actions
    unsigned worker = 0; ///< which of the engine's threads
    bool is_remote = false; ///< a server ran it
    std::chrono::steady_clock::time_point begin; ///< when the worker took the action up
    std::chrono::microseconds took{0}; ///< since then: looking it up, and running it if it ran
    std::string_view text; ///< standard error of the action, if any
};

struct engine_options {
    int jobs = 0; ///< 0: one a processor
    bool sandbox = true; ///< off only by `--sandbox=off`; such results are kept apart
    bool keep_going = false;
    std::filesystem::path project; ///< for whom, as logs say; none: empty
    remote* away = nullptr; ///< executes what it can; never without the sandbox
    shared_cache* shared = nullptr; ///< asked for what the store doesn't know; never without the sandbox
    /// By action: an outcome that is known beforehand, so that nothing is looked up or run. The caller's; none: nothing is.
    const std::vector<std::optional<action_outcome>>* known = nullptr;
    std::function<void(const event&)> tell;
    std::function<bool()> stop =
        {}; ///< no new action is begun once it says yes; asked by any thread. The error is `interrupted`.
};

struct action_outcome {
    base::sha256 key; ///< REAPI Action digest
    std::vector<base::digest> inputs; ///< one for each of the action's, a folder's is its tree
    bool ran = false, fetched = false, ok = false;
    bool is_remote = false; ///< it ran, or its result was known, on a server that executes
    action_result result;
    std::string errors; ///< standard error of a failed one
    int exit_status = 0;
};

struct outcome {
    std::vector<action_outcome> actions; ///< as in the plan
    /// By tree: what is in those folders that people can change.
    std::map<base::sha256, std::shared_ptr<const folder_listing>> listings;
    std::size_t ran = 0, cached = 0,
                fetched = 0; ///< in this execution; from the store; from the shared cache or a server that executes
    std::size_t remote = 0; ///< of those that ran, on a server
};

/// Errors: failed: label, component, variant, command and output of the first action that failed (in plan order), unless
/// it has `keep_errors`: then outcome says so and no error is returned; environment: sandbox or disk; interrupted.
base::result<outcome> execute(const plan& what, const toolchain& tools, store& into, const engine_options& how);

/// Of a result file of the plan, once `done`.
base::sha256 hash_of(const result_file& file, const outcome& done);
/// Its bytes. Errors: as store::get.
base::result<std::string> content_of(const result_file& file, const outcome& done, store& from);

/// Puts the plan's result files under `dist`, each atomically, and removes what an earlier build of the same variants left
/// there. Files that are the same already stay untouched.
base::result<void> write_results(const plan& what, const outcome& done, store& from, const std::filesystem::path& dist);

/// Can this machine run the sandbox? Tries the whole sequence once. Errors: environment, with what the kernel refused
/// and what allows it.
base::result<void> check_sandbox();

} // namespace uk::build
