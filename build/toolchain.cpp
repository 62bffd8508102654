#include "build/toolchain.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include <elf.h>
#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "build/snapshot.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

constexpr const char* install = "sudo apt-get install g++ binutils";
constexpr int oldest = 12; // std::expected, and the warnings that the wiring relies on

// Nothing of the user's: LD_PRELOAD would be among the libraries, COMPILER_PATH lead to other programs than actions start.
std::map<std::string, std::string> plain_environment() { return {{"LC_ALL", "C"}, {"PATH", "/usr/bin:/bin"}}; }

result<std::string> ask(const std::string& program, const std::string& question) {
    const base::finished answer = TRY(
        base::run({.arguments = {program, question}, .environment = plain_environment(), .folder = {}, .input = {}}));
    if (answer.status != 0)
        return fail(status::environment, {program, 0, 0}, "`{}` ended with {}", question, answer.status);
    return std::string{base::trim(answer.output)};
}

// Does it ask for a dynamic loader? (ELF-64: a program header of type PT_INTERP.)
result<bool> has_interpreter(const std::string& program) {
    const std::string bytes = TRY(base::read_file(program));
    Elf64_Ehdr header;
    if (bytes.size() < sizeof header) return false;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr part;
        const std::size_t at = header.e_phoff + i * sizeof part;
        if (at > bytes.size() || bytes.size() - at < sizeof part) return false;
        std::memcpy(&part, bytes.data() + at, sizeof part);
        if (part.p_type == PT_INTERP) return true;
    }
    return false;
}

// Shared libraries that a program is started with, as ldd prints them: `name => /path (0x…)`, `/lib64/ld-… (0x…)`.
result<void> add_libraries(const std::string& program, std::set<std::string>& to) {
    const base::finished listed =
        TRY(base::run({.arguments = {"ldd", program}, .environment = plain_environment(), .folder = {}, .input = {}}));
    // A half-read list would be remembered: what isn't understood is an error.
    const bool is_dynamic = TRY(has_interpreter(program));
    if ((listed.status != 0 && is_dynamic) || listed.output.find("not found") != std::string::npos) {
        return fail(status::environment, {program, 0, 0}, "`ldd` can't list its libraries: {}",
                    base::trim(listed.errors.empty() ? listed.output : listed.errors));
    }
    for (std::string_view line : base::split(listed.output, '\n')) {
        if (const auto arrow = line.find("=> "); arrow != std::string_view::npos) line.remove_prefix(arrow + 3);
        line = base::trim(line);
        if (!line.starts_with('/')) continue;
        to.insert(std::string{line.substr(0, line.find(' '))});
    }
    return {};
}

result<std::string> real_path(const std::string& path) {
    std::error_code problem;
    const fs::path real = fs::canonical(path, problem);
    if (problem) return fail(status::environment, {path, 0, 0}, "can't be read: {}", problem.message());
    return real.string();
}

result<std::string> program_path(const std::string& name) {
    const auto found = base::find_program(name);
    if (!found) return base::error{status::environment, fmt::format("`{}` isn't there", name), {}, install};
    return found->string();
}

// What it is to people: when a machine has another one, they are told which of these differs.
std::string part_of(const toolchain& t, const std::set<std::string>& libraries, const std::string& file) {
    if (libraries.contains(file)) return "libraries";
    if (file.find("/include/") != std::string::npos) return "headers";
    if (file.ends_with(".a") || file.ends_with(".o")) return "archives";
    if (file == t.c || file == t.cxx || file.starts_with(t.library_folder + "/")) return "compiler";
    return file.ends_with("/sed") ? "sed" : "binutils";
}

