// A recipe: the declaration of one version of one component. A manifest is a recipe of kind `application` with `targets:`;
// one parser reads both. Plain values, every one with its place; nothing here is resolved.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "registry/condition.hpp"
#include "registry/location.hpp"
#include "registry/port.hpp"
#include "registry/value.hpp"
#include "registry/version.hpp"

namespace uk::registry {

enum class component_kind { signature, component, platform, target, toolchain, template_, application };

/// A name and a requirement: `http: ^0.3`, `store.kv ^1`.
struct dependency {
    std::string name;
    requirement versions;
    base::place where;
};

/// `needs:` label → signature. In manifests also how it is to be filled.
struct need {
    std::string label;
    dependency signature;
    bool optional = false;
    condition when;
    std::string use; ///< manifest: component or instance; empty: the resolver chooses
    std::vector<written_value> with; ///< manifest: settings of an instance of its own, named like the need
    std::string same; ///< manifest: shares the instance of this other label
    base::place where;
};

/// One entry of `requires:`; more than one alternative for `any:`, the first preferred.
struct require {
    struct choice {
        dependency component;
        std::vector<written_value> options; ///< `{version: ^1, options: {simd: false}}`
    };
    std::vector<choice> choices;
    condition when;
    base::place where;
};

/// `implements:` one signature's version by one class.
struct implementation {
    dependency signature; ///< versions unused
    version provides;
    std::string class_name; ///< uk::lwip::stack; empty for signatures of scope image
    std::string header; ///< uk/lwip/stack.hpp
    condition when;
    base::place where;
};

/// An address of a source: where the bytes may come from; the hash decides.
struct address {
    enum class type { debian, https, folder };
    type kind = type::https;
    std::string text; ///< debian: SOURCE/VERSION/FILE; https: the URL; folder: a path
    std::optional<base::sha256> hash; ///< of the file as fetched; none for folders
    base::place where;
};

/// One entry of `origin:`. A `folder:` of the registry itself has no declared hash: the lock has its tree's.
struct origin {
    std::optional<base::sha256> tree; ///< of the unpacked tree's REAPI Directory (docs/reference/formats.md, "Trees")
    std::vector<address> from;
    std::vector<std::string> only; ///< globs: what is taken out of the archive; none: everything
    std::vector<std::string> patches; ///< files beside the recipe, applied in order with -p1
    std::string into; ///< sub-folder of the source tree; empty: its root
    base::place where;
};

/// One entry of `build:`.
struct build_step {
    enum class type { compile, run, embed, members };
    enum class language { c, cxx, assembler };

    type kind = type::compile;
    condition when;
    base::place where;
    bool per_instance = false;

    // compile
    language lang = language::cxx;
    std::vector<std::string> files, exclude; ///< globs, relative to the source tree
    std::vector<std::string> public_include, private_include; ///< folders of the source tree (or outputs of a `run`)
    std::vector<std::pair<std::string, std::string>> define; ///< value may be `$option.x`
    std::string standard; ///< c99, c11, …; empty: uk's own choice
    bool interrupt_safe = false; ///< general registers only
    bool freestanding = false; ///< C: its loops must not become calls of itself (a C library)
    bool warnings = true; ///< `warnings: off` for third-party code

    // run: one sandboxed action
    std::vector<std::string> arguments;
    std::vector<std::string> inputs; ///< globs of the source tree
    std::vector<std::string> outputs; ///< files or folders that it makes

    // embed: a folder of the application into each instance's settings
    std::string embed; ///< `$setting.root`
    std::string as; ///< the member of `settings` that holds the uk::file_index

