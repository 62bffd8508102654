#include "tests/resolver/draw.hpp"

#include <random>
#include <vector>

#include <fmt/format.h>

namespace uk::resolver::testing {

namespace {

class dice {
  public:
    explicit dice(unsigned seed) : engine_{seed} {}
    int below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
    bool one_in(int n) { return below(n) == 0; }
    template <class T>
    const T& of(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }

  private:
    std::mt19937 engine_;
};

std::string range(dice& d) { return d.of(std::vector<std::string>{"*", "*", "*", "*", "^1", ">=2", "<3", "=1.0.0"}); }

} // namespace

std::string draw(unsigned seed) {
    dice d{seed};
    const std::vector<std::string> instance_signatures{"s.one", "s.two"},
        names = d.one_in(4) ? std::vector<std::string>{"a", "b", "c", "d"} : std::vector<std::string>{"a", "b", "c"};
    std::string text = "signature s.one 1.0\nsignature s.one 1.1\n";
    if (d.one_in(3)) text += "signature s.one 2.0\n";
    if (d.one_in(2)) text += "signature s.two 1.0\nsignature s.two 1.2\n";
    else text += "signature s.two 1.0 exclusive\nsignature s.two 1.2 exclusive\n";
    text += "signature g 1.0 scope image\nsignature g 1.1 scope image\n";
    const auto when = [&](bool options) {
        if (!d.one_in(3)) return std::string{};
        return d.of(
            options ? std::vector<std::string>{"when option.o == true: ", "when option.o == false: ",
                                               "when target.family == unikernel: "}
                    : std::vector<std::string>{"when target.family == hosted: ", "when target.family == unikernel: "});
    };
    const auto target_of = [&](const std::string& self) {
        std::string name = d.of(names);
        while (name == self) name = d.of(names);
        return name;
    };
    const auto requirement = [&](const std::string& self) {
        std::string one = d.one_in(5) ? "g *" : target_of(self) + " " + range(d);
        if (!one.starts_with("g") && d.one_in(4)) one += d.one_in(2) ? " {o = true}" : " {o = false}";
        return one;
    };
    const auto require = [&](const std::string& self) {
        std::string one = requirement(self);
        if (d.one_in(3)) {
            std::string other = requirement(self);
            while (other[0] == one[0]) other = requirement(self);
            one += " | " + other;
        }
        return "requires " + one + "\n";
    };
    for (const std::string& name : names) {
        const int versions = d.one_in(4) ? 3 : 1 + d.below(2);
        for (int v = 1; v <= versions; ++v) {
            text += fmt::format("component {} {}.0.0{}\n", name, v, d.one_in(8) ? "-r1" : "");
            const bool option = !d.one_in(3);
            if (option) text += fmt::format("option o: bool = {}\n", d.one_in(2));
            if (!d.one_in(3)) text += fmt::format("{}provides s.one 1.{}\n", when(option), d.below(2));
            if (!d.one_in(3)) text += fmt::format("{}provides s.two 1.{}\n", when(option), 2 * d.below(2));
            if (d.one_in(2)) text += fmt::format("{}provides g 1.{}\n", when(option), d.below(2));
            for (int i = d.below(3); i > 0; --i) text += when(option) + require(name);
            if (d.one_in(3))
                text += fmt::format("{}needs n: {} ^1{}\n", when(option), d.of(instance_signatures),
                                    d.one_in(5) ? " optional" : "");
            if (d.one_in(5)) text += fmt::format("{}conflicts {} {}\n", when(option), d.of(names), range(d));
            if (d.one_in(8)) text += "singleton\n";
            if (d.one_in(8)) text += "over s.one ^1\n";
            if (option && d.one_in(6)) text += "when option.o == true: absent\n";
            if (d.one_in(12)) text += "when target.family == unikernel: absent\n";
        }
    }
    text += "target t\n";
    if (d.one_in(2)) text += "requires g *\n";
    if (d.one_in(2)) text += fmt::format("requires {} {}\n", d.of(names), range(d));
    if (d.one_in(2)) text += fmt::format("device dev = {}\n", d.of(names));
    else text += fmt::format("device dev = {}\n", "a");
    if (d.one_in(2)) text += fmt::format("prefers s.one: {}\n", d.one_in(2) ? "dev" : d.of(names));
    text += "request t\n";
    for (int i = d.below(3); i > 0; --i) text += require("");
    const std::string x = d.of(instance_signatures);
    text += fmt::format("needs x: {} ^1\n", x);
    if (d.one_in(2))
        text += fmt::format("needs y: {} ^1\n{}", x,
                            d.one_in(2) ? "same y = x\n" : fmt::format("use y = {}\n", d.of(names)));
    if (d.one_in(3)) text += fmt::format("instance i = {}\n", d.of(names));
    if (d.one_in(6)) text += fmt::format("use a/n = {}\n", d.of(names));
    if (d.one_in(4)) text += fmt::format("set {}.o = {}\n", d.of(names), d.one_in(2));
    if (d.one_in(8)) text += fmt::format("forbid {} {}\n", d.of(names), range(d));
    if (d.one_in(2)) {
        for (const std::string& name : names)
            if (d.one_in(2)) text += fmt::format("locked {} {}.0.0\n", name, 1 + d.below(3));
        if (d.one_in(2)) text += fmt::format("locked x = {}\n", d.of(names));
        if (d.one_in(2)) text += fmt::format("locked g = {}\n", d.of(names));
        if (d.one_in(3)) text += fmt::format("locked a/n = {}\n", d.of(names));
        if (d.one_in(3)) text += fmt::format("locked a: b | c = {}\n", d.one_in(2) ? "b" : "c");
        if (d.one_in(3)) text += fmt::format("update {}\n", d.of(names));
    }
    return text;
}

} // namespace uk::resolver::testing
