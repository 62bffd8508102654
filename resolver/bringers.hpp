// What could bring something into an image, in whatever version and by whatever choice: a map of the universe against the
// direction of its lines. Not for others; walk.hpp uses it.
#pragma once

#include <compare>
#include <map>
#include <string_view>
#include <vector>

#include "resolver/index.hpp"

namespace uk::resolver::facts {

/// A component, an instance or a signature by name; a component without a name is the request, with its target.
struct part {
    enum class type : std::uint8_t { component, instance, signature } kind;
    std::string_view name;
    friend auto operator<=>(const part&, const part&) = default;
};

class bringers {
  public:
    bringers(const index& known, const request& asked);

    /// Every part with a line that could bring this one in.
    const std::vector<part>& of(const part& what) const;
    /// What such a line could bring in.
    std::vector<part> brought_by(const choice& required) const;
    std::vector<part> brought_by(const need& line) const;

  private:
    void add(const part& from, const std::vector<part>& brought);
    template <class Owner>
    void add_lines(const part& from, const Owner& lines);

    const index& known_;
    std::map<std::string_view, std::string_view> named_; ///< instances: their components
    std::map<part, std::vector<part>> of_;
};

} // namespace uk::resolver::facts
