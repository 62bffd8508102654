#include <gtest/gtest.h>

#include "targets/bundle.hpp"

namespace uk::targets {
namespace {

const run_configuration full{
    .image = "hello.elf",
    .runner = "qemu",
    .architecture = "x86_64",
    .machines = {"q35", "microvm"},
    .memory = 16 << 20,
    .parameters = {"greeting=a: \"b\" # c", "status=3"},
    .cards = {{"tap", {"tap.interface"}, {"lwip.address", "net.address"}}, {"virtio-net", {}, {}}},
    .ports = {{8080, false}, {53, true}}};

TEST(bundle, a_run_configuration_reads_back_as_it_was_written) {
    const auto again = read_run_yaml(write_run_yaml(full), "run.yaml");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->image, full.image);
    EXPECT_EQ(again->runner, full.runner);
    EXPECT_EQ(again->architecture, full.architecture);
    EXPECT_EQ(again->machines, full.machines);
    EXPECT_EQ(again->memory, full.memory);
    EXPECT_EQ(again->parameters, full.parameters);
    EXPECT_EQ(again->cards, full.cards);
    EXPECT_EQ(again->ports, full.ports);
}

std::string refused(std::string_view text) {
    const auto read = read_run_yaml(text, "run.yaml");
    return read ? "" : base::render(read.error(), false);
}

TEST(bundle, refuses_run_configurations_that_are_wrong) {
    const std::string good = "format: 1\nimage: a\nrunner: qemu\n";
    EXPECT_EQ(refused(good), "");
    EXPECT_NE(refused(good + "mashines: [q35]\n").find("did you mean `machines`"), std::string::npos);
    EXPECT_NE(refused("format: 2\nimage: a\nrunner: qemu\n").find("format"), std::string::npos);
    EXPECT_NE(refused("format: 1\nimage: ../../bin/sh\nrunner: process\n").find("beside"), std::string::npos);
    EXPECT_NE(refused("format: 1\nrunner: qemu\n").find("image"), std::string::npos);
    EXPECT_NE(refused("format: 1\nimage: a\n").find("runner"), std::string::npos);
    EXPECT_NE(refused(good + "memory: lots\n").find("16MiB"), std::string::npos);
    EXPECT_NE(refused(good + "parameters: {a: b}\n"), "");
    EXPECT_NE(refused(good + "ports: [http]\n").find("8080"), std::string::npos);
    EXPECT_NE(refused(good + "cards: [virtio-net]\n").find("instance"), std::string::npos);
    EXPECT_NE(refused("[]"), "");
}

TEST(bundle, a_configuration_of_xl_escapes_what_it_quotes) {
    run_configuration how = full;
    how.parameters = {"greeting=good day", "path=a\\b"};
    const std::string text = write_xl(how, "hello");
    EXPECT_NE(text.find("type = \"pvh\"\n"), std::string::npos);
    EXPECT_NE(text.find("memory = 16\n"), std::string::npos);
    EXPECT_NE(text.find(R"(cmdline = "\"greeting=good day\" path=a\\b")"), std::string::npos) << text;
    EXPECT_NE(text.find("vif = [\"\", \"\"]\n"), std::string::npos) << text;
    how.parameters.clear();
    how.cards.clear();
    EXPECT_EQ(write_xl(how, "hello").find("vif"), std::string::npos);
    EXPECT_EQ(write_xl(how, "hello").find("cmdline"), std::string::npos);
}

} // namespace
} // namespace uk::targets