result<toolchain> look(store& memo) {
    toolchain t;
    t.name = "gcc";
    const std::string cxx = TRY(program_path("g++")), c = TRY(program_path("gcc"));
    t.cxx = TRY(real_path(cxx));
    t.c = TRY(real_path(c));
    t.version = TRY(ask(t.cxx, "-dumpfullversion"));
    if (std::atoi(t.version.c_str()) < oldest) {
        return base::error{status::environment,
                           fmt::format("g++ {} is too old: uk needs {} or newer", t.version, oldest),
                           {t.cxx, 0, 0},
                           install};
    }
    const std::string machine = TRY(ask(t.cxx, "-dumpmachine"));
    t.architecture = machine.substr(0, machine.find('-'));
    const std::string major = t.version.substr(0, t.version.find('.'));

    std::set<std::string> files{t.cxx, t.c};
    for (auto [name, field] : {std::pair{"ar", &t.ar}, {"objcopy", &t.objcopy}, {"strip", &t.strip}}) {
        *field = TRY(program_path(name));
        files.insert(*field);
    }
    // as and ld are found by the compiler through PATH; sed is for build steps that write headers.
    for (const char* name : {"as", "ld", "sed"}) files.insert(TRY(program_path(name)));

    t.library_folder = fs::path{TRY(ask(t.cxx, "-print-libgcc-file-name"))}.parent_path().lexically_normal().string();
    t.gcc_include = t.library_folder + "/include";
    std::set<std::string> programs = files;
    for (const char* name : {"cc1", "cc1plus", "collect2", "lto1", "lto-wrapper"}) {
        const std::string path = TRY(ask(t.cxx, fmt::format("-print-prog-name={}", name)));
        if (!path.starts_with('/'))
            return base::error{
                status::environment, fmt::format("g++ {} doesn't come with `{}`", t.version, name), {}, install};
        programs.insert(path);
    }
    std::set<std::string> libraries;
    for (const std::string& program : programs) CHECK(add_libraries(program, libraries));

    std::error_code problem;
    // Debian's places of libstdc++'s headers; the compiler says the first by its own search list.
    const std::vector<std::string> folders = {fmt::format("/usr/include/c++/{}", major),
                                              fmt::format("/usr/include/{}/c++/{}", machine, major)};
    for (const std::string& folder : folders) {
        if (!fs::is_directory(folder, problem))
            return base::error{status::environment, "the C++ library's headers aren't there", {folder, 0, 0}, install};
        t.cxx_include.push_back(folder);
    }
    t.cxx_include.push_back(folders[0] + "/backward");

    for (const auto* list : {&files, &libraries}) t.mounts.insert(t.mounts.end(), list->begin(), list->end());
    t.mounts.push_back(t.library_folder);
    t.mounts.insert(t.mounts.end(), folders.begin(), folders.end());
    std::ranges::sort(t.mounts);

    std::string all;
    std::map<std::string, std::string> parts;
    const auto add = [&](const std::string& file) -> result<void> {
        const base::digest content = TRY(memo.digest_of_host_file(file));
        const std::string line = fmt::format("{} {}\n", content.hash.hex(), file);
        all += line;
        parts[part_of(t, libraries, file)] += line;
        return {};
    };
    for (const fs::path& mount : t.mounts) {
        // Links are part of how the host arranges its files, not of what they hold.
        if (fs::is_directory(mount, problem)) {
            std::vector<std::string> inside;
            problem.clear();
            for (fs::recursive_directory_iterator at{mount, problem}, end; !problem && at != end;
                 at.increment(problem)) {
                const fs::directory_entry& entry = *at;
                std::error_code dangling;
                if (entry.is_regular_file(dangling)) inside.push_back(entry.path().lexically_relative(mount).string());
            }
            if (problem)
                return fail(status::environment, {mount.string(), 0, 0}, "can't be read: {}", problem.message());
            std::ranges::sort(inside);
            for (const std::string& file : inside) CHECK(add(fmt::format("{}/{}", mount.string(), file)));
        } else {
            CHECK(add(mount.string()));
        }
    }
    t.fingerprint = base::digest_of(all).hash;
    for (const auto& [name, lines] : parts) t.parts.emplace(name, base::digest_of(lines).hash);
    return t;
}

json to_json(const toolchain& t) {
    json mounts = json::array();
    for (const fs::path& mount : t.mounts) mounts.push_back(mount.string());
    json parts = json::object();
    for (const auto& [name, hash] : t.parts) parts[name] = hash.hex();
    return {{"name", t.name},
            {"version", t.version},
            {"architecture", t.architecture},
            {"c", t.c},
            {"cxx", t.cxx},
            {"ar", t.ar},
            {"objcopy", t.objcopy},
            {"strip", t.strip},
            {"gcc_include", t.gcc_include},
            {"cxx_include", t.cxx_include},
            {"library_folder", t.library_folder},
            {"mounts", mounts},
            {"fingerprint", t.fingerprint.hex()},
            {"parts", parts}};
}

std::optional<toolchain> from_json(const json& j) {
    try {
        toolchain t{.name = j.at("name"),
                    .version = j.at("version"),
                    .architecture = j.at("architecture"),
                    .c = j.at("c"),
                    .cxx = j.at("cxx"),
                    .ar = j.at("ar"),
                    .objcopy = j.at("objcopy"),
                    .strip = j.at("strip"),
                    .gcc_include = j.at("gcc_include"),
                    .cxx_include = j.at("cxx_include"),
                    .library_folder = j.at("library_folder"),
                    .mounts = {},
                    .fingerprint = {}};
        for (const json& mount : j.at("mounts")) t.mounts.emplace_back(mount.get<std::string>());
        const auto fingerprint = base::sha256::from_hex(j.at("fingerprint").get<std::string>());
        if (!fingerprint) return std::nullopt;
        t.fingerprint = *fingerprint;
        for (const auto& [name, digits] : j.at("parts").items()) {
            const auto hash = base::sha256::from_hex(digits.get<std::string>());
            if (!hash) return std::nullopt;
            t.parts.emplace(name, *hash);
        }
        return t;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

} // namespace

result<toolchain> find_toolchain(store& memo) {
    const auto program = base::find_program("g++");
    if (!program) return base::error{status::environment, "there is no C++ compiler: `g++` isn't in PATH", {}, install};
    std::error_code ignored;
    const std::string key = "toolchain " + fs::canonical(*program, ignored).string();
    if (const auto known = memo.find_note(key)) {
        const auto end = known->find('\n');
        if (still_holds(std::string_view{*known}.substr(end + 1))) {
            if (auto t = from_json(json::parse(known->substr(0, end), nullptr, false))) return *std::move(t);
        }
    }
    const std::int64_t began = file_clock();
    toolchain t = TRY(look(memo).context("looking for the toolchain"));
    // Watched: everything that it is made of, each header too, and the names it was found by.
    watched all;
    path_set& inputs = all.inputs;
    inputs.insert(*program);
    for (const fs::path& mount : t.mounts) {
        inputs.insert(mount);
        inputs.insert(fs::canonical(mount, ignored));
        if (!fs::is_directory(mount, ignored)) continue;
        for (fs::recursive_directory_iterator at{mount, ignored}, end; !ignored && at != end; at.increment(ignored))
            inputs.insert(at->path());
    }
    CHECK(memo.put_note(key, to_json(t).dump() + "\n" + take_snapshot(all, began)));
    return t;
}

} // namespace uk::build
