// What a key was made of, in words: kept with each run, so that the next one can say what changed. No key depends on it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "build/action_key.hpp"

namespace uk::build {

struct preimage {
    struct input {
        std::string hash;
        std::string from; ///< for people: a file or folder of the host, `output of …`, or `generated`
        bool executable = false;
        friend bool operator==(const input&, const input&) = default;
    };
    std::vector<std::string> arguments, outputs;
    std::map<std::string, std::string> environment, needs;
    std::map<std::string, input> inputs; ///< by path in the sandbox
    std::vector<std::string> read; ///< files of them that it read; empty: all count
    friend bool operator==(const preimage&, const preimage&) = default;
};

preimage preimage_of(const plan& what, std::size_t index, const keyed_action& mine,
                     const std::map<std::string, std::string>& needs);

std::string write(const preimage& what);
/// None: it isn't one.
std::optional<preimage> read_preimage(std::string_view text);

/// A line for each file: hash, space, path.
std::string write(const folder_listing& what);
/// What is in folders with that tree, so written. None: not known.
using kept_listings = std::function<std::optional<std::string>(const std::string& tree)>;

/// One difference between two runs of an action.
struct change {
    enum class type { argument, environment, toolchain, sandbox, output, input };
    type kind;
    std::string what; ///< which: a path, the name of a variable, an argument
    std::string was, now; ///< values, or hashes of inputs; empty: it wasn't, or isn't, there
    std::string from; ///< of an input, as above
    friend auto operator<=>(const change&, const change&) = default;
};

/// Other contents of what the run before didn't read are none. Where no listing is known the folder itself is what changed.
std::vector<change> changes(const preimage& before, const preimage& now, const kept_listings& listing);

/// `main.cpp changed`, `the command has -O2 instead of -Os`.
std::string describe(const change& one);

} // namespace uk::build
