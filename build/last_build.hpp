// What a build leaves behind for the next one. While only contents of the application's own files differ, the plan is the same, and of it
// only what reads those files is taken up: nothing is resolved, planned or keyed for the rest, which isn't even read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "build/describe.hpp"
#include "build/engine.hpp"
#include "build/packing.hpp"
#include "build/snapshot.hpp"

namespace uk::build {

/// As bytes for the store.
struct last_build_texts {
    std::string plan; ///< stays while the plan does
    std::string state; ///< of each build
};

/// Of a build that ended well. `snapshot`: of `watched`, taken behind it. Empty: another one couldn't go on from it.
last_build_texts remember(const plan& what, const outcome& done, const toolchain& tools, const watched& all,
                          std::string_view snapshot, const std::vector<described_bundle>& bundles);

class last_build {
  public:
    /// None: they aren't of one plan, or not as remember() and take() made them.
    static std::optional<last_build> read(std::string plan, std::string state);

    /// What is to be done again. Actions whose outputs it reads, and those behind the plan's results, are part of it and known.
    struct part {
        plan what; ///< with all results
        std::vector<std::optional<action_outcome>> known; ///< by action, as engine_options::known
        std::vector<std::size_t> places; ///< by action, in the whole plan
    };
    /// For files on these lines of the snapshot. None: one of them decides what the plan is, or this is damaged.
    std::optional<part> part_for(const std::vector<std::size_t>& lines) const;
    std::optional<toolchain> tools() const; ///< none: damaged
    std::size_t size() const { return actions_.size(); } ///< actions of the whole plan
    std::size_t inputs() const { return readers_.size(); } ///< lines of the snapshot that outputs follow

    /// Behind a part's execution: adds the documents to its results. Returns the new state.
    std::string take(part& built, const outcome& done) const;

  private:
    last_build() = default;

    // Views of these two, which is why they don't move.
    std::unique_ptr<const std::string> plan_text_, state_text_;
    packed_list words_, actions_, users_, readers_, results_, bundles_;
    packed_list outputs_, hashes_;
    std::string_view tools_, said_, plan_hash_;
};

} // namespace uk::build
