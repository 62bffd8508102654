// lwIP's memory: what is needed, from the image's allocator, with limits where a remote end decides how much that is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <new>

#include "inside.hpp"

#include "lwip/etharp.h"
#include "lwip/ip4_frag.h"
#include "lwip/memp.h"
#include "lwip/mld6.h"
#include "lwip/priv/nd6_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/raw.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

namespace {

constexpr unsigned short sizes[] = {
#define LWIP_MEMPOOL(name, count, size, description) (size),
#include "lwip/priv/memp_std.h"
};

constexpr unsigned most(unsigned type) {
    switch (type) {
    case MEMP_TCP_PCB: return uk::config::lwip::connections;
    case MEMP_REASSDATA: return MEMP_NUM_REASSDATA;
    case MEMP_ND6_QUEUE: return MEMP_NUM_ND6_QUEUE;
    case MEMP_MLD6_GROUP: return 16;
    default: return ~0u;
    }
}

unsigned counts[MEMP_MAX];

/// Blocks of one size that were freed last and wait to be used again, so that a request and its reply cost no walk through the
/// heap. Few, and a heap that is full gets them back.
class spares {
  public:
    void* take() {
        spare* const one = first_;
        if (one) {
            first_ = one->next;
            --count_;
        }
        return one;
    }
    bool keep(void* what) {
        if (count_ == most) return false;
        first_ = ::new (what) spare{first_};
        ++count_;
        return true;
    }
    void drop() {
        while (void* const one = take()) std::free(one);
    }

  private:
    struct spare {
        spare* next;
    };
    static constexpr unsigned most = 8;
    spare* first_ = nullptr;
    unsigned count_ = 0;
};

spares structures[MEMP_MAX];

/// Packets and pieces come in two sizes: for headers and a request, and for a whole segment.
constexpr std::size_t room[] = {256, 1664};
spares blocks[std::size(room)];

/// What stands before a block: which of the two, or neither.
using kind = std::uint64_t;
constexpr kind neither = std::size(room);

void* allocate(std::size_t size) {
    void* made = std::malloc(size);
    if (made) return made;
    for (spares& s : structures) s.drop();
    for (spares& s : blocks) s.drop();
    return std::malloc(size);
}

} // namespace

extern "C" void* memp_malloc(memp_t type) {
    if (counts[type] >= most(type)) return nullptr;
    void* made = structures[type].take();
    if (!made) made = allocate(sizes[type]);
    if (made) ++counts[type];
    return made;
}

extern "C" void memp_free(memp_t type, void* what) {
    if (!what) return;
    --counts[type];
    if (!structures[type].keep(what)) std::free(what);
}

extern "C" void memp_init() {}

void* uk_lwip_allocate(std::size_t size) {
    kind k = neither;
    if (size <= room[0]) k = 0;
    else if (size <= room[1] && size > room[1] / 2) k = 1;
    void* made = k == neither ? nullptr : blocks[k].take();
    if (!made) made = allocate(sizeof(kind) + (k == neither ? size : room[k]));
    return made ? ::new (made) kind{k} + 1 : nullptr;
}

void uk_lwip_free(void* what) {
    if (!what) return;
    kind* const whole = static_cast<kind*>(what) - 1;
    if (const kind k = *whole; k == neither || !blocks[k].keep(whole)) std::free(whole);
}

unsigned uk::lwip::reassemblies() { return counts[MEMP_REASSDATA]; }
