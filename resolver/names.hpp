// Which number a name has: a table without nodes, so that to look one up is mostly one step in memory, and one for the name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uk::resolver::facts {

/// Keeps its own copies of the names, one behind the other.
template <class Meaning>
class name_table {
  public:
    /// Makes room for so many names; more may come.
    explicit name_table(std::size_t expected) {
        std::size_t size = 16;
        while (size < 2 * expected) size *= 2;
        slots_.resize(size);
    }

    /// Null: no such name.
    const Meaning* find(std::string_view name) const {
        const slot& found = slots_[place_of(name, hash(name))];
        return found.used ? &found.what : nullptr;
    }

    /// A new name gets a new meaning.
    Meaning& operator[](std::string_view name) {
        const std::uint32_t mine = hash(name);
        std::size_t at = place_of(name, mine);
        if (slots_[at].used) return slots_[at].what;
        if (2 * ++count_ > slots_.size()) {
            grow();
            at = place_of(name, mine);
        }
        slots_[at] = {
            mine, static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint32_t>(name.size()), true, {}};
        letters_ += name;
        return slots_[at].what;
    }

  private:
    struct slot {
        std::uint32_t hash = 0, begin = 0, size = 0; ///< its letters
        bool used = false;
        Meaning what{};
    };

    static std::uint32_t hash(std::string_view name) {
        return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
    }

    // Where the name is, or would be.
    std::size_t place_of(std::string_view name, std::uint32_t mine) const {
        for (std::size_t at = mine;; ++at) {
            const slot& one = slots_[at &= slots_.size() - 1];
            if (!one.used || (one.hash == mine && std::string_view{letters_}.substr(one.begin, one.size) == name))
                return at;
        }
    }

    void grow() {
        std::vector<slot> old = std::exchange(slots_, std::vector<slot>(2 * slots_.size()));
        for (const slot& one : old)
            if (one.used) slots_[place_of(std::string_view{letters_}.substr(one.begin, one.size), one.hash)] = one;
    }

    std::vector<slot> slots_; ///< a power of two, at most half of them used
    std::string letters_;
    std::size_t count_ = 0;
};

} // namespace uk::resolver::facts
