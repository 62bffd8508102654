// What an image wants of the network, as the image note and run.yaml say it: made from a resolution, used by every runner.
#pragma once

#include <string>
#include <vector>

#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::targets {

/// A network card: an instance of signature net.device that drives one, a virtual machine's or a TAP interface.
struct network_card {
    std::string instance; ///< `virtio-net`, `tap`
    std::vector<std::string> interface; ///< names of the boot parameter for the host's interface; none: it has no such
    std::vector<std::string> address; ///< of the one for the static address of the stack above: `lwip.address`, …
    friend bool operator==(const network_card&, const network_card&) = default;
};

/// The cards of an image, in opening order. An instance is one if it implements net.device and either needs
/// virtio.transport or has a boot parameter `interface`: others carry frames within the image.
std::vector<network_card> network_cards(const resolver::resolution& answer);

} // namespace uk::targets
