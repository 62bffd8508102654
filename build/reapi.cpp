#include "build/reapi.hpp"

#include <algorithm>

#include "base/directory.hpp"

namespace uk::build::reapi {

using base::wire::field;
using base::wire::message;

namespace {

std::string pair(const std::string& name, const std::string& value) {
    std::string bytes;
    field(bytes, 1, name);
    if (!value.empty()) field(bytes, 2, value);
    return bytes;
}

std::string encode_platform(const platform& needs) {
    std::string bytes;
    for (const auto& [name, value] : needs) field(bytes, 1, pair(name, value));
    return bytes;
}

} // namespace

std::string encode_command(const command& what) {
    std::string bytes;
    for (const std::string& argument : what.arguments) field(bytes, 1, argument);
    for (const auto& [name, value] : what.environment) field(bytes, 2, pair(name, value));
    std::vector<std::string> files = what.output_files, folders = what.output_folders, paths = files;
    paths.insert(paths.end(), folders.begin(), folders.end());
    for (auto* each : {&files, &folders, &paths}) std::ranges::sort(*each);
    for (const std::string& path : files) field(bytes, 3, path);
    for (const std::string& path : folders) field(bytes, 4, path);
    if (!what.needs.empty()) field(bytes, 5, encode_platform(what.needs));
    for (const std::string& path : paths) field(bytes, 7, path);
    return bytes;
}

std::string encode_action(const base::digest& command, const base::digest& input_root, const platform& needs) {
    std::string bytes;
    field(bytes, 1, message(command));
    field(bytes, 2, message(input_root));
    if (!needs.empty()) field(bytes, 10, encode_platform(needs));
    return bytes;
}

} // namespace uk::build::reapi
