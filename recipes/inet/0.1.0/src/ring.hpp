// Bytes of a stream, in memory that goes round: as much as they need, none for none.
#pragma once

#include <cstddef>
#include <span>

#include "wire.hpp"

namespace uk::inet {

class ring {
  public:
    ring() = default;
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;
    ~ring() { free(); }

    u32 size() const { return size_; }
    /// Bytes of its memory.
    u32 room() const { return room_; }
    /// Makes place for bytes up to `end`, counted from the first; false if memory is short.
    bool reach(u32 end);
    /// Puts bytes at a place within reach; they count when `append` has said so.
    void put(u32 at, const void* from, u32 count);
    void append(u32 count) { size_ += count; }
    /// The pieces of some of the bytes. Returns how many there are, 0 to 2.
    void pieces(u32 at, u32 count, std::span<const std::byte> (&out)[2]) const;
    /// Takes the first bytes out, into `to` if that isn't null.
    void take(u32 count, void* to);
    /// Gives the memory back, whatever is in it.
    void free();

  private:
    u32 place(u32 at) const {
        at += begin_;
        return at >= room_ ? at - room_ : at;
    }
    std::byte* bytes_ = nullptr;
    u32 room_ = 0, begin_ = 0, size_ = 0;
};

} // namespace uk::inet
