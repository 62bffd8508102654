// Addresses: what can be read is written and read back as the same.
#include <cstdlib>

#include <uk/net/address.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace net = uk::net;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto read = net::parse_address(text)) {
        char out[net::longest_address];
        const auto again = net::parse_address(net::format(*read, std::span<char, net::longest_address>{out}));
        if (!again || *again != *read) std::abort();
    }
    if (const auto read = net::parse_endpoint(text)) {
        char out[net::longest_endpoint];
        const auto again = net::parse_endpoint(net::format(*read, std::span<char, net::longest_endpoint>{out}));
        if (!again || *again != *read) std::abort();
    }
    return 0;
}
