#include "cli/context.hpp"

#include <cstdio>

#include "build/store.hpp"

namespace uk::cli {

namespace fs = std::filesystem;

base::result<fs::path> context::data_folder() const {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return base::fail(base::status::environment, {}, "can't tell where uk itself is: {}", error.message());
    if (const fs::path installed = program.parent_path().parent_path() / "share/uk";
        fs::exists(installed / "registry.yaml"))
        return installed;
    for (fs::path folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::exists(folder / "registry.yaml") && fs::exists(folder / "recipes")) return folder;
    }
    return base::error{base::status::environment,
                       "uk's own recipes aren't where it was installed",
                       {program.string()},
                       "install it whole with `cmake --install`; the program belongs in bin/ beside share/uk/"};
}

base::result<fs::path> context::home() const { return build::home_folder(); }

void context::print(std::string_view text) const {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void context::say(std::string_view text) const {
    const std::string line = std::string{text} + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void context::warn(const base::diagnostic& what) const {
    const std::string text = base::render_warning(what, colour);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace uk::cli
