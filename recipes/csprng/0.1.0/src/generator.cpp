#include <uk/csprng/generator.hpp>

#include <cstring>

#include <uk/platform.hpp>

namespace uk::csprng {
namespace {

constexpr std::uint64_t reseed_after = 1 << 20; // bytes
constexpr std::size_t block_size = 64;

/// Overwrites in a way that the compiler can't leave out.
void forget(void* memory, std::size_t size) {
    std::memset(memory, 0, size);
    asm volatile("" : : "r"(memory) : "memory");
}

} // namespace

result<void> generator::reseed() {
    chacha20_key fresh;
    UK_TRY(platform::entropy(std::as_writable_bytes(std::span{fresh})));
    for (std::size_t i = 0; i < key_.size(); ++i) key_[i] ^= fresh[i];
    forget(&fresh, sizeof fresh);
    until_reseed_ = reseed_after;
    return {};
}

result<void> generator::open() {
    UK_TRY(reseed());
    open_ = true;
    return {};
}

void generator::close() {
    forget(&key_, sizeof key_);
    open_ = false;
}

result<void> generator::fill(std::span<std::byte> out) {
    if (!open_) return error::closed;
    while (!out.empty()) {
        if (until_reseed_ == 0 && !reseed()) return error::io;
        // Block 0: the next key, and half a block that small requests are served from; further blocks as they are.
        std::byte block[block_size];
        chacha20_key key = key_;
        chacha20_block(key, 0, {}, block);
        std::memcpy(&key_, block, sizeof key_);
        const std::size_t batch = out.size() < until_reseed_ ? out.size() : until_reseed_;
        std::size_t given = batch < block_size - sizeof key_ ? batch : block_size - sizeof key_;
        std::memcpy(out.data(), block + sizeof key_, given);
        for (std::uint32_t counter = 1; given < batch; ++counter) {
            const std::size_t part = batch - given < block_size ? batch - given : block_size;
            chacha20_block(key, counter, {}, block);
            std::memcpy(out.data() + given, block, part);
            given += part;
        }
        forget(block, sizeof block);
        forget(&key, sizeof key);
        until_reseed_ -= batch;
        out = out.subspan(batch);
    }
    return {};
}

} // namespace uk::csprng
