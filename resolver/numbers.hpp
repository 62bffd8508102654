// Hashes of small keys that are made of numbers and names. Not for others.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace uk::resolver::facts {

struct hash_of {
    static std::uint64_t mix(std::uint64_t seed, std::uint64_t with) {
        seed = (seed ^ with) * 0x9e3779b97f4a7c15;
        return seed ^ seed >> 29;
    }
    std::size_t operator()(const std::vector<std::uint32_t>& all) const {
        std::uint64_t seed = all.size();
        for (const std::uint32_t one : all) seed = mix(seed, one);
        return seed;
    }
    std::size_t operator()(const std::pair<std::uint32_t, std::string_view>& one) const {
        return mix(std::hash<std::string_view>{}(one.second), one.first);
    }
    std::size_t operator()(const std::pair<std::uint64_t, std::uint32_t>& one) const {
        return mix(one.first, one.second);
    }
};

} // namespace uk::resolver::facts
