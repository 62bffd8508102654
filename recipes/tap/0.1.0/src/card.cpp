#include <uk/tap/card.hpp>

#include <cstdlib>
#include <cstring>

#include <uk/hosted/early_file.hpp>
#include <uk/hosted/system_call.hpp>

#include "setup.hpp"

UK_HOSTED_CALLS(uk::hosted::call::read, uk::hosted::call::writev, uk::hosted::call::close);

namespace uk::tap {
namespace {

using hosted::call;
using hosted::system_call;

/// What stands before each frame, host byte order (linux/virtio_net.h, virtio_net_hdr).
struct header {
    std::uint8_t flags = 0, segmentation = 0;
    std::uint16_t header_length = 0, segment_size = 0, checksum_start = 0, checksum_offset = 0;
};
static_assert(sizeof(header) == 10);
constexpr std::uint8_t needs_checksum = 1, is_valid = 2;

struct piece { // iovec
    const void* start;
    std::size_t size;
};

constexpr std::size_t ethernet_header = 14, tag = 4;
constexpr std::size_t most_pieces = 16; // more are copied together
constexpr long EBADFD_ = 77;

} // namespace

result<void> card::open(const parameters& how) {
    const auto descriptor = attach(how, address_);
    if (!descriptor) return descriptor.error();
    mtu_ = static_cast<std::size_t>(how.mtu);
    buffer_size_ = (sizeof(header) + ethernet_header + tag + mtu_ + 63) & ~std::size_t{63};
    const auto count = static_cast<unsigned>(how_.receive_buffers);
    memory_ = static_cast<std::byte*>(std::malloc(buffer_size_ * count));
    if (!memory_) return error::out_of_memory;
    free_ = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    readable_.emplace(*descriptor, hosted::direction::in);
    return {};
}

void card::close() {
    if (!readable_) return;
    system_call(call::close, static_cast<long>(readable_->descriptor()));
    readable_.reset();
    std::free(memory_);
    memory_ = nullptr;
}

result<void> card::send(net::frame_pieces pieces, net::unfinished_checksum checksum) {
    if (!readable_) return error::closed;
    std::size_t size = 0;
    for (const auto& p : pieces) size += p.size();
    if (size > ethernet_header + tag + mtu_) return error::too_large;

    header before;
    if (checksum.start) before = {needs_checksum, 0, 0, 0, checksum.start, checksum.offset};
    piece all[1 + most_pieces] = {{&before, sizeof before}};
    long count = 1;
    std::byte* joined = nullptr;
    if (pieces.size() > most_pieces) {
        joined = static_cast<std::byte*>(std::malloc(size));
        if (!joined) return error::busy;
        std::size_t at = 0;
        for (const auto& p : pieces) {
            std::memcpy(joined + at, p.data(), p.size());
            at += p.size();
        }
        all[count++] = {joined, size};
    } else {
        for (const auto& p : pieces) all[count++] = {p.data(), p.size()};
    }
    const long sent = system_call(call::writev, static_cast<long>(readable_->descriptor()), &all[0], count);
    std::free(joined);
    if (sent >= 0) return {};
    if (sent == -EBADFD_) return error::closed; // the interface was removed
    return sent == -hosted::EAGAIN_ || sent == -hosted::EINTR_ || sent == -hosted::ENOMEM_ ? error::busy : error::io;
}

/// The host refuses a frame only while it has no memory, which nothing announces.
result<void> card::sendable() {
    if (!readable_) return error::closed;
    return fiber::sleep(std::chrono::milliseconds{1});
}

result<card::frame> card::receive() {
    while (readable_) {
        if (free_ == 0) {
            UK_TRY(given_back_.wait());
            continue;
        }
        const auto slot = static_cast<unsigned>(__builtin_ctzll(free_));
        std::byte* const buffer = memory_ + slot * buffer_size_;
        const long got = system_call(call::read, static_cast<long>(readable_->descriptor()), buffer,
                                     static_cast<long>(buffer_size_));
        if (got == -hosted::EAGAIN_ || got == -hosted::EINTR_) {
            UK_TRY(readable_->wait());
            continue;
        }
        if (got == -EBADFD_) return error::closed;
        if (got < static_cast<long>(sizeof(header))) return error::io;
        header before;
        std::memcpy(&before, buffer, sizeof before);
        free_ &= ~(std::uint64_t{1} << slot);
        return frame{*this,
                     slot,
                     {buffer + sizeof before, static_cast<std::size_t>(got) - sizeof before},
                     (before.flags & (needs_checksum | is_valid)) != 0};
    }
    return error::closed;
}

void card::give_back(unsigned slot) {
    free_ |= std::uint64_t{1} << slot;
    given_back_.signal();
}

} // namespace uk::tap
