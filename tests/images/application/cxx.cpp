// The C++ of a program with an operating system: constructors before `run`, containers, strings, sorting, chrono, statics.
// needs: console: console ^0.1
// requires: print: ^0.1
// expect-text: 3 sorted words: alpha beta gamma, map 2, constructed, once, sum 5050
#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <unordered_map>
#include <vector>

#include <uk/needs.hpp>
#include <uk/print.hpp>

namespace {

struct early {
    early() : text{"constructed"} {}
    std::string text;
};
early before_main;

const std::string& once() {
    static const std::string made = "once";
    return made;
}

} // namespace

uk::result<void> run(needs::console& console) {
    std::vector<std::string> words{"gamma", "alpha", "beta"};
    std::ranges::sort(words);
    std::string line;
    for (const auto& word : words) line += " " + word;
    std::map<int, int> tree{{1, 1}, {2, 2}};
    std::unordered_map<std::string, std::unique_ptr<int>> table;
    for (int i = 0; i < 101; ++i) table[std::to_string(i)] = std::make_unique<int>(i);
    const int sum = std::accumulate(table.begin(), table.end(), 0,
                                    [](int so_far, const auto& one) { return so_far + *one.second; });
    return uk::print(console, "{} sorted words:{}, map {}, {}, {}, sum {}\n", words.size(), line, tree.size(),
                     before_main.text, once(), sum);
}
