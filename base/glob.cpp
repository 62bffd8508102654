#include <vector>

#include "base/file.hpp"

namespace uk::base {

namespace {

// The pattern's positions that can be reached are followed in step with the path: time is bounded by the product of both
// lengths, whatever the pattern.
class matcher {
  public:
    explicit matcher(std::string_view pattern)
        : pattern_{pattern}, now_(pattern.size() + 1), next_(pattern.size() + 1) {
        reach(now_, 0);
    }

    void feed(char c) {
        next_.assign(next_.size(), false);
        for (std::size_t at = 0; at < pattern_.size(); ++at)
            if (now_[at]) step(at, c);
        now_.swap(next_);
    }

    bool is_match() const { return now_[pattern_.size()]; }

  private:
    bool part_begins(std::size_t at) const { return at == 0 || pattern_[at - 1] == '/'; }
    // `**/` as a whole part; at + 1 stands for "inside one of the parts that it covers".
    bool is_parts(std::size_t at) const { return part_begins(at) && pattern_.substr(at, 3) == "**/"; }
    bool is_inside_parts(std::size_t at) const { return at > 0 && is_parts(at - 1); }

    void reach(std::vector<bool>& states, std::size_t at) {
        states[at] = true;
        if (at == pattern_.size() || is_inside_parts(at)) return;
        if (is_parts(at)) return reach(states, at + 3);
        if (pattern_.substr(at, 2) == "**") return reach(states, at + 2);
        if (pattern_[at] == '*') reach(states, at + 1);
    }

    void step(std::size_t at, char c) {
        if (is_parts(at) || is_inside_parts(at)) {
            const auto inside = is_parts(at) ? at + 1 : at;
            reach(next_, inside);
            if (c == '/') reach(next_, inside + 2);
        } else if (pattern_.substr(at, 2) == "**") {
            reach(next_, at);
        } else if (pattern_[at] == '*') {
            if (c != '/') reach(next_, at);
        } else if (pattern_[at] == c || (pattern_[at] == '?' && c != '/')) {
            reach(next_, at + 1);
        }
    }

    std::string_view pattern_;
    std::vector<bool> now_, next_;
};

} // namespace

bool matches_glob(std::string_view pattern, std::string_view path) {
    // Most paths differ before or behind what is wild, and many patterns are a file's name.
    const auto wild = pattern.find_first_of("*?");
    if (wild == std::string_view::npos) return pattern == path;
    if (!path.starts_with(pattern.substr(0, wild))) return false;
    if (!path.ends_with(pattern.substr(pattern.find_last_of("*?/") + 1))) return false;
    matcher one{pattern};
    for (const char c : path) one.feed(c);
    return one.is_match();
}

} // namespace uk::base
