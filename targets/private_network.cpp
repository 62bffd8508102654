#include "targets/private_network.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "targets/relay.hpp"

namespace uk::targets {

using base::fail;
using base::result;
using base::status;

namespace {

std::uint32_t mask_of(int prefix) { return ~std::uint32_t{0} << (32 - prefix); }

// What the process that holds the network says once: an empty `doing` if all of it is there.
struct report {
    int reason = 0;
    char doing[64] = "";
};

class holder {
  public:
    holder(int report_to, int lifeline) : report_{report_to}, lifeline_{lifeline} {}

    [[noreturn]] void hold(const std::vector<tap_cable>& cables, const std::vector<relayed_port>& ports, pid_t parent) {
        const uid_t user = ::geteuid();
        const gid_t group = ::getegid();
        ::setsid(); // a Ctrl-C is the parent's business
        for (const int signal : {SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
        keep_only(ports);
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) give_up("make namespaces");
        // Who runs uk is root in there and nowhere else, so that tools for networks work.
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", fmt::format("0 {} 1", user));
        write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        bring_up(socket, "lo");
        for (const tap_cable& one : cables) lay(socket, one);
        ::close(socket);
        send({});
        relay(ports, lifeline_);
        ::_exit(0);
    }

  private:
    void send(const report& what) {
        if (::write(report_, &what, sizeof what) != sizeof what) ::_exit(1);
        ::close(report_);
    }
    [[noreturn]] void give_up(const char* doing) {
        report trouble{errno, ""};
        std::strncpy(trouble.doing, doing, sizeof trouble.doing - 1);
        send(trouble);
        ::_exit(1);
    }
    // Of what uk has open nothing is held: neither its terminal nor a pipe that somebody waits on.
    void keep_only(const std::vector<relayed_port>& ports) const {
        const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        for (int i = 0; i < 3; ++i) ::dup2(nothing, i);
        std::vector<int> kept{report_, lifeline_};
        for (const relayed_port& one : ports) kept.push_back(one.socket);
        std::ranges::sort(kept);
        unsigned from = 3;
        for (const int one : kept) {
            const auto number = static_cast<unsigned>(one);
            if (number > from) ::syscall(SYS_close_range, from, number - 1, 0);
            from = std::max(from, number + 1);
        }
        ::syscall(SYS_close_range, from, ~0u, 0);
    }
    void write_file(const char* file, const std::string& text) {
        const int f = ::open(file, O_WRONLY | O_CLOEXEC);
        if (f < 0 || ::write(f, text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up("map users");
        ::close(f);
    }
    static ifreq request_for(const std::string& interface) {
        ifreq request{};
        std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
        return request;
    }
    void bring_up(int socket, const std::string& interface) {
        ifreq request = request_for(interface);
        request.ifr_flags = IFF_UP;
        if (::ioctl(socket, SIOCSIFFLAGS, &request) != 0) give_up("bring an interface up");
    }
    void set(int socket, const std::string& interface, unsigned long what, std::uint32_t address) {
        ifreq request = request_for(interface);
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(address);
        std::memcpy(&request.ifr_addr, &place, sizeof place);
        if (::ioctl(socket, what, &request) != 0) give_up("set an interface's address");
    }
    // The interface stays when its descriptor is closed: whoever runs the image opens it anew.
    void lay(int socket, const tap_cable& cable) {
        const int device = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
        if (device < 0) give_up("open /dev/net/tun");
        ifreq request = request_for(cable.interface);
        request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
        if (::ioctl(device, TUNSETIFF, &request) != 0 || ::ioctl(device, TUNSETPERSIST, 1) != 0)
            give_up("make a TAP interface");
        ::close(device);
        const network_address host = *read_network_address(cable.host);
        set(socket, cable.interface, SIOCSIFADDR, host.address);
        set(socket, cable.interface, SIOCSIFNETMASK, mask_of(host.prefix));
        bring_up(socket, cable.interface);
    }

    int report_, lifeline_;
};

base::error trouble_of(const report& what) {
    const std::string_view doing = what.doing;
    base::error made = fail(status::environment, {}, "can't {} for `--tap`: {}", doing, std::strerror(what.reason));
    if (doing == "make namespaces" || doing == "map users")
        return std::move(made).hint("the kernel must let ordinary users make user namespaces: `sysctl "
                                    "kernel.unprivileged_userns_clone=1`, `sysctl "
                                    "kernel.apparmor_restrict_unprivileged_userns=0` (where there are such)");
    if (doing.ends_with("/dev/net/tun")) return std::move(made).hint("sudo modprobe tun");
    return made;
}

class socket_list {
  public:
    ~socket_list() {
        for (const relayed_port& one : ports) ::close(one.socket);
    }
    std::vector<relayed_port> ports;
};

result<void> open_port(const published_port& one, std::uint32_t guest, std::vector<relayed_port>& ports) {
    relayed_port made{-1, one.guest.udp, {}};
    made.to.sin_family = AF_INET;
    made.to.sin_port = htons(one.guest.number);
    made.to.sin_addr.s_addr = htonl(guest);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(one.here);
    ::inet_pton(AF_INET, one.address.c_str(), &place.sin_addr);
    made.socket = ::socket(AF_INET, (one.guest.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    const auto cannot = [&] {
        return fail(status::environment, {}, "can't publish at port {} of {}: {}", one.here, one.address,
                    std::strerror(errno));
    };
    if (made.socket < 0) return cannot();
    ports.push_back(made);
    const int yes = 1; // a connection that ended lately keeps no port from us
    if (!one.guest.udp) ::setsockopt(made.socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(made.socket, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) return cannot();
    if (!one.guest.udp && ::listen(made.socket, SOMAXCONN) != 0) return cannot();
    return {};
}

} // namespace

result<private_network> private_network::make(const std::vector<tap_cable>& cables,
                                              const std::vector<published_port>& published) {
    socket_list sockets;
    for (const published_port& one : published)
        CHECK(open_port(one, read_network_address(cables.front().guest)->address, sockets.ports));
    int reports[2], lifeline[2];
    if (::pipe2(reports, O_CLOEXEC) != 0) return fail(status::environment, {}, "can't make a pipe");
    if (::pipe2(lifeline, O_CLOEXEC) != 0) return fail(status::environment, {}, "can't make a pipe");
    private_network made;
    const pid_t parent = ::getpid();
    made.holder_ = ::fork();
    if (made.holder_ == 0) holder{reports[1], lifeline[0]}.hold(cables, sockets.ports, parent);
    ::close(reports[1]);
    ::close(lifeline[0]);
    made.lifeline_ = lifeline[1];
    report said{ECHILD, "make a network"};
    ssize_t count = 0;
    while ((count = ::read(reports[0], &said, sizeof said)) < 0 && errno == EINTR) {
    }
    ::close(reports[0]);
    if (made.holder_ < 0 || said.doing[0]) return trouble_of(said);
    for (std::size_t i = 0; i < made.spaces_.size(); ++i) {
        const std::string file = fmt::format("/proc/{}/ns/{}", made.holder_, i == 0 ? "user" : "net");
        made.spaces_[i] = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (made.spaces_[i] < 0) return trouble_of({errno, "enter the network"});
    }
    return made;
}

private_network::private_network(private_network&& other) noexcept
    : holder_{std::exchange(other.holder_, -1)}, lifeline_{std::exchange(other.lifeline_, -1)},
      spaces_{std::exchange(other.spaces_, {-1, -1})} {}

private_network::~private_network() {
    for (const int one : {spaces_[0], spaces_[1], lifeline_}) {
        if (one >= 0) ::close(one);
    }
    if (holder_ <= 0) return;
    ::kill(holder_, SIGKILL);
    while (::waitpid(holder_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::string private_network::enter_command() const {
    return fmt::format("nsenter -t {} -U -n --preserve-credentials", holder_);
}

} // namespace uk::targets
