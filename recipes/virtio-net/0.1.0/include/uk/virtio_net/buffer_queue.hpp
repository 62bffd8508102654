// A split virtqueue (virtio 1.2, 2.7) of buffers that lie in one place each: descriptor n is buffer n, for ever. So giving a buffer
// to the device is one store into the ring. The device shares the ring's memory and is not trusted: everything that it writes
// is checked against a record of our own, and nothing that we wrote there is read again.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/virtio/transport.hpp>

namespace uk::virtio_net {

class buffer_queue {
    static_assert(std::endian::native == std::endian::little, "rings are little-endian");

  public:
    /// A buffer that the device has used, and how many bytes it wrote into it.
    struct used_buffer {
        std::uint16_t number = 0;
        std::uint32_t length = 0;
    };

    /// Who reads and writes the buffers.
    enum class direction : std::uint8_t { to_device, from_device };

    /// Bytes of memory that a queue of `size` buffers takes, buffers apart; it begins at a page.
    static constexpr std::size_t memory_size(std::uint16_t size) {
        return used_offset(size) + 6 + 8 * std::size_t{size} + 2 + size;
    }

    /// Takes `memory` of `memory_size(size)` bytes and describes `buffers`, which are cut into `size` equal parts of at most
    /// 32 KiB. `size` is a power of two. `event_index`: VIRTIO_F_EVENT_IDX was agreed on.
    void start(std::span<std::byte> memory, std::uint16_t size, std::span<std::byte> buffers, direction way,
               bool event_index) {
        for (std::byte& b : memory) b = {};
        size_ = size;
        descriptors_ = reinterpret_cast<descriptor*>(memory.data());
        available_ = reinterpret_cast<std::uint16_t*>(memory.data() + sizeof(descriptor) * size);
        used_ = memory.data() + used_offset(size);
        theirs_ = reinterpret_cast<std::uint8_t*>(used_ + 6 + 8 * std::size_t{size} + 2);
        buffers_ = buffers.data();
        buffer_size_ = static_cast<std::uint32_t>(buffers.size() / size);
        writes_ = way == direction::from_device;
        event_index_ = event_index;
        next_available_ = next_used_ = told_ = given_ = 0;
        broken_ = false;
        for (std::uint16_t n = 0; n < size; ++n)
            descriptors_[n] = {reinterpret_cast<std::uintptr_t>(buffer(n).data()), buffer_size_,
                               writes_ ? device_writes : std::uint16_t{0}, 0};
        quiet();
    }

    virtio::queue_place place() const { return {size_, descriptors_, available_, used_}; }

    /// The memory of a buffer.
    std::span<std::byte> buffer(std::uint16_t number) const {
        return {buffers_ + std::size_t{number} * buffer_size_, buffer_size_};
    }

    /// Gives the device a buffer that it doesn't have; `length` bytes of it to send, or all of it to receive into.
    void give(std::uint16_t number, std::uint32_t length) {
        descriptors_[number].length = length;
        give(number);
    }
    void give(std::uint16_t number) {
        theirs_[number] = 1;
        ++given_;
        available_[2 + (next_available_ & (size_ - 1))] = number;
        store(available_[1], ++next_available_);
    }

    /// Whether the device wants to be told of what was given and it wasn't told of. A machine whose fences fence nothing
    /// (QEMU before 8.1 emulating one processor) may hide a wish for a moment: so what is asked for late still counts.
    bool must_notify() {
        if (told_ == next_available_) return false;
        std::atomic_thread_fence(std::memory_order_seq_cst); // what we gave before what the device asked for
        auto untold = static_cast<std::uint16_t>(next_available_ - told_);
        if (untold > size_) untold = size_; // it waits for none that it had already
        const std::uint16_t wanted = load(*used_word(2 + 4 * std::size_t{size_}));
        const bool wants = event_index_ ? static_cast<std::uint16_t>(next_available_ - wanted - 1) < untold
                                        : untold > 0 && !(load(*used_word(0)) & 1);
        told_ = static_cast<std::uint16_t>(next_available_ - (wants ? 0 : untold));
        return wants;
    }

    /// The next buffer that the device is done with, which is ours again. False: there is none, or the device is `broken`.
    bool take(used_buffer& out) {
        const std::uint16_t ahead = static_cast<std::uint16_t>(load(*used_word(1)) - next_used_);
        if (ahead == 0 || broken_) return false;
        const std::byte* const entry = used_ + 4 + 8 * std::size_t{next_used_ & (size_ - 1u)};
        const std::uint32_t number = load(*reinterpret_cast<const std::uint32_t*>(entry));
        const std::uint32_t length = load(*reinterpret_cast<const std::uint32_t*>(entry + 4));
        if (ahead > given_ || number >= size_ || !theirs_[number] || (writes_ && length > buffer_size_)) {
            broken_ = true;
            return false;
        }
        theirs_[number] = 0;
        --given_;
        ++next_used_;
        out = {static_cast<std::uint16_t>(number), length};
        return true;
    }

    /// Asks for an interrupt at the next used buffer. False: there is one already, and none is asked for.
    bool wait_for_used() {
        if (event_index_) store(available_[2 + size_], next_used_);
        else store(available_[0], std::uint16_t{0});
        std::atomic_thread_fence(std::memory_order_seq_cst); // what we ask for before the look at what is there
        __builtin_ia32_pause(); // leaves the emulated processor for a moment, which fences where fences don't
        if (load(*used_word(1)) == next_used_) return true;
        quiet();
        return false;
    }

    /// Asks for no interrupts. With event index that fades after 32768 buffers, which then interrupt once for nothing.
    void quiet() {
        if (event_index_) store(available_[2 + size_], static_cast<std::uint16_t>(next_used_ + 0x8000));
        else store(available_[0], std::uint16_t{1});
    }

    /// Whether the device has written something that can't be. It gets nothing back from here; whoever sees this stops it.
    bool broken() const { return broken_; }

    /// Whether the device has that buffer.
    bool is_given(std::uint16_t number) const { return theirs_[number]; }
    std::uint16_t given() const { return given_; }
    std::uint16_t size() const { return size_; }

  private:
    struct descriptor {
        std::uint64_t address;
        std::uint32_t length;
        std::uint16_t flags;
        std::uint16_t next;
    };
    static constexpr std::uint16_t device_writes = 2;

    static constexpr std::size_t used_offset(std::uint16_t size) {
        return (sizeof(descriptor) * size + 6 + 2 * std::size_t{size} + 63) & ~std::size_t{63};
    }

    template <class T>
    static T load(const T& from) {
        return std::atomic_ref<T>{const_cast<T&>(from)}.load(std::memory_order_acquire);
    }
    static void store(std::uint16_t& to, std::uint16_t value) {
        std::atomic_ref<std::uint16_t>{to}.store(value, std::memory_order_release);
    }
    const std::uint16_t* used_word(std::size_t n) const { return reinterpret_cast<const std::uint16_t*>(used_) + n; }

    // The three parts of the ring: available_ is flags, index, entries, used event; used_ is flags, index, entries of two
    // words of 32 bits, available event.
    descriptor* descriptors_ = nullptr;
    std::uint16_t* available_ = nullptr;
    std::byte* used_ = nullptr;
    std::uint8_t* theirs_ = nullptr; // our own record
    std::byte* buffers_ = nullptr;
    std::uint32_t buffer_size_ = 0;
    std::uint16_t size_ = 0;
    std::uint16_t next_available_ = 0, next_used_ = 0, told_ = 0, given_ = 0;
    bool writes_ = false, event_index_ = false, broken_ = false;
};

} // namespace uk::virtio_net
