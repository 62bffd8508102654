// Prints drawn universes, for tests/universes: draw_universes FIRST COUNT. Each begins with a line `# universe SEED`.
#include <cstdlib>

#include <fmt/format.h>

#include "tests/resolver/draw.hpp"

int main(int count, char** words) {
    if (count != 3) return 2;
    const auto first = static_cast<unsigned>(std::atoi(words[1])), many = static_cast<unsigned>(std::atoi(words[2]));
    for (unsigned seed = first; seed < first + many; ++seed)
        fmt::print("# universe {}\n{}", seed, uk::resolver::testing::draw(seed));
    return 0;
}
