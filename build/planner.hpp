// What the parts of plan.cpp share: one variant's plan while it grows. Not for others; they use plan.hpp.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "build/compose.hpp"
#include "build/flags.hpp"
#include "build/plan.hpp"

namespace uk::build {

/// An object file of the plan, by its place in the linker's input root.
struct object {
    std::string path; ///< `obj/musl/src/string/memcpy.c.o`
    output_of from;
    bool library = false; ///< linked only when something asks for it (C code)
    bool whole = false; ///< an archive, all of whose members are linked
};

/// The application's sources, and its own headers: every header below the folders that its globs begin in.
struct application {
    std::vector<std::string> sources;
    std::vector<std::string> roots; ///< folders that the globs begin in
    std::optional<input> headers; ///< none: it has none
};
/// plan_application.cpp. Of a test, the folder that it lies in is a root as well.
base::result<application> read_application(const plan_request& what, const std::string& test = {});

struct planner {
    const plan_request& what;
    composition image;
    flag_request flags;
    std::vector<generated_file> generated;  ///< config headers, for everybody
    plan result;
    std::vector<object> objects;
    /// component → output (file or folder) of its `run` steps → the action
    std::map<std::string, std::map<std::string, std::size_t>> made;

    explicit planner(const plan_request& request);

    const registry::recipe& recipe(const std::string& component) const;
    /// Folder of a component's or signature's source. Empty path if it has none.
    std::filesystem::path folder_of(const registry::entry& entry) const;
    input tree_input(const registry::entry& entry, const std::string& path, const std::filesystem::path& folder) const;

    /// Does `condition` hold for this component, its options and the target?
    bool holds(const registry::condition& when, const std::string& component) const;

    /// Adds the headers that `recipe` may include, as search path and as inputs. `everything`: of the whole image.
    void add_headers(const registry::recipe& recipe, bool everything, registry::build_step::language language,
                     search_path& path, std::vector<input>& inputs) const;

    /// One compilation; returns the object's place. `syntax_only` makes none.
    struct compilation {
        std::string component, label, source, object_path;
        registry::build_step step;
        search_path headers;
        std::vector<input> inputs;
        std::vector<std::string> more_flags;
        bool syntax_only = false;
    };
    std::size_t add_compile(compilation c);

    std::size_t add(action a);

    base::result<void> add_runs(); ///< plan_component.cpp: `run` steps, whose outputs others include
    base::result<void> add_component(const std::string& component); ///< plan_component.cpp
    base::result<void> add_embedded(); ///< plan_component.cpp
    base::result<void> add_application(); ///< plan_application.cpp
    base::result<void> add_checks(); ///< plan_application.cpp
    base::result<void> add_tests(); ///< plan_tests.cpp: the same of a test each, in place of the application's image
    base::result<void> add_image(); ///< plan_image.cpp

    /// plan_application.cpp: how a file of the application is compiled. `check`: against archetypes.
    base::result<compilation> compilation_of(const application& app, const std::string& file, bool check) const;
    /// plan_image.cpp: the note, and an archive for each component's C code. Returns the archives.
    std::vector<object> add_note_and_archives();
    /// plan_image.cpp: links `objects` to an image, whose files go into `folder` of dist/.
    base::result<void> add_link(const std::string& label, const std::vector<object>& archives,
                                const std::string& folder);
};

/// Files below `root` that match one of `globs` and none of `exclude`, sorted. Errors: input at `where`: a glob that
/// matches nothing, a symlink.
base::result<std::vector<std::string>> expand_globs(const std::filesystem::path& root,
                                                    const std::vector<std::string>& globs,
                                                    const std::vector<std::string>& exclude, const base::place& where);

} // namespace uk::build
