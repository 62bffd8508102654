// Compiles a C++ source in a third of the time: the `#include` lines that it begins with, its preamble, are compiled beforehand to
// a precompiled header of GCC. Such a header isn't the same bytes each time, so it is no action's input and in no store, and what
// is compiled with it is a guess: the action itself decides. docs/howto/develop-with-uk-dev.md
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "build/engine.hpp"

namespace uk::build {

/// The file of the host that an action compiles; null: none.
const std::filesystem::path* file_of(const action& a);

struct divided_source {
    std::string
        preamble; ///< whole lines, up to the last `#include` before anything but directives and comments; empty: none
    std::string rest; ///< what follows, behind as many empty lines
    friend bool operator==(const divided_source&, const divided_source&) = default;
};
divided_source divide(std::string_view source);

/// The preambles of the sources that were changed last, in a scratch folder of the store that goes when this goes.
class preambles {
  public:
    static base::result<preambles> open(const std::filesystem::path& home);
    preambles(preambles&&) noexcept;
    preambles& operator=(preambles&&) = delete;
    ~preambles();

    /// A plan that was executed, and whose sources alone may have changed since.
    struct built {
        const plan& what;
        const outcome& done;
        const toolchain& tools;
        store& kept;
    };
    /// Begins to compile, in the background, the next that is missing. Nothing happens while one is being compiled, and there is none for
    /// what doesn't compile.
    base::result<void> prepare(const built& from);
    /// Readable once that has ended; -1: nothing is being compiled.
    int number() const;
    void take(); ///< what was compiled; waits for it
    void cancel();

    /// The result of an action of `from.what` that compiles a file, if the file's preamble is there and nothing that it was made of has changed
    /// since. None, too, if the file doesn't compile. Errors: environment, interrupted.
    base::result<std::optional<action_result>> guess(const built& from, std::size_t index);

    /// A folder beside the preambles.
    base::result<std::filesystem::path> scratch() { return own_.scratch(); }

  private:
    struct job;
    struct compiled {
        base::sha256 basis; ///< what it was made of
        std::filesystem::path file; ///< empty: it doesn't compile
    };
    explicit preambles(store own);

    store own_; // for its scratch folder
    std::map<std::string, compiled> made_; // by variant and source
    std::unique_ptr<job> job_;
    unsigned counter_ = 0;
};

} // namespace uk::build
