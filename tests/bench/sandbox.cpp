// What a sandbox costs: one small command in uk's, then in others, then without. tests/bench/engine builds and starts it.
//
//     sandbox COUNT TOOLS PLACE [WORD]...   TOOLS holds bin/cc; WORDs: another sandbox's command line, to which the command is added
//
// Prints a line for each: milliseconds of processors and of the clock, medians of COUNT rounds that alternate.
#include <algorithm>
#include <chrono>
#include <functional>

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "build/sandbox.hpp"

using namespace uk;

namespace {

double milliseconds(const timeval& t) {
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_usec);
}

double processors() {
    double all = 0;
    for (const auto whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used;
        ::getrusage(whose, &used);
        all += milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
    }
    return all;
}

double median(std::vector<double> all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
}

struct subject {
    const char* name;
    std::function<bool()> run;
    std::vector<double> cpu = {}, clock = {};
};

bool ends_well(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    const auto done =
        base::run({.arguments = words, .environment = std::map<std::string, std::string>{}, .folder = {}, .input = {}});
    return done && done->status == 0;
}

} // namespace

int main(int count, char** words) {
    if (count < 4) return 2;
    const std::string tools = words[2], place = words[3];
    const std::string source = place + "/f.c";
    if (!base::write_file(source, "int f;\n")) return 1;
    const std::vector<std::string> command{tools + "/bin/cc", "-c", source, "-o", "/tmp/f.o"};
    const std::vector<std::string> other{words + 4, words + count};
    const build::sandbox_request request{.arguments = {"toolchain/bin/cc", "-c", "f.c", "-o", "f.o"},
                                         .environment = {},
                                         .mounts = {},
                                         .files = {{"f.c", "int f;\n"}},
                                         .folders = {{"toolchain", tools}},
                                         .outputs = {"f.o"},
                                         .output_folders = {},
                                         .place = place};
    std::vector<subject> all{{"uk",
                              [&] {
                                  const auto done = build::run_in_sandbox(request);
                                  return done && done->status == 0 && done->outputs.size() == 1;
                              }},
                             {"plain", [&] { return ends_well({}, command); }}};
    if (!other.empty()) all.push_back({"other", [&] { return ends_well(other, command); }});
    for (int i = 0; i < std::atoi(words[1]); ++i) {
        for (subject& one : all) {
            const auto began = std::chrono::steady_clock::now();
            const double before = processors();
            if (!one.run()) return fmt::print(stderr, "{} failed\n", one.name), 1;
            one.cpu.push_back(processors() - before);
            one.clock.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
        }
    }
    for (const subject& one : all) fmt::print("{} {:.3f} {:.3f}\n", one.name, median(one.cpu), median(one.clock));
}
