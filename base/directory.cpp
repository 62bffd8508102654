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

} // namespace wire

std::string encode_directory(std::vector<file_node> files, std::vector<directory_node> folders) {
    std::ranges::sort(files, {}, &file_node::name);
    std::ranges::sort(folders, {}, &directory_node::name);
    std::string bytes;
    for (const file_node& one : files) {
        std::string node;
        wire::field(node, 1, one.name);
        wire::field(node, 2, wire::message(one.blob));
        wire::field(node, 4, std::uint64_t{one.executable});
        wire::field(bytes, 1, node);
    }
    for (const directory_node& one : folders) {
        std::string node;
        wire::field(node, 1, one.name);
        wire::field(node, 2, wire::message(one.directory));
        wire::field(bytes, 2, node);
    }
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
    std::string bytes = encode_directory(files_, std::move(folders));
    const digest mine = digest_of(bytes);
    keep(mine, std::move(bytes));
    return mine;
}

} // namespace uk::base
