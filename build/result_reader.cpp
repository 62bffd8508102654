#include "build/result_reader.hpp"

#include <algorithm>

namespace uk::build {

using base::result;
using status = shared_link::answer::status;

namespace {

constexpr std::int64_t largest_tree = std::int64_t{64} << 20, largest_said = std::int64_t{16} << 20;
constexpr std::size_t said_limit = 1 << 20; // as of what runs here

result<status> read_said(const reapi::result_message& message, store& from, const blob_fetcher& fetch,
                         std::string& into) {
    into = message.said;
    for (const base::digest& blob : message.said_elsewhere) {
        if (blob.size > largest_said) return status::wrong;
        if (const status got = TRY(fetch(blob)); got != status::found) return got;
        into += TRY(from.get(blob));
    }
    into.resize(std::min(into.size(), said_limit));
    return status::found;
}

} // namespace

result<status> read_result(const action& what, const reapi::result_message& message, store& from,
                           const blob_fetcher& fetch, action_result& into) {
    if (const status got = TRY(read_said(message, from, fetch, into.standard_error)); got != status::found) return got;
    if (message.status != 0) return status::found;
    if (!message.is_plain || message.files.size() != what.outputs.size() ||
        message.folders.size() != what.output_folders.size())
        return status::wrong;
    for (const reapi::output_file& one : message.files) {
        if (std::ranges::find(what.outputs, one.path) == what.outputs.end()) return status::wrong;
        into.files[one.path] = {one.blob, one.executable};
    }
    if (into.files.size() != what.outputs.size()) return status::wrong;
    for (const auto& [folder, tree] : message.folders) {
        if (std::ranges::find(what.output_folders, folder) == what.output_folders.end() || tree.size > largest_tree)
            return status::wrong;
        if (const status got = TRY(fetch(tree)); got != status::found) return got;
        const auto files = reapi::decode_tree(TRY(from.get(tree)));
        if (!files) return status::wrong;
        for (const reapi::output_file& one : *files) into.files[folder + "/" + one.path] = {one.blob, one.executable};
    }
    for (const auto& [path, file] : into.files) {
        if (const status got = TRY(fetch(file.blob)); got != status::found) return got;
    }
    return status::found;
}

} // namespace uk::build
