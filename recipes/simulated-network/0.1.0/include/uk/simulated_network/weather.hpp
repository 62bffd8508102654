// What the network does to frames. What no parameter says is drawn from the seed: some runs are calm, some terrible.
#pragma once

#include <cstdint>

#include <simulated-network/config.hpp>

#include <uk/simulated/chance.hpp>
#include <uk/time.hpp>

namespace uk::simulated_network {

using parameters = config::simulated_network::parameters;

struct weather {
    std::int64_t loss = 0, duplication = 0, corruption = 0, reordering = 0; ///< of a million frames
    duration delay{}, jitter{};
    std::uint64_t bandwidth = 0; ///< bytes a second; 0: no limit
    duration partition_every{}, partition_for{}; ///< 0: no partitions
};

/// The weather of this run.
weather draw(simulated::chance& from, const parameters& said);

} // namespace uk::simulated_network
