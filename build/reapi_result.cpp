// ActionResult and Tree. What is decoded may have been written by anybody: nothing is believed but its form.
#include <algorithm>
#include <array>

#include "base/directory.hpp"
#include "build/reapi.hpp"

namespace uk::build::reapi {

using base::digest;
using base::wire::field;
using base::wire::message;

namespace {

constexpr std::size_t most_files = 100'000;
constexpr int deepest = 32;

// Protobuf's wire format, field by field. Groups, which nobody uses, are as broken as a field that doesn't end.
class reader {
  public:
    explicit reader(std::string_view bytes) : left_{bytes} {}

    unsigned number = 0;
    std::uint64_t value = 0; ///< of a number
    std::string_view bytes; ///< of what has a length
    bool is_broken = false;

    bool next() {
        if (left_.empty() || is_broken) return false;
        const std::uint64_t tag = varint();
        number = static_cast<unsigned>(tag >> 3);
        value = 0;
        bytes = {};
        constexpr std::size_t wide = 8, narrow = 4;
        switch (tag & 7) {
        case 0: value = varint(); break;
        case 1: take(wide); break;
        case 2: bytes = take(varint()); break;
        case 5: take(narrow); break;
        default: is_broken = true;
        }
        return !is_broken;
    }

  private:
    std::uint64_t varint() { return base::wire::take_varint(left_, is_broken); }
    std::string_view take(std::uint64_t size) { return base::wire::take(left_, size, is_broken); }

    std::string_view left_;
};

bool decode(std::string_view from, digest& into) {
    reader in{from};
    std::string_view hash;
    while (in.next()) {
        if (in.number == 1) hash = in.bytes;
        if (in.number == 2) into.size = static_cast<std::int64_t>(in.value);
    }
    const auto known = base::sha256::from_hex(hash);
    if (in.is_broken || !known || into.size < 0) return false;
    into.hash = *known;
    return true;
}

// FileNode and OutputFile have the same numbers.
bool decode(std::string_view from, output_file& into) {
    reader in{from};
    bool has_blob = false;
    while (in.next()) {
        if (in.number == 1) into.path = in.bytes;
        if (in.number == 2) has_blob = decode(in.bytes, into.blob);
        if (in.number == 4) into.executable = in.value != 0;
    }
    return !in.is_broken && has_blob;
}

// DirectoryNode, and OutputDirectory with the number of its digest.
bool decode(std::string_view from, unsigned number, std::string& name, digest& into) {
    reader in{from};
    bool has_digest = false;
    while (in.next()) {
        if (in.number == 1) name = in.bytes;
        if (in.number == number) has_digest = decode(in.bytes, into);
    }
    return !in.is_broken && has_digest;
}

bool is_segment(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
           name.find('\0') == std::string_view::npos;
}

class tree_reader {
  public:
    std::map<base::sha256, std::string_view> folders;
    std::vector<output_file> files;

    bool read(std::string_view folder, const std::string& above, int depth) {
        if (depth > deepest) return false;
        reader in{folder};
        while (in.next()) {
            digest child;
            output_file file;
            std::string name;
            switch (in.number) {
            case 1:
                if (!decode(in.bytes, file) || !is_segment(file.path) || files.size() == most_files) return false;
                file.path = above + file.path;
                files.push_back(std::move(file));
                break;
            case 2: {
                if (!decode(in.bytes, 2, name, child) || !is_segment(name) || ++visited_ > most_files) return false;
                const auto found = folders.find(child.hash);
                if (found == folders.end() || !read(found->second, above + name + "/", depth + 1)) return false;
                break;
            }
            case 3: return false; // a symbolic link
            default: break;
            }
        }
        return !in.is_broken;
    }

  private:
    std::size_t visited_ = 0; // a few folders, each twice in the one above it, are thousands of millions
};

// One folder of a tree that is written, with those below it.
struct folder {
    std::vector<base::file_node> files;
    std::map<std::string, folder, std::less<>> folders;
};

std::string encode(const folder& what, std::map<base::sha256, std::string>& children) {
    std::vector<base::directory_node> nodes;
    for (const auto& [name, inside] : what.folders) {
        std::string bytes = encode(inside, children);
        nodes.push_back({name, base::digest_of(bytes)});
        children.emplace(nodes.back().directory.hash, std::move(bytes));
    }
    return base::encode_directory(what.files, std::move(nodes));
}

} // namespace

std::string encode_result(const result_message& what) {
    std::vector<output_file> files = what.files;
    std::ranges::sort(files, {}, &output_file::path);
    std::string bytes;
    for (const output_file& one : files) {
        std::string file;
        field(file, 1, one.path);
        field(file, 2, message(one.blob));
        field(file, 4, std::uint64_t{one.executable});
        field(bytes, 2, file);
    }
    for (const auto& [path, tree] : what.folders) {
        std::string folder;
        field(folder, 1, path);
        field(folder, 3, message(tree));
        field(bytes, 3, folder);
    }
    if (!what.said.empty()) field(bytes, 7, what.said);
    return bytes;
}

std::optional<result_message> decode_result(std::string_view bytes) {
    result_message made;
    reader in{bytes};
    std::string errors;
    std::array<digest, 2> elsewhere;
    while (in.next()) {
        output_file file;
        std::string path;
        digest tree;
        switch (in.number) {
        case 2:
            if (!decode(in.bytes, file)) return std::nullopt;
            made.files.push_back(std::move(file));
            break;
        case 3:
            if (!decode(in.bytes, 3, path, tree)) return std::nullopt;
            made.folders[path] = tree;
            break;
        case 5: made.said = in.bytes; break;
        case 7: errors = in.bytes; break;
        case 4: made.status = static_cast<int>(in.value); break;
        case 6:
        case 8:
            if (!decode(in.bytes, elsewhere[in.number == 8])) return std::nullopt;
            break;
        case 10: // symbolic links
        case 11:
        case 12: made.is_plain = false; break;
        default: break;
        }
    }
    if (in.is_broken) return std::nullopt;
    // Some servers give both, the bytes and where they lie.
    if (made.said.empty() && elsewhere[0].size > 0) made.said_elsewhere.push_back(elsewhere[0]);
    if (errors.empty() && elsewhere[1].size > 0) made.said_elsewhere.push_back(elsewhere[1]);
    made.said += errors;
    return made;
}

std::string encode_tree(const std::vector<output_file>& files) {
    folder root;
    for (const output_file& one : files) {
        folder* at = &root;
        std::string_view path = one.path;
        for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
            at = &at->folders[std::string{path.substr(0, slash)}];
            path.remove_prefix(slash + 1);
        }
        at->files.push_back({std::string{path}, one.blob, one.executable});
    }
    std::map<base::sha256, std::string> children;
    std::string bytes;
    field(bytes, 1, encode(root, children));
    for (const auto& [hash, child] : children) field(bytes, 2, child);
    return bytes;
}

std::optional<std::vector<output_file>> decode_tree(std::string_view bytes) {
    tree_reader tree;
    std::string_view root;
    reader in{bytes};
    while (in.next()) {
        if (in.number == 1) root = in.bytes;
        if (in.number == 2) tree.folders.emplace(base::digest_of(in.bytes).hash, in.bytes);
    }
    if (in.is_broken || !tree.read(root, "", 0)) return std::nullopt;
    return std::move(tree.files);
}

} // namespace uk::build::reapi
