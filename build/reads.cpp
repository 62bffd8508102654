#include "build/reads.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace uk::build {

namespace {

constexpr std::size_t remembered = 4; // of one frame

} // namespace

std::optional<base::sha256> key_of_reads(const outline& of, const read_paths& paths) {
    std::string text = "read with " + of.frame.hex();
    for (const std::string& path : paths) {
        const auto at = std::ranges::lower_bound(of.parts, path, {}, &decltype(of.parts)::value_type::first);
        if (at == of.parts.end() || at->first != path) return std::nullopt;
        text.append("\n").append(at->second.hex()).append(" ").append(path);
    }
    return base::digest_of(text).hash;
}

std::string write(const std::vector<read_paths>& all) {
    std::string text;
    for (const read_paths& one : all) text.append(base::join(one, "\n")).append("\n\n");
    return text;
}

std::vector<read_paths> parse_reads(std::string_view text) {
    std::vector<read_paths> all;
    read_paths one;
    for (const std::string_view line : base::split(text, '\n')) {
        if (!line.empty()) one.emplace_back(line);
        else if (!one.empty()) all.push_back(std::exchange(one, {}));
    }
    return all;
}

std::optional<action_result>
find_by_reads(store& from, const outline& of,
              const std::function<std::optional<action_result>(const base::sha256&)>& look_up) {
    for (const read_paths& paths : parse_reads(from.find_reads(of.frame))) {
        const auto key = key_of_reads(of, paths);
        if (!key) continue;
        if (auto known = look_up(*key)) return known;
    }
    return std::nullopt;
}

void remember_reads(store& to, const base::sha256& frame, const read_paths& paths) {
    std::vector<read_paths> all = parse_reads(to.find_reads(frame));
    std::erase(all, paths);
    all.insert(all.begin(), paths);
    if (all.size() > remembered) all.resize(remembered);
    to.put_reads(frame, write(all));
}

} // namespace uk::build
