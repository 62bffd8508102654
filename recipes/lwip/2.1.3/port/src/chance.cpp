// What an outsider must not foretell: first sequence numbers (RFC 6528), ports (RFC 6056), identifiers.
#include "inside.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include <uk/platform.hpp>

#include "hooks.h"
#include "lwip/ip.h"
#include "lwip/prot/tcp.h"

namespace uk::lwip {
namespace {

std::uint64_t key[2]; // of siphash
const card* source = nullptr;
std::uint32_t drawn[16];
unsigned left = 0;

/// SipHash-2-4 (Aumasson and Bernstein, 2012) of whole words; their count stands for the length.
class siphash {
  public:
    void add(std::uint64_t word) {
        v3_ ^= word;
        round();
        round();
        v0_ ^= word;
        ++count_;
    }
    std::uint64_t sum() {
        add(count_ << 59);
        v2_ ^= 0xff;
        for (int i = 0; i < 4; ++i) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

  private:
    void round() {
        v0_ += v1_, v1_ = std::rotl(v1_, 13) ^ v0_, v0_ = std::rotl(v0_, 32);
        v2_ += v3_, v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ += v3_, v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ += v1_, v1_ = std::rotl(v1_, 17) ^ v2_, v2_ = std::rotl(v2_, 32);
    }
    std::uint64_t v0_ = key[0] ^ 0x736f6d6570736575, v1_ = key[1] ^ 0x646f72616e646f6d;
    std::uint64_t v2_ = key[0] ^ 0x6c7967656e657261, v3_ = key[1] ^ 0x7465646279746573;
    std::uint64_t count_ = 0;
};

void add(siphash& to, const ip_addr_t* address) {
    std::uint64_t words[2] = {};
    if (IP_IS_V4(address)) words[0] = ip_2_ip4(address)->addr;
    else std::memcpy(words, ip_2_ip6(address)->addr, sizeof words);
    to.add(words[0]);
    to.add(words[1]);
}

} // namespace

result<void> seed(const card& what) {
    source = &what;
    if (!what.random(what.self, std::as_writable_bytes(std::span{key}))) return error::io;
    return {};
}

u16_t random_port() {
    constexpr u16_t first = 49152;
    return static_cast<u16_t>(first + uk_lwip_random() % (0x10000 - first));
}

} // namespace uk::lwip

using namespace uk::lwip;

extern "C" std::uint32_t uk_lwip_random() {
    if (left == 0) {
        // A source that breaks later leaves the secret and the clock.
        if (!source->random(source->self, std::as_writable_bytes(std::span{drawn}))) {
            for (std::uint32_t& word : drawn) {
                siphash hash;
                hash.add(static_cast<std::uint64_t>(uk::platform::now().time_since_epoch().count()));
                hash.add(word);
                word = static_cast<std::uint32_t>(hash.sum());
            }
        }
        left = std::size(drawn);
    }
    return drawn[--left];
}

extern "C" u32_t uk_lwip_sequence_number(const ip_addr_t* local, u16_t local_port, const ip_addr_t* remote,
                                         u16_t remote_port) {
    siphash hash;
    add(hash, local);
    add(hash, remote);
    hash.add(static_cast<std::uint64_t>(local_port) << 16 | remote_port);
    // Four microseconds a number (RFC 9293, 3.4.1).
    const auto clock = static_cast<std::uint64_t>(uk::platform::now().time_since_epoch().count()) / 4000;
    return static_cast<u32_t>(hash.sum() + clock);
}

u32_t uk::lwip::secret_of(const tcp_hdr& segment, u32_t first, u32_t time) {
    siphash hash;
    add(hash, ip_current_dest_addr());
    add(hash, ip_current_src_addr());
    hash.add(static_cast<std::uint64_t>(segment.dest) << 48 | static_cast<std::uint64_t>(segment.src) << 32 | first);
    hash.add(time);
    return static_cast<u32_t>(hash.sum());
}
