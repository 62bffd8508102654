// A plan: a graph of sandboxed actions, as data. What would run can be printed, compared in a test and thrown away.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.hpp"

namespace uk::build {

/// An output of another action of the same plan.
struct output_of {
    std::size_t action = 0;  ///< index in plan::actions; always less than the action that reads it
    std::string path;        ///< as the other action declares it
    friend bool operator==(const output_of&, const output_of&) = default;
};

/// Bytes that the plan itself brings along: generated files.
struct generated {
    std::string content;
    friend bool operator==(const generated&, const generated&) = default;
};

/// A file of the project or of a source tree, read when the plan is executed.
struct host_file {
    std::filesystem::path file;
    friend bool operator==(const host_file&, const host_file&) = default;
};

/// A folder, read-only: the whole, or some of its files, which many actions have in common.
struct host_folder {
    std::filesystem::path folder;
    std::optional<base::sha256>
        tree; ///< of the store's folders, which never change: this one's or, of a part, the whole's
    bool is_part = false;
    std::shared_ptr<const std::vector<std::string>> only =
        nullptr; ///< these, by their paths in it, sorted; none: the whole
    friend bool operator==(const host_folder& a, const host_folder& b) {
        return a.folder == b.folder && a.tree == b.tree && a.is_part == b.is_part &&
               (a.only == b.only || (a.only && b.only && *a.only == *b.only));
    }
};

/// One thing in the action's input root, at a relative path with `/`. Paths of one action never lie inside each other's
/// whole folders; beside some files of a folder others may lie.
struct input {
    std::string path;
    std::variant<output_of, generated, host_file, host_folder> from;
    bool executable = false;
    friend bool operator==(const input&, const input&) = default;
};

/// One command with declared inputs and outputs. Runs in an empty root at /build with nothing but its inputs, the
/// toolchain and a private /tmp; REAPI's Command and Action are made of exactly these fields.
struct action {
    std::string component; ///< whose: `musl`, `application`, `image`
    std::string label; ///< for people: `compile src/string/memcpy.c`
    std::string variant; ///< `kvm`; actions with the same content run once
    std::vector<std::string> arguments; ///< [0] absolute in the sandbox, or relative to /build
    std::map<std::string, std::string> environment; ///< beside the fixed one (docs/explanation/build.md)
    std::vector<input> inputs; ///< sorted by path
    std::vector<std::string> outputs; ///< files, relative to /build; their folders exist beforehand
    std::vector<std::string> output_folders;
    std::string source; ///< in the input root: what is compiled, if that is what it does; for editors
    bool is_selective =
        false; ///< of its files it reads some, and which ones is found out when it runs (build/reads.hpp)
    bool keep_errors = false; ///< standard error is machine-readable; a failure isn't printed by the engine
    friend bool operator==(const action&, const action&) = default;
};

/// `kvm musl: compile src/string/memcpy.c`: how people are told of it.
std::string name_of(const action& a);
/// Does it only look at a source, and say what it finds as JSON?
bool is_check(const action& a);

/// A file of dist/<variant>/.
struct result_file {
    std::string path; ///< relative to dist/
    std::variant<output_of, generated> from;
    bool executable = false;
    friend bool operator==(const result_file&, const result_file&) = default;
};

struct plan {
    std::vector<action> actions; ///< an action reads only outputs of earlier ones
    std::vector<result_file> results; ///< sorted by path
};

/// Adds `other` behind `one`, renumbering its references.
void append(plan& one, plan other);

} // namespace uk::build
