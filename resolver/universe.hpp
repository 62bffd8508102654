// Everything that a resolution may choose from, and what is asked, as plain facts: the text form of docs/reference/universes.md.
// Each fact has the line that it stands on. Nothing here is resolved.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "registry/condition.hpp"
#include "registry/version.hpp"
#include "resolver/few.hpp"

namespace uk::resolver::facts {

/// `checksum ^1 {simd = false}`
struct choice {
    std::string name;
    registry::requirement versions;
    rare<std::pair<std::string, std::string>> options;
};

/// `requires a ^1 | b >=2`; also `conflicts` and `forbid`, with one choice.
struct require {
    few<choice> choices;
    registry::condition when;
    int line = 0;
};

struct need {
    std::string label;
    choice signature;
    bool optional = false;
    registry::condition when;
    int line = 0;
};

struct provide {
    std::string signature;
    registry::version version;
    registry::condition when;
    int line = 0;
};

/// `setting root`: an instance must be told it, or it can't be there.
struct setting {
    std::string name;
    int line = 0;
};

struct absence {
    registry::condition when;
    int line = 0;
};

/// A block `component`: one version.
struct component {
    std::string name;
    registry::version id;
    int line = 0;
    int yanked = 0; ///< the line that says so; 0: it isn't
    bool singleton = false;
    std::vector<require> requires_;
    std::vector<registry::declaration> options;
    rare<provide> provides;
    rare<require> conflicts;
    rare<require> over; ///< signatures that it is generic over: their headers, no instance
    rare<need> needs;
    rare<setting> settings;
    rare<absence> absent;
};

/// A block `signature`: one version.
struct signature {
    std::string name;
    registry::version id;
    bool image_scope = false, exclusive = false;
    std::vector<require> requires_; ///< one choice each: a signature, or a component
    int line = 0;
};

/// `device nic1 = virtio-net with index`, `instance outer = our-stack`
struct named_instance {
    std::string name, component;
    std::vector<std::string> told; ///< names of settings
    int line = 0;
};

/// `use wan = outer`, `same admin = lan`, `set lwip.ipv6 = true`, `prefers net.device: nic0`
struct equation {
    std::string left, right;
    int line = 0;
    /// Of a `set`: component and option.
    std::pair<std::string_view, std::string_view> option() const {
        const std::string_view all = left;
        const auto dot = all.rfind('.');
        return {all.substr(0, dot), all.substr(dot + 1)};
    }
};

/// A component of the same name is its recipe, with all that it requires; then it is in the image.
struct target {
    std::string name, architecture, family;
    std::vector<require> requires_;
    std::vector<named_instance> devices;
    std::vector<equation> prefers;
    int line = 0;
};

struct locked {
    enum class type { component, wiring, alternative } kind;
    std::string left, right; ///< name and version; hole and instance; `owner: a | b` and the entry
    int line = 0;
};

/// A block `request`: one manifest for one target.
struct request {
    std::string target, profile = "speed";
    std::vector<require> requires_, conflicts, over;
    std::vector<need> needs;
    std::vector<named_instance> instances;
    std::vector<equation> uses, same, sets;
    std::vector<locked> lock;
    std::vector<std::string> update;
    bool minimal_versions = false;
    int line = 0;
};

struct universe {
    std::string file; ///< as named to people
    std::map<std::string, std::vector<component>> components; ///< newest first
    std::map<std::string, std::vector<signature>> signatures; ///< newest first; those that are only provided as well
    std::map<std::string, target> targets;
    std::vector<request> requests;
    bool sets_options = true; ///< may a line set an option? Where none does, nobody has to look
    bool has_odd_versions =
        true; ///< likewise, may a version provide something, be yanked, a singleton, or have settings?
    std::vector<base::place>
        places; ///< of facts that recipes say: of line 1, 2, …; empty: the lines are those of `file`

    base::place place_of(int line) const {
        return places.empty() ? base::place{file, line, 0} : places[static_cast<std::size_t>(line - 1)];
    }
};

/// Errors: input, with line and column.
base::result<universe> parse_universe(std::string_view text, const std::string& file);

} // namespace uk::resolver::facts
