// A network that one image has with this machine alone, made without root: a user and a network namespace, a TAP interface in
// it for each card, and a process that holds them and carries published ports in. With that process all of it is gone.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "targets/cable.hpp"

namespace uk::targets {

class private_network {
  public:
    /// Published ports lead to the first cable's guest. Errors: environment: namespaces or TAP are forbidden here, a port is
    /// taken; and what allows it.
    static base::result<private_network> make(const std::vector<tap_cable>& cables,
                                              const std::vector<published_port>& published);
    private_network(private_network&& other) noexcept;
    private_network& operator=(private_network&&) = delete;
    ~private_network();

    /// Descriptors for setns(2), in this order.
    std::vector<int> namespaces() const { return {spaces_[0], spaces_[1]}; }
    /// A command that runs another one in there.
    std::string enter_command() const;

  private:
    private_network() = default;

    int holder_ = -1, lifeline_ = -1;
    std::array<int, 2> spaces_{-1, -1};
};

} // namespace uk::targets
