#include "targets/relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <list>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace uk::targets {

namespace {

constexpr std::size_t piece = 65536; // the largest datagram too
constexpr std::size_t most_senders = 256;
constexpr std::size_t spare_descriptors = 64;

const sockaddr* any(const sockaddr_in& place) { return reinterpret_cast<const sockaddr*>(&place); }
sockaddr* any(sockaddr_in& place) { return reinterpret_cast<sockaddr*>(&place); }

bool later() { return errno == EAGAIN || errno == EINTR; }

class owned_socket {
  public:
    explicit owned_socket(int number) : number_{number} {}
    owned_socket(const owned_socket&) = delete;
    owned_socket& operator=(const owned_socket&) = delete;
    ~owned_socket() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }

  private:
    int number_;
};

// What flows one way: at most one piece is held, and while it is, nothing more is read.
struct stream {
    std::unique_ptr<char[]> bytes = std::make_unique<char[]>(piece);
    std::size_t begin = 0, end = 0;
    bool ended = false, told = false;

    bool holds() const { return begin < end; }
    // False: the connection is broken.
    bool move(int from, int to, bool readable) {
        if (readable && !holds() && !ended) {
            const ssize_t count = ::recv(from, bytes.get(), piece, 0);
            if (count < 0 && !later()) return false;
            ended = count == 0;
            begin = 0;
            end = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        }
        if (holds()) {
            const ssize_t count = ::send(to, bytes.get() + begin, end - begin, MSG_NOSIGNAL);
            if (count < 0 && !later()) return false;
            begin += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        }
        if (ended && !holds() && !told) {
            ::shutdown(to, SHUT_WR);
            told = true;
        }
        return true;
    }
};

class connection {
  public:
    connection(int here, int there) : here_{here}, there_{there} {}

    void watch(std::vector<pollfd>& all) const {
        const auto wanted = [&](int socket, const stream& in, const stream& out) {
            const int events = (!in.holds() && !in.ended ? POLLIN : 0) | (out.holds() ? POLLOUT : 0);
            // What waits for nothing isn't watched: a hang-up would be told again and again.
            all.push_back({events ? socket : -1, static_cast<short>(events), 0});
        };
        if (!connected_) {
            all.push_back({-1, 0, 0});
            all.push_back({there_.number(), POLLOUT, 0});
            return;
        }
        wanted(here_.number(), up_, down_);
        wanted(there_.number(), down_, up_);
    }

    // False: it is over.
    bool go_on(const pollfd& here, const pollfd& there) {
        if (!connected_) {
            if (!there.revents) return true;
            int trouble = 0;
            socklen_t size = sizeof trouble;
            ::getsockopt(there_.number(), SOL_SOCKET, SO_ERROR, &trouble, &size);
            connected_ = trouble == 0;
            return connected_ || broken();
        }
        const auto readable = [](const pollfd& one) { return (one.revents & (POLLIN | POLLHUP | POLLERR)) != 0; };
        if (!up_.move(here_.number(), there_.number(), readable(here)) ||
            !down_.move(there_.number(), here_.number(), readable(there)))
            return broken();
        return !up_.told || !down_.told;
    }

  private:
    bool broken() const {
        const linger reset{1, 0};
        for (const int socket : {here_.number(), there_.number()})
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        return false;
    }

    owned_socket here_, there_;
    stream up_, down_;
    bool connected_ = false;
};

// One who sends datagrams; answers reach him through a socket of his own.
struct sender {
    sender(const relayed_port& at, const sockaddr_in& who, int socket) : port{&at}, from{who}, there{socket} {}
    const relayed_port* port;
    sockaddr_in from;
    owned_socket there;
};

class carrier {
  public:
    carrier(const std::vector<relayed_port>& ports, int until) : ports_{ports}, until_{until} {
        for (const relayed_port& one : ports) ::fcntl(one.socket, F_SETFL, ::fcntl(one.socket, F_GETFL) | O_NONBLOCK);
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
        const std::size_t descriptors = std::min<std::size_t>(limit.rlim_cur, 1 << 20);
        const std::size_t kept = spare_descriptors + most_senders + ports.size();
        most_connections_ = descriptors > kept + 2 ? (descriptors - kept) / 2 : 1;
    }

    void run() {
        std::vector<pollfd> watched;
        for (;;) {
            watched.assign(1, {until_, POLLIN, 0});
            const bool full = connections_.size() >= most_connections_;
            for (const relayed_port& one : ports_) watched.push_back({full && !one.udp ? -1 : one.socket, POLLIN, 0});
            for (const connection& one : connections_) one.watch(watched);
            for (const sender& one : senders_) watched.push_back({one.there.number(), POLLIN, 0});
            if (::poll(watched.data(), watched.size(), -1) < 0) {
                if (errno != EINTR) return;
                continue;
            }
            if (watched[0].revents) return;
            std::size_t at = 1 + ports_.size();
            for (auto one = connections_.begin(); one != connections_.end(); at += 2)
                one = one->go_on(watched[at], watched[at + 1]) ? std::next(one) : connections_.erase(one);
            for (const sender& one : senders_) {
                if (watched[at++].revents) answer(one);
            }
            for (std::size_t i = 0; i < ports_.size(); ++i) {
                if (watched[1 + i].revents) ports_[i].udp ? pass(ports_[i]) : accept(ports_[i]);
            }
        }
    }

  private:
    void accept(const relayed_port& port) {
        const int here = ::accept4(port.socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (here < 0) return;
        const int there = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connections_.emplace_back(here, there);
        if (::connect(there, any(port.to), sizeof port.to) != 0 && errno != EINPROGRESS) connections_.pop_back();
    }

    void pass(const relayed_port& port) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const ssize_t count = ::recvfrom(port.socket, datagram_.data(), datagram_.size(), 0, any(from), &size);
        if (count < 0) return;
        auto known = std::ranges::find_if(senders_, [&](const sender& one) {
            return one.port == &port && one.from.sin_port == from.sin_port &&
                   one.from.sin_addr.s_addr == from.sin_addr.s_addr;
        });
        if (known == senders_.end()) {
            if (senders_.size() >= most_senders) senders_.pop_front();
            const int there = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            ::connect(there, any(port.to), sizeof port.to);
            known = senders_.emplace(senders_.end(), port, from, there);
        } else {
            senders_.splice(senders_.end(), senders_, known); // whoever was silent longest is forgotten first
        }
        // What can't be sent is lost, as datagrams are.
        ::send(known->there.number(), datagram_.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    }

    void answer(const sender& to) {
        const ssize_t count = ::recv(to.there.number(), datagram_.data(), datagram_.size(), 0);
        if (count < 0) return;
        ::sendto(to.port->socket, datagram_.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL, any(to.from),
                 sizeof to.from);
    }

    const std::vector<relayed_port>& ports_;
    int until_;
    std::size_t most_connections_ = 1;
    std::list<connection> connections_;
    std::list<sender> senders_;
    std::array<char, piece> datagram_{};
};

} // namespace

void relay(const std::vector<relayed_port>& ports, int until) { std::make_unique<carrier>(ports, until)->run(); }

} // namespace uk::targets
