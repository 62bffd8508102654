// Manifests: any bytes are read or refused with an error that has a message; nothing crashes, nothing takes for ever.
#include <cstdlib>
#include <string_view>

#include "registry/recipe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = uk::registry::parse_manifest({reinterpret_cast<const char*>(data), size}, "uk.yaml");
    if (!read && read.error().diagnostics().empty()) std::abort();
    return 0;
}
