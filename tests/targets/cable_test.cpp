#include <gtest/gtest.h>

#include "targets/cable.hpp"

namespace uk::targets {
namespace {

run_request with(std::vector<network_card> cards, std::vector<std::string> parameters) {
    run_request made;
    made.how.cards = std::move(cards);
    made.parameters = std::move(parameters);
    return made;
}

const network_card tap{"tap", {"tap.interface", "net0.interface"}, {"lwip.address", "net.address"}};
const network_card nic{"nic0", {}, {"lwip.address", "net.address"}};

TEST(cable, each_card_has_a_network_of_its_own) {
    const run_request what = with({tap, nic}, {});
    const std::vector<tap_cable> cables = plan_cables(what);
    EXPECT_EQ(cables,
              (std::vector<tap_cable>{{"tap0", "10.0.0.1/24", "10.0.0.2/24"}, {"tap1", "10.0.1.1/24", "10.0.1.2/24"}}));
    EXPECT_EQ(cable_parameters(what, cables),
              (std::vector<std::string>{"tap.interface=tap0", "lwip.address=10.0.0.2/24", "lwip.address=10.0.1.2/24"}));
}

TEST(cable, what_the_image_is_told_counts) {
    const run_request what = with({tap}, {"--net.address=192.0.2.1/30", "net0.interface=mine"});
    const std::vector<tap_cable> cables = plan_cables(what);
    EXPECT_EQ(cables, (std::vector<tap_cable>{{"mine", "192.0.2.2/30", "192.0.2.1/30"}}));
    EXPECT_TRUE(cable_parameters(what, cables).empty());
}

TEST(cable, a_wrong_address_is_left_to_the_image) {
    for (const char* text : {"--net.address=10.0.0", "--net.address=10.0.0.7", "--net.address=10.0.0.7/31",
                             "--net.address=10.0.0.7/024x", "--net.address=::1/64", "--net.address="}) {
        const run_request what = with({nic}, {text});
        EXPECT_EQ(plan_cables(what).front().guest, "10.0.0.2/24") << text;
        EXPECT_TRUE(cable_parameters(what, plan_cables(what)).empty()) << text;
    }
}

} // namespace
} // namespace uk::targets
