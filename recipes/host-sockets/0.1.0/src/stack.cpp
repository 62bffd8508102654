#include <uk/host_sockets/stack.hpp>

#include <algorithm>
#include <new>
#include <string_view>

#include <uk/hosted/early_file.hpp>

#include "connection.hpp"
#include "host.hpp"
#include "interfaces.hpp"

UK_HOSTED_CALLS(uk::hosted::call::listen, uk::hosted::call::connect, uk::hosted::call::getsockopt,
                uk::hosted::call::getpeername, uk::hosted::call::read);
UK_HOSTED_FILE(resolver_file, "/etc/resolv.conf", uk::hosted::open_as::reader);

namespace uk::host_sockets {
namespace {

/// The servers of resolv.conf(5), as many as there is room for.
std::size_t read_servers(std::string_view text, std::span<net::ip_address> servers) {
    constexpr std::string_view word = "nameserver", spaces = " \t\r";
    std::size_t count = 0;
    while (!text.empty() && count < servers.size()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (!line.starts_with(word)) continue;
        line.remove_prefix(word.size());
        const std::size_t begin = line.find_first_not_of(spaces);
        if (begin == line.npos || begin == 0) continue;
        line = line.substr(begin, line.find_first_of(" \t\r#;", begin) - begin);
        if (const auto server = net::parse_address(line)) servers[count++] = *server;
    }
    return count;
}

result<socket*> plain(int descriptor) {
    auto* const s = new (std::nothrow) plain_socket{descriptor};
    if (s && s->start()) return s;
    if (s) s->free_it(*s);
    close_descriptor(descriptor);
    return error::out_of_memory;
}

} // namespace

result<void> stack::open(const parameters& how) {
    UK_TRY(start_receiving());
    start_sending();
    if (how.address) own_ = net::ip_network{net::ip_address::v4(how.address->address), how.address->prefix};
    if (how.name_server) {
        servers_[server_count_++] = net::ip_address::v4(*how.name_server);
    } else if (resolver_file.descriptor >= 0) {
        char text[2048];
        const long size =
            system_call(call::read, static_cast<long>(resolver_file.descriptor), text, static_cast<long>(sizeof text));
        if (size > 0) server_count_ = read_servers({text, static_cast<std::size_t>(size)}, servers_);
    }
    if (resolver_file.descriptor >= 0) close_descriptor(resolver_file.descriptor);
    return {};
}

result<listener> stack::listen(const net::endpoint& where) {
    const auto made =
        bound_socket(where.address.is_any() && own_ ? net::endpoint{own_->address, where.port} : where, stream);
    if (!made) return made.error();
    set(*made, at_tcp, no_delay, 1); // accepted ones have it from here
    const long answer =
        system_call(call::listen, static_cast<long>(*made), static_cast<long>(config::host_sockets::backlog));
    if (answer != 0) {
        close_descriptor(*made);
        return from_errno(answer);
    }
    const auto s = plain(*made);
    if (!s) return s.error();
    return listener{*s};
}

result<flow> stack::connect(const net::endpoint& where) {
    const long family = where.address.is_v4() ? family_v4 : family_v6;
    const long made = open_socket(family, stream);
    if (made < 0) return from_errno(made);
    set(static_cast<int>(made), at_tcp, no_delay, 1);
    const address name = to_host(where, family);
    long answer = system_call(call::connect, made, &name, static_cast<long>(family == family_v4 ? 16 : address::size));
    if (answer != 0 && answer != -EINPROGRESS_) {
        close_descriptor(static_cast<int>(made));
        return from_errno(answer);
    }
    auto* const c = connection::make(static_cast<int>(made), where);
    if (!c) return error::out_of_memory;
    flow joined{c};
    while (answer == -EINPROGRESS_) {
        UK_TRY(c->wait_writable());
        std::int32_t pending = 0;
        std::uint32_t size = sizeof pending;
        address other;
        std::uint32_t other_size = sizeof other;
        system_call(call::getsockopt, made, at_socket, pending_error, &pending, &size);
        answer = pending ? -pending : system_call(call::getpeername, made, &other, &other_size);
        if (answer == -ENOTCONN_) answer = -EINPROGRESS_; // woken too early
    }
    if (answer != 0) return from_errno(answer);
    return joined;
}

result<datagrams> stack::bind(const net::endpoint& where) {
    const auto made =
        bound_socket(where.address.is_any() && own_ ? net::endpoint{own_->address, where.port} : where, datagram);
    if (!made) return made.error();
    const auto s = plain(*made);
    if (!s) return s.error();
    return datagrams{*s};
}

result<std::size_t> stack::addresses(std::span<net::ip_network> networks) {
    if (own_) {
        if (!networks.empty()) networks[0] = *own_;
        return std::size_t{1};
    }
    return interface_addresses(networks);
}

std::size_t stack::name_servers(std::span<net::ip_address> servers) {
    std::copy_n(servers_.begin(), std::min(servers.size(), server_count_), servers.begin());
    return server_count_;
}

} // namespace uk::host_sockets
