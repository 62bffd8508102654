#include "base/directory.hpp"

#include <algorithm>

namespace uk::base {

namespace wire {

void varint(std::string& to, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) to += static_cast<char>(0x80 | (value & 0x7f));
    to += static_cast<char>(value);
}

void field(std::string& to, unsigned number, std::string_view bytes) {
    varint(to, number << 3 | 2);
    varint(to, bytes.size());
    to += bytes;
}

void field(std::string& to, unsigned number, std::uint64_t value) {
    if (value == 0) return;
    varint(to, number << 3);
    varint(to, value);
}

std::string message(const digest& of) {
    std::string bytes;
    field(bytes, 1, of.hash.hex());
    field(bytes, 2, static_cast<std::uint64_t>(of.size));
    return bytes;
}

std::uint64_t take_varint(std::string_view& left, bool& is_broken) {
    std::uint64_t made = 0;
    for (unsigned shift = 0; shift < 64 && !left.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(left.front());
        left.remove_prefix(1);
        made |= std::uint64_t{byte & 0x7fu} << shift;
        if (byte < 0x80) return made;
    }
    is_broken = true;
    return 0;
}

std::string_view take(std::string_view& left, std::uint64_t size, bool& is_broken) {
    if (size > left.size()) {
        is_broken = true;
        left = {};
        return {};
    }
    const std::string_view taken = left.substr(0, size);
    left.remove_prefix(size);
    return taken;
}

} // namespace wire

namespace {

std::size_t size_of_varint(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7) ++size;
    return size;
}

std::size_t size_of_message(const digest& of) {
    const auto size = static_cast<std::uint64_t>(of.size);
    return 2 + 2 * of.hash.bytes.size() + (size == 0 ? 0 : 1 + size_of_varint(size));
}

// A FileNode or DirectoryNode: written where it belongs, because an action's tree has one for each header there is.
void add_node(std::string& to, unsigned field, std::string_view name, const digest& of, bool executable) {
    const std::size_t message = size_of_message(of);
    const std::size_t size = 1 + size_of_varint(name.size()) + name.size() + 1 + size_of_varint(message) + message;
    wire::varint(to, field << 3 | 2);
    wire::varint(to, size + (executable ? 2 : 0));
    wire::field(to, 1, name);
    wire::varint(to, 2 << 3 | 2);
    wire::varint(to, message);
    wire::field(to, 1, of.hash.hex());
    wire::field(to, 2, static_cast<std::uint64_t>(of.size));
    wire::field(to, 4, std::uint64_t{executable});
}

template <class Node>
std::vector<const Node*> by_name(const std::vector<Node>& nodes) {
    std::vector<const Node*> sorted;
    for (const Node& one : nodes) sorted.push_back(&one);
    std::ranges::sort(sorted, {}, [](const Node* one) -> const std::string& { return one->name; });
    return sorted;
}

} // namespace

std::string encode_directory(const std::vector<file_node>& files, const std::vector<directory_node>& folders) {
    std::string bytes;
    for (const file_node* one : by_name(files)) add_node(bytes, 1, one->name, one->blob, one->executable);
    for (const directory_node* one : by_name(folders)) add_node(bytes, 2, one->name, one->directory, false);
    return bytes;
}

void tree_builder::add_file(std::string_view path, const digest& blob, bool executable) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) {
        files_.push_back({std::string{path}, blob, executable});
        return;
    }
    folders_[std::string{path.substr(0, slash)}].add_file(path.substr(slash + 1), blob, executable);
}

void tree_builder::add_tree(std::string_view path, const digest& directory) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) {
        trees_.push_back({std::string{path}, directory});
        return;
    }
    folders_[std::string{path.substr(0, slash)}].add_tree(path.substr(slash + 1), directory);
}

digest tree_builder::finish() const {
    return finish([](const digest&, std::string) {});
}

digest tree_builder::finish(const std::function<void(const digest&, std::string)>& keep) const {
    std::vector<directory_node> folders = trees_;
    for (const auto& [name, folder] : folders_) folders.push_back({name, folder.finish(keep)});
    std::string bytes = encode_directory(files_, folders);
    const digest mine = digest_of(bytes);
    keep(mine, std::move(bytes));
    return mine;
}

} // namespace uk::base
