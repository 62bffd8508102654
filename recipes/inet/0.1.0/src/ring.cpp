#include "ring.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <uk/call_memcpy.hpp>

namespace uk::inet {
namespace {

constexpr u32 least_room = 2048;

/// Blocks of the least size that were freed last, so that a request and its reply cost no walk through the heap.
struct spare {
    spare* next;
};
spare* spares = nullptr;
unsigned spare_count = 0;
constexpr unsigned most_spares = 8;

std::byte* allocate(u32 room) {
    if (room == least_room && spares) {
        --spare_count;
        spare* const one = spares;
        spares = one->next;
        return reinterpret_cast<std::byte*>(one);
    }
    return static_cast<std::byte*>(std::malloc(room));
}

void release(std::byte* bytes, u32 room) {
    if (room == least_room && spare_count < most_spares) {
        ++spare_count;
        spares = ::new (bytes) spare{spares};
    } else {
        std::free(bytes);
    }
}

} // namespace

bool ring::reach(u32 end) {
    if (end <= room_) return true;
    u32 room = std::max(room_, least_room);
    while (room < end) room *= 2;
    std::byte* const bytes = allocate(room);
    if (!bytes) return false;
    if (bytes_) { // also what lies beyond the end, which came before its time
        const u32 first = room_ - begin_;
        call_memcpy(bytes, bytes_ + begin_, first);
        call_memcpy(bytes + first, bytes_, begin_);
        release(bytes_, room_);
    }
    bytes_ = bytes;
    room_ = room;
    begin_ = 0;
    return true;
}

void ring::put(u32 at, const void* from, u32 count) {
    at = place(at);
    const u32 first = std::min(count, room_ - at);
    call_memcpy(bytes_ + at, from, first);
    if (first < count) call_memcpy(bytes_, static_cast<const std::byte*>(from) + first, count - first);
}

void ring::pieces(u32 at, u32 count, std::span<const std::byte> (&out)[2]) const {
    if (count == 0) return;
    at = place(at);
    const u32 first = std::min(count, room_ - at);
    out[0] = {bytes_ + at, first};
    if (first < count) out[1] = {bytes_, count - first};
}

void ring::take(u32 count, void* to) {
    if (to) {
        std::span<const std::byte> from[2];
        pieces(0, count, from);
        call_memcpy(to, from[0].data(), from[0].size());
        if (from[1].size()) call_memcpy(static_cast<std::byte*>(to) + from[0].size(), from[1].data(), from[1].size());
    }
    if (count == 0) return;
    begin_ = place(count);
    size_ -= count;
}

void ring::free() {
    if (bytes_) release(bytes_, room_);
    bytes_ = nullptr;
    room_ = begin_ = size_ = 0;
}

} // namespace uk::inet
