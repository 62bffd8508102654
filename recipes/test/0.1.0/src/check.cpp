// Counting checks, and saying those that failed: `tests/sum.cpp:7: UK_CHECK(sum(2, 2) == 4)`, below it the values.
#include <uk/test.hpp>

#include <array>

#include <uk/platform.hpp>

namespace uk::test {
namespace {

constexpr std::size_t longest_value = 256;

constinit unsigned failed = 0;

// The compiler sees the project as `app/`.
std::string_view shown(std::string_view file) { return file.starts_with("app/") ? file.substr(4) : file; }

void say_value(shower show, const void* value) {
    std::array<char, longest_value> place;
    platform::write_text(show(place, value));
}

} // namespace

bool check(const expression& what, std::string_view text, std::string_view file, unsigned line) {
    if (what.holds) return true;
    ++failed;
    std::array<char, 16> number;
    for (const std::string_view piece : {shown(file), std::string_view{":"}, print_to(number, "{}", line),
                                         std::string_view{": "}, text, std::string_view{"\n    with "}})
        platform::write_text(piece);
    say_value(what.show_left, what.left);
    if (what.show_right) {
        platform::write_text(" ");
        platform::write_text(what.sign);
        platform::write_text(" ");
        say_value(what.show_right, what.right);
    }
    platform::write_text("\n");
    return false;
}

unsigned failures() { return failed; }

int status_of(int status) {
    constexpr int failed_status = 1;
    return status == 0 && failed > 0 ? failed_status : status;
}

} // namespace uk::test
