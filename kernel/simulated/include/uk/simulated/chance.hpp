// Where everything that happens by chance in a simulated run comes from: the run's seed. The same image with the same
// parameters and seed does the same, byte for byte.
#pragma once

#include <cstdint>
#include <string_view>

#include <uk/time.hpp>

namespace uk::simulated {

/// Numbers drawn from the seed: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
/// Each subject has a source of its own, so that more draws of one change nothing for another.
class chance {
  public:
    constexpr explicit chance(std::uint64_t state) : state_{state} {}
    /// The source of one subject in this run.
    static chance of(std::string_view subject);

    constexpr std::uint64_t number() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    /// 0 to `limit` - 1; 0 if `limit` is 0.
    constexpr std::uint64_t below(std::uint64_t limit) {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(number()) * limit >> 64);
    }
    /// `least` to `most`, both included.
    constexpr std::int64_t between(std::int64_t least, std::int64_t most) {
        return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
    }
    constexpr duration between(duration least, duration most) { return duration{between(least.count(), most.count())}; }
    /// True `count` times of a million.
    constexpr bool one_of_a_million(std::int64_t count) {
        return count > 0 && below(1'000'000) < static_cast<std::uint64_t>(count);
    }

  private:
    std::uint64_t state_;
};

/// The seed of this run: the parameter `simulated.seed`, else 0.
std::uint64_t seed();

/// Whether the run is traced: the parameter `simulated.trace`.
bool traced();
/// Writes a line of the trace, with the step and the virtual time before it. Only if it is traced.
void trace(std::string_view what);

/// Text to the process's standard output.
void write_output(std::string_view text);

} // namespace uk::simulated
