// REAPI v2's Directory message in canonical bytes: what a tree of files is named by, in sources as in actions.
// Field numbers: build.bazel.remote.execution.v2, remote_execution.proto. Protobuf wire format, fields in order.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace uk::base {

struct file_node {
    std::string name; ///< one segment
    digest blob;
    bool executable = false;
};

struct directory_node {
    std::string name;
    digest directory;
};

/// Directory, its nodes sorted by name as bytes.
std::string encode_directory(const std::vector<file_node>& files, const std::vector<directory_node>& folders);

/// A tree that grows path by path: files by digest, whole sub-trees by digest.
class tree_builder {
  public:
    void add_file(std::string_view path, const digest& blob, bool executable);
    void add_tree(std::string_view path, const digest& directory);
    /// Digest of the root.
    digest finish() const;
    /// The same; `keep` is given each Directory's bytes, those of sub-trees excepted.
    digest finish(const std::function<void(const digest&, std::string)>& keep) const;

  private:
    std::vector<file_node> files_;
    std::vector<directory_node> trees_;
    std::map<std::string, tree_builder, std::less<>> folders_;
};

namespace wire {

/// Protobuf's wire format: appends a varint; a length-delimited field; a varint field (left out when 0).
void varint(std::string& to, std::uint64_t value);
void field(std::string& to, unsigned number, std::string_view bytes);
void field(std::string& to, unsigned number, std::uint64_t value);
/// REAPI's Digest message.
std::string message(const digest& of);

/// Take a varint, or `size` bytes, from the front of `left`. Where it ends too early, or the varint is none: 0 or nothing, and `is_broken` is set.
std::uint64_t take_varint(std::string_view& left, bool& is_broken);
std::string_view take(std::string_view& left, std::uint64_t size, bool& is_broken);

} // namespace wire

} // namespace uk::base
