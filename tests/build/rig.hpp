// What the tests of the engine share: a store in a folder of its own, and the real toolchain.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "build/engine.hpp"

namespace uk::build::testing {

namespace fs = std::filesystem;

inline void write(const fs::path& file, std::string_view content) {
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << content;
}

inline std::string read(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The value, or the test's end with the diagnostic.
template <class T>
T must(base::result<T> r) {
    if (!r) throw std::runtime_error{base::render(r.error(), false)};
    return *std::move(r);
}
inline void must(base::result<void> r) {
    if (!r) throw std::runtime_error{base::render(r.error(), false)};
}

class rig : public ::testing::Test {
  protected:
    base::scratch_folder folder = must(base::scratch_folder::make(fs::temp_directory_path()));
    fs::path home = folder.path() / "home", dist = folder.path() / "dist";
    store kept = must(store::open(home));
    toolchain tools = found();

    /// Looked for once: it takes a third of a second.
    static toolchain found() {
        static const toolchain once = [] {
            const auto place = must(base::scratch_folder::make(fs::temp_directory_path()));
            store memo = must(store::open(place.path()));
            return must(find_toolchain(memo));
        }();
        return once;
    }

    void reopen() {
        must(kept.flush());
        kept = must(store::open(home));
    }
    base::result<outcome> run(const plan& what, int jobs = 2) { return execute(what, tools, kept, {.jobs = jobs}); }

    /// `source` compiled to `o/NAME.o`.
    action compile(const std::string& name, input source) const {
        action a{.component = "demo", .label = "compile " + name, .variant = "kvm"};
        a.arguments = {tools.c, "-c", source.path, "-o", "o/" + name + ".o"};
        a.inputs = {std::move(source)};
        a.outputs = {"o/" + name + ".o"};
        return a;
    }
    action compile(const std::string& name, const std::string& text) const {
        return compile(name, input{name + ".c", generated{text}});
    }
};

} // namespace uk::build::testing
