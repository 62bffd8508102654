// What an action is, as digests: each input's, and from those the REAPI Action's, which is its key everywhere.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/directory.hpp"
#include "base/result.hpp"
#include "build/action.hpp"
#include "build/engine.hpp"
#include "build/host_folder.hpp"
#include "build/reads.hpp"
#include "build/reapi.hpp"
#include "build/store.hpp"
#include "build/toolchain.hpp"

namespace uk::build {

/// What every action's environment holds; an action's own variables come on top (docs/explanation/build.md).
const std::map<std::string, std::string>& fixed_environment();
std::map<std::string, std::string> environment_of(const action& a);

/// What actions need of a machine whose own toolchain they use: `gcc-12.2.0-…`.
std::string property_of(const toolchain& tools);

struct keyed_action {
    base::sha256 key;
    std::int64_t size = 0; ///< of the Action that the key is the hash of, in bytes
    std::vector<base::digest> inputs;  ///< one for each of the action's, a folder's is its tree
    /// By the input's index: what is in a folder that people can change and that isn't large, or of which only some is an input.
    std::map<std::size_t, std::shared_ptr<const folder_listing>> folders;
};

/// What is in a changeable folder.
struct kept_listing {
    std::shared_ptr<const folder_listing> entries;
    std::string text; ///< as build/preimage.hpp reads it
};

/// Finds keys; remembers the digests of files and folders, so that each is looked at once. Thread-safe.
class key_finder {
  public:
    key_finder(const plan& what, const toolchain& tools, store& from, bool sandbox);

    /// `so_far` holds the results of the actions that this one reads.
    base::result<keyed_action> key_of(std::size_t index, const std::vector<action_outcome>& so_far);
    /// What that key is the hash of: the Action, its Command and each Directory of its input root, but none of its folders'.
    std::map<base::digest, std::string> messages_of(std::size_t index, const std::vector<action_outcome>& so_far,
                                                    const keyed_action& keyed) const;

    /// Are the folders that people can change still as they were? Errors: failed: one changed in the meantime, so what was
    /// made of it can't be kept.
    base::result<void> recheck();

    /// The action without the contents of what it may leave unread.
    outline outline_of(std::size_t index, const std::vector<action_outcome>& so_far, const keyed_action& keyed) const;

    /// What every action needs of the platform: the toolchain, and whether there is no sandbox.
    const std::map<std::string, std::string>& needs() const { return needs_; }
    /// By tree: what is in the changeable folders so far.
    std::map<base::sha256, std::shared_ptr<const folder_listing>> listings() const;
    /// Of one of these; none: another folder.
    std::shared_ptr<const kept_listing> listing_of(const base::sha256& tree);

  private:
    struct known_folder {
        base::digest tree;
        std::shared_ptr<const folder_listing> entries; ///< null: it never changes
    };
    base::result<known_folder> look_at(const host_folder& folder);
    base::result<listed_folder> list(const host_folder& folder);
    reapi::command command_of(const action& a) const;
    base::digest describe(const action& a, const base::tree_builder& tree,
                          const std::function<void(const base::digest&, std::string)>& keep) const;
    base::result<base::digest> file_digest(const std::filesystem::path& file);

    const plan& plan_;
    store& store_;
    std::map<std::string, std::string> needs_;
    mutable std::mutex guard_;
    /// By folder, and which of its files.
    std::map<std::pair<std::filesystem::path, const void*>, known_folder> folders_;
    std::unordered_map<std::string, base::digest> files_; // a header is an input of each compilation
    std::map<base::sha256, std::shared_ptr<const kept_listing>> listings_; // by tree
};

} // namespace uk::build
