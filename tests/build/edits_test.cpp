// Edits at random, each followed by a build that goes on from what the store has: the image must be what a build from nothing
// makes. UK_SEED and UK_EDITS replay and lengthen it.
#include <map>
#include <random>

#include <fmt/format.h>

#include "base/process.hpp"
#include "tests/build/rig.hpp"

namespace uk::build {

using testing::must;
using testing::write;
namespace fs = std::filesystem;

namespace {

// OUT [-IFOLDER]... [-WORD]... FILE...: writes the files one behind the other, each `#include "NAME"` replaced by the first
// FOLDER/NAME there is, and in the end the words.
constexpr const char* compiler_text = R"(
#include <stdio.h>
#include <string.h>
static char* folders[8];
static int count;
static void expand(FILE* out, const char* name, int depth) {
    char line[256], other[300];
    FILE* in = fopen(name, "r");
    if (!in || depth > 5) { fprintf(out, "no %s\n", strrchr(name, '/') + 1); return; }
    while (fgets(line, sizeof line, in)) {
        char* begin = strstr(line, "#include \"");
        if (begin != line) { fputs(line, out); continue; }
        *strrchr(line, '"') = 0;
        int i = 0;
        for (; i < count; ++i) {
            snprintf(other, sizeof other, "%s/%s", folders[i], line + 10);
            FILE* there = fopen(other, "r");
            if (there) { fclose(there); break; }
        }
        if (i == count) fprintf(out, "no %s\n", line + 10); else expand(out, other, depth + 1);
    }
    fclose(in);
}
int main(int n, char** words) {
    FILE* out = fopen(words[1], "w");
    for (int i = 2; i < n; ++i) if (!strncmp(words[i], "-I", 2)) folders[count++] = words[i] + 2;
    for (int i = 2; i < n; ++i) if (words[i][0] != '-') expand(out, words[i], 0);
    for (int i = 2; i < n; ++i) if (words[i][0] == '-' && words[i][1] != 'I') fprintf(out, "%s\n", words[i]);
    return fclose(out);
}
)";

unsigned number(const char* name, unsigned otherwise) {
    const char* const text = std::getenv(name);
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

using texts = std::map<std::string, std::string>;

class edits : public testing::rig {
  protected:
    fs::path project = folder.path() / "project", program = folder.path() / "cc1";
    std::mt19937 random{number("UK_SEED", 1)};
    bool is_gcc = false;
    std::map<std::string, texts> files{{"source", {}}, {"first", {}}, {"second", {}}}; ///< as they are on the disk
    std::map<std::string, std::vector<std::string>> earlier; ///< contents, by path
    unsigned option = 0, flag = 0;

    unsigned below(unsigned limit) { return static_cast<unsigned>(random() % limit); }

    void put(const std::string& part, const std::string& name, std::string text) {
        earlier[part + "/" + name].push_back(text);
        files[part][name] = text;
        write(project / part / name, text);
    }
    void remove(const std::string& part, const std::string& name) {
        files[part].erase(name);
        fs::remove(project / part / name);
    }
    std::string any(const std::string& part) {
        auto at = files[part].begin();
        std::advance(at, below(static_cast<unsigned>(files[part].size())));
        return at->first;
    }
    std::string source() {
        const unsigned header = below(4), value = below(10);
        return is_gcc ? fmt::format("#include \"{}.h\"\nint f{}(void) {{ return H; }}\n", header, value)
                      : fmt::format("#include \"{}.h\"\nvalue {}\n#include \"{}.h\"\n", header, value, below(4));
    }
    std::string header() {
        if (is_gcc) return fmt::format("#define H {}\n", below(10));
        return below(3) == 0 ? fmt::format("#include \"{}.h\"\nand {}\n", below(4), below(10))
                             : fmt::format("is {}\n", below(10));
    }
    std::string new_name() { return fmt::format("{}.c", below(9)); }

    void begin() {
        fs::create_directories(project / "first");
        for (unsigned i = 0; i < 4; ++i) put("second", fmt::format("{}.h", i), header());
        for (unsigned i = 0; i < 3; ++i) put("source", fmt::format("{}.c", i), source());
    }

    /// One of them; its name.
    std::string edit() {
        const std::string part = below(3) == 0 ? "second" : "source", name = any(part);
        const fs::path file = project / part / name;
        const auto text = [&] { return part == "source" ? source() : header(); };
        switch (below(11)) {
        case 0: fs::last_write_time(file, fs::file_time_type::clock::now()); return "touch";
        case 1: put(part, name, text()); return "change";
        case 2: {
            // Neither size nor time of last change tell of it.
            const auto time = fs::last_write_time(file);
            std::string other = files[part][name];
            char& digit = other[other.find_last_of("0123456789")];
            digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
            put(part, name, other);
            fs::last_write_time(file, time);
            return "change behind its time's back";
        }
        case 3: {
            const std::string to = new_name(), was = any("source");
            if (files["source"].contains(to)) return "nothing";
            const std::string content = files["source"][was];
            fs::rename(project / "source" / was, project / "source" / to);
            files["source"].erase(was);
            files["source"][to] = content;
            earlier["source/" + to].push_back(content);
            return "rename";
        }
        case 4:
            if (files["source"].size() > 1) remove("source", any("source"));
            return "delete";
        case 5: put("source", new_name(), source()); return "add";
        case 6: {
            const auto& all = earlier[part + "/" + name];
            put(part, name, all[below(static_cast<unsigned>(all.size()))]);
            return "revert";
        }
        case 7:
            put("first", any("second"), header()); // found earlier on the include path
            return "shadow";
        case 8:
            if (!files["first"].empty()) remove("first", any("first"));
            return "unshadow";
        case 9: option = below(3); return "option";
        default: flag = below(3); return "flag";
        }
    }

    plan now() {
        plan p;
        action whole{.component = "demo", .label = "whole", .variant = "kvm"};
        whole.arguments = is_gcc ? std::vector<std::string>{tools.ar, "rcsD", "whole"}
                                 : std::vector<std::string>{"tool", "whole", fmt::format("-whole{}", flag)};
        for (const auto& [name, text] : files["source"]) {
            action a{.component = "demo", .label = "compile " + name, .variant = "kvm"};
            const std::string object = "o/" + name + ".o";
            if (is_gcc)
                a.arguments = {tools.c, fmt::format("-O{}", flag), fmt::format("-Doption={}", option), "-c", "-o",
                               object};
            else a.arguments = {"tool", object, fmt::format("-option{}", option)};
            a.arguments.insert(a.arguments.end(), {"-Ifirst", "-Isecond", "source/" + name});
            a.inputs = {{"first", host_folder{project / "first", {}}},
                        {"second", host_folder{project / "second", {}}},
                        {"source/" + name, host_file{project / "source" / name}}};
            if (!is_gcc) a.inputs.push_back({"tool", host_file{program}, true});
            a.outputs = {object};
            a.is_selective = true;
            whole.arguments.push_back(object);
            whole.inputs.push_back({object, output_of{p.actions.size(), object}});
            p.actions.push_back(std::move(a));
        }
        if (!is_gcc) whole.inputs.push_back({"tool", host_file{program}, true});
        whole.outputs = {"whole"};
        p.actions.push_back(std::move(whole));
        p.results = {{"kvm/whole", output_of{p.actions.size() - 1, "whole"}}};
        return p;
    }

    // What the small compiler must make of the files, by another way.
    void expand(std::string& out, const std::string& name, const std::string& text, int depth) {
        if (depth > 5) {
            out += "no " + name + "\n";
            return;
        }
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at);
            const std::string line = text.substr(at, end - at);
            at = end + 1;
            if (!line.starts_with("#include ")) {
                out += line + "\n";
                continue;
            }
            const std::string other = line.substr(10, line.size() - 11);
            const texts& found = files[files["first"].contains(other) ? "first" : "second"];
            if (const auto one = found.find(other); one != found.end()) expand(out, other, one->second, depth + 1);
            else out += "no " + other + "\n";
        }
    }
    std::string expected() {
        std::string out;
        for (const auto& [name, text] : files["source"]) {
            expand(out, name, text, 0);
            out += fmt::format("-option{}\n", option);
        }
        return out + fmt::format("-whole{}\n", flag);
    }

