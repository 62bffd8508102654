#include "build/request.hpp"

#include "base/file.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

// What is compiled is what was hashed.
result<std::string> read_as_hashed(const fs::path& file, const base::digest& expected) {
    std::string content = TRY(base::read_file(file));
    if (base::digest_of(content) != expected)
        return fail(status::failed, {file.string(), 0, 0}, "changed while it was being built")
            .hint("run the command again");
    return content;
}

// File by file, so that it shows which of them are read.
result<void> place(const host_folder& folder, const std::string& at, const folder_listing& listing,
                   shared_contents& contents, sandbox_request& to) {
    for (const folder_entry& one : listing) {
        const std::string path = at + "/" + one.path;
        if (one.is_folder) to.empty_folders.push_back(path);
        else to.files.push_back({path, TRY(contents.read(folder.folder / one.path, one.content)), one.executable});
    }
    if (listing.empty()) to.empty_folders.push_back(at);
    return {};
}

} // namespace

result<std::string_view> shared_contents::read(const fs::path& file, const base::digest& expected) {
    {
        const std::scoped_lock lock{guard_};
        if (const auto at = files_.find(file.native()); at != files_.end()) return std::string_view{at->second};
    }
    std::string content = TRY(read_as_hashed(file, expected));
    const std::scoped_lock lock{guard_};
    return std::string_view{files_.try_emplace(file.native(), std::move(content)).first->second};
}

result<sandbox_request> make_request(const request_source& from, std::size_t index, const keyed_action& mine,
                                     std::deque<std::string>& own) {
    const action& a = from.what.actions[index];
    sandbox_request request{.arguments = a.arguments, .environment = environment_of(a), .mounts = from.tools.mounts};
    request.outputs = a.outputs;
    request.output_folders = a.output_folders;
    request.place = TRY(from.kept.scratch());
    request.note_reads = a.is_selective;
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const input& in = a.inputs[i];
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            const auto listing = mine.folders.find(i);
            if (folder->only || (a.is_selective && from.sandbox && listing != mine.folders.end()))
                CHECK(place(*folder, in.path, *mine.folders.at(i), from.contents, request));
            else request.folders.push_back({in.path, fs::absolute(folder->folder)});
        } else if (const auto* text = std::get_if<generated>(&in.from)) {
            request.files.push_back({in.path, text->content, in.executable});
        } else if (const auto* other = std::get_if<output_of>(&in.from)) {
            own.push_back(TRY(from.kept.get(mine.inputs[i])));
            request.files.push_back(
                {in.path, own.back(),
                 in.executable || from.so_far[other->action].result.files.at(other->path).executable});
        } else {
            const fs::path& file = std::get<host_file>(in.from).file;
            if (in.path != a.source && a.is_selective) {
                request.files.push_back({in.path, TRY(from.contents.read(file, mine.inputs[i])), in.executable});
                continue;
            }
            own.push_back(TRY(read_as_hashed(file, mine.inputs[i])));
            request.files.push_back({in.path, own.back(), in.executable});
        }
    }
    return request;
}

} // namespace uk::build