    // members: objects out of an archive that the toolchain has
    std::string archive;
    std::vector<std::string> members;
};

/// A named instance, by a manifest (`instances:`) or a target (`devices:`).
struct named_instance {
    std::string name;
    std::string use; ///< component
    std::vector<written_value> with; ///< settings
    std::map<std::string, std::string> needs; ///< label → instance
    base::place where;
};

/// What only kind signature has.
struct signature_part {
    bool image_scope = false; ///< scope: image
    bool exclusive = false; ///< an instance fills one hole only
    std::string concept_name, concept_header;
    std::string archetype_class, archetype_header;
    std::string conformance_function, conformance_header;
};

/// What only kind target has. No field is a raw argument list.
struct target_part {
    std::string extends;
    std::string architecture; ///< x86_64
    std::string family; ///< hosted, unikernel, firmware, simulated
    std::string layout; ///< linker script beside the recipe; empty: the linker's own
    std::uint64_t memory = 0; ///< default RAM in bytes
    std::vector<std::string> package; ///< elf, xl, …
    std::vector<std::pair<dependency, std::string>> prefers; ///< signature → component or instance, in order
    std::string runner; ///< qemu, xen, process
    std::vector<std::string> machines; ///< for qemu, the first is the default
};

/// What only kind toolchain has: where in its tree the compiler lies, and what belongs to it.
struct compiler_part {
    std::string architecture; ///< that it runs on and compiles for: x86_64
    std::string loader; ///< the dynamic loader that its programs are started with
    std::vector<std::string> libraries; ///< folders of shared libraries that its programs are linked with
    std::string programs; ///< folder of `as`, `ld`, `ar`, `objcopy`, `strip`, and what `run` steps start
    std::string c, cxx;
    std::string c_headers; ///< the compiler's own: stddef.h
    std::vector<std::string> cxx_headers; ///< of its C++ library, in order of search
    std::string archives; ///< folder of libgcc.a and libstdc++.a
};

/// One entry of a manifest's `targets:`.
struct variant {
    std::string name;
    std::string target; ///< defaults to the name
    std::string profile = "speed"; ///< size, speed, debug
    std::optional<std::uint64_t> memory;
    std::map<std::string, std::string> use, same; ///< holes → instance or component; label → label
    std::map<std::string, base::place> use_where;
    std::vector<written_value> set; ///< `component.option`
    std::vector<named_instance> instances;
    std::vector<written_value> parameters; ///< `instance.name` defaults baked into run configurations
    base::place where;
};

struct recipe {
    component_kind kind = component_kind::component;
    std::string name;
    version id; ///< version and revision
    std::string category, summary, license;
    std::vector<origin> origins;
    std::vector<declaration> options, settings, parameters;
    std::vector<implementation> implements;
    std::vector<need> needs;
    std::vector<require> requires_;
    std::vector<dependency> over; ///< signatures that a library is generic over: their headers, no instance
    std::vector<require> conflicts; ///< one choice each
    std::vector<dependency> tools; ///< programs of the build machine
    condition when; ///< where it can be used at all
    bool singleton = false;
    std::vector<build_step> build;
    std::vector<std::string> headers; ///< public include folders of a component that compiles nothing
    std::optional<signature_part> signature;
    std::optional<target_part> target;
    std::optional<compiler_part> compiler;

    // kind application
    std::vector<std::string> sources; ///< globs, relative to the manifest
    std::vector<variant> variants; ///< in the order written
    std::vector<named_instance> instances;
    std::vector<written_value> set;
    std::optional<dependency> toolchain; ///< none: the build machine's own
    std::uint64_t stack_size = 0; ///< of the first fiber; 0: uk's own choice
    std::vector<port> ports; ///< what it listens on
    std::map<std::string, location> registries; ///< beside the built-in one
    std::map<std::string, location> overrides; ///< component → the folder that takes the place of all its versions
    std::vector<std::string> tests; ///< globs: each file is a program of `uk test`; none is among the sources

    base::place where; ///< its `name:` line
    std::string file; ///< as shown to people
};

/// Reads a recipe.yaml. `file` is the name for places. Every mistake in it is reported, not only the first.
base::result<recipe> parse_recipe(std::string_view text, const std::string& file);
/// Reads a uk.yaml: kind application implied, `targets:` required; variants `extends` nothing.
base::result<recipe> parse_manifest(std::string_view text, const std::string& file);

std::string_view kind_name(component_kind kind);

} // namespace uk::registry
