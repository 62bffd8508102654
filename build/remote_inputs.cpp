#include "build/remote_inputs.hpp"

#include "base/file.hpp"
#include "build/host_folder.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::fail;
using base::result;
using base::status;

namespace {

base::error changed(const fs::path& what) {
    return fail(status::failed, {what.string(), 0, 0}, "changed while it was being built")
        .hint("run the command again");
}

} // namespace

blob_sources sources_of(const remote_task& one) {
    blob_sources all;
    for (auto& [of, bytes] : one.keys.messages_of(one.index, one.so_far, one.keyed)) all.emplace(of, std::move(bytes));
    const action& a = one.self();
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const digest& blob = one.keyed.inputs[i];
        if (const auto* file = std::get_if<host_file>(&a.inputs[i].from)) all.emplace(blob, file->file);
        else if (const auto* text = std::get_if<generated>(&a.inputs[i].from)) all.emplace(blob, text->content);
        else if (std::holds_alternative<output_of>(a.inputs[i].from)) all.emplace(blob, in_store{});
        else if (const auto& folder = std::get<host_folder>(a.inputs[i].from); folder.only)
            for (const folder_entry& entry : *one.keyed.folders.at(i))
                all.emplace(entry.content, folder.folder / entry.path);
    }
    return all;
}

result<blob_sources> sources_of(const host_folder& folder, const digest& tree) {
    blob_sources all;
    const auto look = [&](const fs::path& file) -> result<digest> {
        const digest blob = TRY(base::digest_of_file(file));
        all.emplace(blob, file);
        return blob;
    };
    const auto keep = [&](const digest& of, std::string bytes) { all.emplace(of, std::move(bytes)); };
    if (TRY(tree_of_folder(folder.folder, look, keep)) != tree) return changed(folder.folder);
    return all;
}

result<std::string> load(store& from, const digest& blob, const blob_source& source) {
    if (const auto* bytes = std::get_if<std::string>(&source)) return *bytes;
    if (std::holds_alternative<in_store>(source)) return from.get(blob);
    const fs::path& file = std::get<fs::path>(source);
    std::string bytes = TRY(base::read_file(file));
    if (base::digest_of(bytes) != blob) return changed(file);
    return bytes;
}

} // namespace uk::build
