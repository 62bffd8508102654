#include "build/request.hpp"

#include "base/file.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

result<sandbox_request> make_request(const request_source& from, std::size_t index, const keyed_action& mine,
                                     std::deque<std::string>& contents) {
    const action& a = from.what.actions[index];
    sandbox_request request{.arguments = a.arguments, .environment = environment_of(a), .mounts = from.tools.mounts};
    request.outputs = a.outputs;
    request.output_folders = a.output_folders;
    request.place = TRY(from.kept.scratch());
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const input& in = a.inputs[i];
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            request.folders.push_back({in.path, fs::absolute(folder->folder)});
            continue;
        }
        if (const auto* text = std::get_if<generated>(&in.from)) {
            request.files.push_back({in.path, text->content, in.executable});
            continue;
        }
        bool executable = in.executable;
        if (const auto* other = std::get_if<output_of>(&in.from)) {
            executable = executable || from.so_far[other->action].result.files.at(other->path).executable;
            contents.push_back(TRY(from.kept.get(mine.inputs[i])));
        } else {
            const fs::path& file = std::get<host_file>(in.from).file;
            contents.push_back(TRY(base::read_file(file)));
            // What is compiled is what was hashed.
            if (base::digest_of(contents.back()) != mine.inputs[i])
                return fail(status::failed, {file.string(), 0, 0}, "changed while it was being built")
                    .hint("run the command again");
        }
        request.files.push_back({in.path, contents.back(), executable});
    }
    return request;
}

} // namespace uk::build
