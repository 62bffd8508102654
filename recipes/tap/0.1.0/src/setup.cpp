#include "setup.hpp"

#include <cstring>
#include <string_view>

#include <uk/hosted/early_file.hpp>
#include <uk/hosted/system_call.hpp>
#include <uk/platform.hpp>

namespace uk::tap {
namespace {

using hosted::call;
using hosted::system_call;

// linux/if_tun.h, linux/if.h
constexpr std::uint32_t set_interface = 0x400454ca, set_offload = 0x400454d0, get_interface = 0x800454d2;
constexpr std::uint16_t tap = 0x0002, no_protocol = 0x1000, with_header = 0x4000, persistent = 0x0800;
constexpr long takes_unfinished_checksums = 1;
constexpr std::size_t name_size = 16;

struct request { // ifreq
    char name[name_size];
    std::uint16_t flags;
    std::byte rest[22];
};
static_assert(sizeof(request) == 40);

constexpr long EPERM_ = 1, EBUSY_ = 16;

} // namespace
} // namespace uk::tap

UK_HOSTED_CALLS({uk::hosted::call::ioctl, 1, uk::tap::set_interface},
                {uk::hosted::call::ioctl, 1, uk::tap::set_offload},
                {uk::hosted::call::ioctl, 1, uk::tap::get_interface});
UK_HOSTED_FILE(tun_device, "/dev/net/tun", uk::hosted::open_as::device);

namespace uk::tap {
namespace {

void say(std::string_view before, std::string_view name, std::string_view after) {
    platform::write_text("uk: tap: ");
    platform::write_text(before);
    platform::write_text(name);
    platform::write_text(after);
}

/// Locally administered (IEEE 802, 8.4), of one card, the same in each run: FNV-1a over the name.
net::mac_address made_from(std::string_view name) {
    std::uint32_t hash = 2166136261;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
    net::mac_address made{{0x02, 0x75}};
    for (int i = 0; i < 4; ++i) made.bytes[2 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    return made;
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

result<net::mac_address> read_address(std::string_view text) {
    net::mac_address read;
    if (text.size() != 17) return error::invalid;
    for (std::size_t i = 0; i < 6; ++i) {
        const int high = digit(text[3 * i]), low = digit(text[3 * i + 1]);
        if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':')) return error::invalid;
        read.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (read.bytes[0] & 1 || read == net::mac_address{}) return error::invalid;
    return read;
}

error why(long answer, std::string_view name) {
    switch (-answer) {
    case EPERM_:
        say("this user may not use `", name, "`: ip tuntap add NAME mode tap user USER\n");
        return error::not_found;
    case EBUSY_: say("another process has `", name, "`\n"); return error::busy;
    case hosted::EINVAL_: say("`", name, "` is no TAP interface\n"); return error::invalid;
    default: say("the host refuses `", name, "`\n"); return error::io;
    }
}

} // namespace

result<int> attach(const parameters& how, net::mac_address& address) {
    const std::string_view name = how.interface;
    if (name.empty() || name.size() >= name_size) {
        say("`", name, "` is no name of an interface: 1 to 15 characters\n");
        return error::invalid;
    }
    address = made_from(name);
    if (how.mac) {
        const auto given = read_address(*how.mac);
        if (!given) {
            say("`", *how.mac, "` is no address of one card: such as 02:00:00:00:00:01\n");
            return error::invalid;
        }
        address = *given;
    }
    if (tun_device.descriptor < 0) {
        say("can't open `", tun_device.path, "`\n");
        return error::not_found;
    }
    request wanted{};
    std::memcpy(wanted.name, name.data(), name.size());
    wanted.flags = tap | no_protocol | with_header;
    const long descriptor = tun_device.descriptor;
    const long answer = system_call(call::ioctl, descriptor, static_cast<long>(set_interface), &wanted);
    if (answer < 0) return why(answer, name);
    // Who may make interfaces has just made one that nobody else knows, where there was none.
    if (system_call(call::ioctl, descriptor, static_cast<long>(get_interface), &wanted) < 0) return error::io;
    if (!(wanted.flags & persistent)) {
        say("there is no interface `", name, "`: ip tuntap add NAME mode tap\n");
        return error::not_found;
    }
    if (system_call(call::ioctl, descriptor, static_cast<long>(set_offload), takes_unfinished_checksums) < 0)
        return error::unsupported;
    return static_cast<int>(descriptor);
}

} // namespace uk::tap
