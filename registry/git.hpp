// Git repositories of recipes: commits as folders of the store, fetched by uk-fetch.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "registry/location.hpp"

namespace uk::registry {

struct checkout {
    std::filesystem::path folder; ///< read-only; don't write
    std::string commit; ///< 40 hexadecimal digits
};

struct checkout_options {
    std::filesystem::path store; ///< $UK_HOME/git
    std::filesystem::path beside; ///< what a repository's relative folder is relative to
    bool offline = false; ///< only what was fetched before
    std::function<void(const std::string&)> progress; ///< `fetching https://…`; may be empty
};

/// The files of `from` at its commit: at `locked`, unless that is empty; else at what it names now. Errors: source, with what the repository
/// or its server said.
base::result<checkout> check_out(const location& from, const std::string& locked, const checkout_options& how);

} // namespace uk::registry
