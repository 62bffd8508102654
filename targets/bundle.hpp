// The bundle: the image and what describes it. Packing is an action like any other; what it needs is computed here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"
#include "targets/network.hpp"

namespace uk::targets {

/// How an image boots, as run.yaml says it: made from the target's recipe and the variant.
struct run_configuration {
    std::string image;                    ///< file name beside it
    std::string runner;                   ///< process, qemu, xen
    std::string architecture;
    std::vector<std::string> machines;    ///< qemu's, the first is the default
    std::uint64_t memory = 0;             ///< bytes
    std::vector<std::string> parameters;  ///< `instance.name=value`, before those of the command line
    std::vector<network_card> cards;
    std::vector<registry::port> ports;    ///< that it listens on
};

run_configuration configure_run(const registry::recipe& manifest, const registry::variant& variant,
                                const resolver::resolution& answer);
std::string write_run_yaml(const run_configuration& how);
base::result<run_configuration> read_run_yaml(std::string_view text, const std::string& file);
/// xl.cfg(5) of a PVH guest.
std::string write_xl(const run_configuration& how, const std::string& name);

} // namespace uk::targets
