// implements net.resolver: asks the servers that the network names, one after the other, over datagrams. Each question has an
// identifier and a port by chance, so that a stranger's answer isn't taken (RFC 5452).
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include <dns-client/config.hpp>

#include <uk/bytes.hpp>
#include <uk/dns_client/message.hpp>
#include <uk/entropy/entropy.hpp>
#include <uk/fiber.hpp>
#include <uk/net/resolver.hpp>
#include <uk/net/stack.hpp>
#include <uk/platform.hpp>
#include <uk/time.hpp>

namespace uk::dns_client {

template <net::Stack Stack, entropy::Entropy Random>
class resolver {
  public:
    using parameters = config::dns_client::parameters;

    resolver(Stack& net, Random& random) : net_{net}, random_{random} {}
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;

    result<void> open(const parameters& how) {
        if (how.server) server_ = net::ip_address::v4(*how.server);
        return {};
    }

    result<std::size_t> resolve(std::string_view name, std::span<net::ip_address> out) {
        if (const auto address = net::parse_address(name)) return put(*address, out);
        if (!is_host_name(name)) return error::invalid;
        if (name.ends_with('.')) name.remove_suffix(1);
        if (name == "localhost" || name.ends_with(".localhost")) return put(net::loopback_v4, out);
        if (out.empty()) return 0u;
        if (const std::size_t count = remembered(name, out)) return count;

        std::array<net::ip_address, most_addresses> found;
        std::size_t count = 0;
        std::uint32_t seconds = longest_memory;
        result<void> last = error::not_found;
        for (const kind what : {kind::a, kind::aaaa}) {
            const auto said = ask(name, what, std::span{found}.subspan(count));
            if (!said) {
                last = said.error();
                if (last.error() == error::not_found || last.error() == error::cancelled) break;
                continue;
            }
            count += said->count;
            if (said->count > 0) seconds = std::min(seconds, said->seconds);
        }
        if (count == 0) return last.error();
        remember(name, std::span{found}.first(count), seconds);
        count = std::min(count, out.size());
        std::copy_n(found.begin(), count, out.begin());
        return count;
    }

  private:
    static constexpr std::size_t most_addresses = 8, most_servers = 4, memories = 8;
    static constexpr std::uint32_t longest_memory = 3600; // seconds
    static constexpr int tries = 2;
    static constexpr std::uint16_t port = 53;

    struct memory {
        std::array<char, longest_name> name;
        std::size_t size = 0, count = 0;
        std::array<net::ip_address, most_addresses> addresses;
        instant until{};
    };

    static std::size_t put(const net::ip_address& address, std::span<net::ip_address> out) {
        if (out.empty()) return 0;
        out[0] = address;
        return 1;
    }

    result<answer> ask(std::string_view name, kind what, std::span<net::ip_address> out) {
        using namespace std::chrono_literals;
        std::array<net::ip_address, most_servers> servers{server_};
        std::size_t count = 1;
        if (server_.is_any()) {
            count = std::min(net_.name_servers(servers), servers.size());
            if (count == 0) { // the network may not have said it yet
                std::array<net::ip_network, 1> any;
                if (const auto there = net_.addresses(any); !there) return there.error();
                count = std::min(net_.name_servers(servers), servers.size());
            }
        }
        result<answer> last = error::io;
        for (int i = 0; i < tries; ++i) {
            for (const net::ip_address& server : std::span{servers}.first(count)) {
                auto socket = net_.bind({server.is_v4() ? net::ip_address::v4(0) : net::any_address, 0});
                if (!socket) return socket.error();
                std::uint16_t id;
                UK_TRY(random_.fill(memory_of(id)));
                std::array<std::byte, longest_message> buffer;
                const fiber::deadline limit{i == 0 ? 2s : 5s};
                if (const auto sent = socket->send({server, port}, write_question(name, what, id, buffer)); !sent) {
                    last = sent.error();
                    continue;
                }
                for (;;) {
                    const auto came = socket->receive(buffer);
                    if (!came) {
                        if (came.error() != error::timed_out) return came.error();
                        last = error::timed_out;
                        break;
                    }
                    if (came->from.address != server || came->from.port != port || came->size > buffer.size()) continue;
                    last = read_answer(std::span{buffer}.first(came->size), name, what, id, out);
                    if (last || last.error() != error::invalid) break; // what isn't an answer is a stranger's
                }
                if (last || last.error() == error::not_found) return last;
            }
            if (fiber::is_cancelled()) return error::cancelled;
        }
        return !last && last.error() == error::too_large ? result<answer>{error::io} : last;
    }

    std::size_t remembered(std::string_view name, std::span<net::ip_address> out) {
        const instant now = platform::now();
        for (const memory& m : memories_) {
            if (m.until <= now || std::string_view{m.name.data(), m.size} != name) continue;
            const std::size_t count = std::min(m.count, out.size());
            std::copy_n(m.addresses.begin(), count, out.begin());
            return count;
        }
        return 0;
    }
    void remember(std::string_view name, std::span<const net::ip_address> found, std::uint32_t seconds) {
        memory& m = *std::ranges::min_element(memories_, {}, &memory::until);
        m.size = name.copy(m.name.data(), m.name.size());
        m.count = found.size();
        std::ranges::copy(found, m.addresses.begin());
        m.until = platform::now() + std::chrono::seconds(seconds);
    }

    Stack& net_;
    Random& random_;
    net::ip_address server_;
    std::array<memory, memories> memories_{};
};

} // namespace uk::dns_client
