// Checks for the tests of an application (`uk test`): `UK_CHECK(sum(2, 2) == 4)`.
//
// One that doesn't hold is said with its place and both values, and the image ends with status 1 whatever `run` returns; the
// test goes on. Nothing allocates, nothing throws. Fibers may check too.
#pragma once
#pragma GCC system_header // `UK_CHECK(a == b)` needs no parentheses, and `size == 3` is no warning

#include <string_view>

#include <uk/result.hpp>
#include <uk/test/expression.hpp>

namespace uk::test {

/// Counts a check; says one that doesn't hold. Returns whether it does.
bool check(const expression& what, std::string_view text, std::string_view file, unsigned line);

/// Checks of this image that did not hold.
unsigned failures();

/// The image's status: `status`, or 1 if that is 0 and a check failed. What the generated wiring ends a test with.
int status_of(int status);

} // namespace uk::test

/// Checks a condition; says both sides of a comparison. True if it holds: `if (!UK_CHECK(found)) return …`.
/// A `uk::result` holds if it has a value.
#define UK_CHECK(...)                                                                                                  \
    uk::test::check(uk::test::taker{} <= __VA_ARGS__, "UK_CHECK(" #__VA_ARGS__ ")", __FILE__, __LINE__)

/// The same; leaves the enclosing function, which returns a `uk::result`, when it doesn't hold. A whole statement only.
#define UK_REQUIRE(...)                                                                                                \
    do {                                                                                                               \
        if (!uk::test::check(uk::test::taker{} <= __VA_ARGS__, "UK_REQUIRE(" #__VA_ARGS__ ")", __FILE__, __LINE__))    \
            return uk::ended(1);                                                                                       \
    } while (false)