    std::string image(const plan& what, const outcome& done) {
        must(write_results(what, done, kept, dist));
        return testing::read(dist / "kvm/whole");
    }
    base::digest from_nothing(const plan& what) {
        const auto place = must(base::scratch_folder::make(fs::temp_directory_path()));
        store empty = must(store::open(place.path()));
        return must(execute(what, tools, empty, {.jobs = 2})).actions.back().result.files.at("whole").blob;
    }
};

TEST_F(edits, with_a_small_compiler) {
    write(folder.path() / "cc1.c", compiler_text);
    const auto made = must(base::run({.arguments = {tools.c, "-O1", "-o", program, folder.path() / "cc1.c"}}));
    ASSERT_EQ(made.status, 0) << made.errors;
    begin();
    std::size_t ran = 0;
    std::map<std::string, unsigned> kinds;
    for (unsigned i = 0, count = number("UK_EDITS", 1000); i < count; ++i) {
        const std::string kind = edit();
        ++kinds[kind];
        const plan what = now();
        const outcome done = must(run(what));
        ran += done.ran;
        ASSERT_EQ(image(what, done), expected()) << "edit " << i << ": " << kind;
        if (i % 50 == 0) {
            ASSERT_EQ(done.actions.back().result.files.at("whole").blob, from_nothing(what)) << "edit " << i;
        }
        if (i % 20 == 0) reopen();
    }
    for (const auto& [kind, times] : kinds) fmt::print("{} {}, ", times, kind);
    fmt::print("{} actions ran\n", ran);
    EXPECT_GT(ran, 100u);
}

TEST_F(edits, with_gcc) {
    is_gcc = true;
    begin();
    for (unsigned i = 0; i < 20; ++i) {
        const std::string kind = edit();
        const plan what = now();
        const outcome done = must(run(what));
        ASSERT_EQ(done.actions.back().result.files.at("whole").blob, from_nothing(what))
            << "edit " << i << ": " << kind;
    }
}

} // namespace

} // namespace uk::build
