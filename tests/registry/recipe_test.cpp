#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry/recipe.hpp"

namespace uk::registry {
namespace {

using testing::ElementsAre;

recipe read(std::string_view text) {
    auto made = parse_recipe(text, "recipe.yaml");
    EXPECT_TRUE(made) << (made ? "" : render(made.error(), false));
    return made ? *std::move(made) : recipe{};
}

recipe manifest(std::string_view text) {
    auto made = parse_manifest(text, "uk.yaml");
    EXPECT_TRUE(made) << (made ? "" : render(made.error(), false));
    return made ? *std::move(made) : recipe{};
}

TEST(recipe, of_a_component) {
    const auto made = read(R"(format: 1
name: lwip
version: 2.1.3
revision: 1
kind: component
category: stack
summary: The lwIP TCP/IP stack
license: BSD-3-Clause
origin:
  - tree: sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
    from:
      - {url: debian:lwip/2.1.3+dfsg1-2/lwip_2.1.3+dfsg1.orig.tar.xz, sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}
      - {url: https://mirror.example/lwip.tar.gz, sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}
    patches: [files/no-timers.patch]
  - {folder: recipes/lwip/port, into: port}
singleton: true
options:
  ipv6: {type: bool, default: false, summary: Dual-stack IPv6}
  tcp-window: {type: size, default: 16KiB, range: [2KiB, 1MiB]}
parameters:
  address: {type: ipv4-cidr, optional: true, summary: "Static address; none: DHCP"}
implements:
  net.stack 1.0: {class: uk::lwip::stack, header: uk/lwip/stack.hpp}
needs:
  device: net.device ^1
  clock: {signature: time.clock ^1, optional: true, when: option.ipv6 == true}
requires:
  - libc: ^1
  - core
  - checksum: {version: ^1, options: {simd: false}}
  - any: {crypto-a: ^1, crypto-b: ">=2"}
  - {mldp: "*", when: option.ipv6 == true}
conflicts: [other-ip: "*"]
tools: {python: ">=3.9"}
over: [console ^0.1]
when: target.arch != avr
build:
  - language: c
    files: [src/core/**.c, ./src/api/*.c]
    exclude: [src/core/x.c]
    include: {public: [src/include, port], private: [.]}
    define: {LWIP_IPV6: $option.ipv6, NAME: 010}
    standard: c99
    interrupt-safe: true
    freestanding: true
    warnings: off
  - {language: asm, files: [a.S], when: target.arch == x86_64}
  - {run: [sed, -e, s/a/b/], inputs: [a], outputs: [b], per: instance}
  - {archive: libstdc++.a, members: [tree.o]}
)");
    EXPECT_EQ(made.id.text(), "2.1.3-r1");
    EXPECT_EQ(made.where, (base::place{"recipe.yaml", 2, 1}));
    EXPECT_EQ(made.license, "BSD-3-Clause");
    ASSERT_EQ(made.origins.size(), 2u);
    EXPECT_EQ(made.origins[0].tree->hex().substr(0, 8), "ba7816bf");
    EXPECT_EQ(made.origins[0].from[0].kind, address::type::debian);
    EXPECT_EQ(made.origins[0].from[0].text, "lwip/2.1.3+dfsg1-2/lwip_2.1.3+dfsg1.orig.tar.xz");
    EXPECT_EQ(made.origins[0].from[1].text, "https://mirror.example/lwip.tar.gz");
    EXPECT_THAT(made.origins[0].patches, ElementsAre("files/no-timers.patch"));
    EXPECT_EQ(made.origins[1].from[0].kind, address::type::folder);
    EXPECT_EQ(made.origins[1].into, "port");
    EXPECT_TRUE(made.singleton);
    EXPECT_EQ(made.options[1].least, 2048);
    EXPECT_EQ(std::get<std::int64_t>(*made.options[1].fallback), 16384);
    EXPECT_TRUE(made.parameters[0].optional);
    EXPECT_EQ(made.implements[0].signature.name, "net.stack");
    EXPECT_EQ(made.implements[0].provides.text_short(), "1.0");
    EXPECT_EQ(made.implements[0].class_name, "uk::lwip::stack");
    EXPECT_EQ(made.needs[0].signature.versions.text(), "^1");
    EXPECT_TRUE(made.needs[1].optional);
    EXPECT_EQ(made.needs[1].when.text(), "option.ipv6 == true");
    ASSERT_EQ(made.requires_.size(), 5u);
    EXPECT_TRUE(made.requires_[1].choices[0].component.versions.is_any());
    EXPECT_EQ(made.requires_[2].choices[0].options[0].name, "simd");
    EXPECT_EQ(made.requires_[3].choices[1].component.name, "crypto-b");
    EXPECT_FALSE(made.requires_[4].when.always());
    EXPECT_EQ(made.requires_[0].choices[0].component.where.line, 28);
    EXPECT_EQ(made.conflicts[0].choices[0].component.name, "other-ip");
    EXPECT_EQ(made.tools[0].versions.text(), ">=3.9");
    EXPECT_EQ(made.over[0].name, "console");
    const auto& compile = made.build[0];
    EXPECT_EQ(compile.lang, build_step::language::c);
    EXPECT_THAT(compile.files, ElementsAre("src/core/**.c", "src/api/*.c"));
    EXPECT_THAT(compile.exclude, ElementsAre("src/core/x.c"));
    EXPECT_THAT(compile.private_include, ElementsAre("."));
    EXPECT_EQ(compile.define[1], (std::pair<std::string, std::string>{"NAME", "010"}));
    EXPECT_TRUE(compile.interrupt_safe && compile.freestanding && !compile.warnings);
    EXPECT_EQ(compile.standard, "c99");
    EXPECT_EQ(made.build[1].lang, build_step::language::assembler);
    EXPECT_TRUE(made.build[1].warnings);
    EXPECT_EQ(made.build[2].kind, build_step::type::run);
    EXPECT_TRUE(made.build[2].per_instance);
    EXPECT_EQ(made.build[3].archive, "libstdc++.a");
}

TEST(recipe, requires_may_be_a_mapping) {
    const auto made =
        read("name: a\nversion: 1.0.0\nkind: component\nrequires: {b: ^1, c: {version: ^2}, any: {d: ^1, e: ^1}}\n");
    ASSERT_EQ(made.requires_.size(), 3u);
    EXPECT_EQ(made.requires_[1].choices[0].component.versions.text(), "^2");
    EXPECT_EQ(made.requires_[2].choices.size(), 2u);
}

TEST(recipe, of_a_signature) {
    const auto made = read(R"(name: net.flow
version: 0.1.0
kind: signature
exclusive: true
headers: [include]
concept: {name: uk::net::Flow, header: uk/net/flow.hpp}
archetype: {class: uk::net::flow_archetype, header: uk/net/flow_archetype.hpp}
conformance: {function: uk::net::conformance, header: uk/net/flow_conformance.hpp}
)");
    ASSERT_TRUE(made.signature);
    EXPECT_TRUE(made.signature->exclusive);
    EXPECT_FALSE(made.signature->image_scope);
    EXPECT_EQ(made.signature->concept_name, "uk::net::Flow");
    EXPECT_EQ(made.signature->archetype_header, "uk/net/flow_archetype.hpp");
    EXPECT_EQ(made.signature->conformance_function, "uk::net::conformance");
}

TEST(recipe, of_a_target) {
    const auto made = read(R"(name: kvm
version: 0.1.0
kind: target
family: unikernel
arch: x86_64
layout: layout.ld
memory: {ram: {size: 64MiB}}
requires: [platform-kvm: ^0.1]
devices:
  uart0: {use: uart-16550, with: {irq: 4}}
prefers: {console: uart0, time.clock ^0.1: clock}
package: [elf]
run: {emulator: qemu, machines: [q35, microvm]}
)");
    ASSERT_TRUE(made.target);
    EXPECT_EQ(made.target->memory, 64u << 20);
    EXPECT_EQ(made.target->prefers[1].first.name, "time.clock");
    EXPECT_EQ(made.target->runner, "qemu");
    EXPECT_THAT(made.target->machines, ElementsAre("q35", "microvm"));
    ASSERT_EQ(made.instances.size(), 1u) << "devices are instances";
    EXPECT_EQ(made.instances[0].with[0].node.text, "4");
    EXPECT_EQ(read("name: a\nversion: 1.0.0\nkind: target\nfamily: hosted\narch: x86_64\npackage: [elf]\nmemory: "
                   "16MiB\nrun: {process: true}\n")
                  .target->runner,
              "process");
}

TEST(manifest, of_an_application) {
    const auto made = manifest(R"(name: site
version: 0.1.0
sources: [src/**.cpp]
stack: 64KiB
requires: [http: ^0.3]
needs:
  net: net.stack ^1
  site: {signature: store.kv ^1, use: embedded-files, with: {root: site}}
  lan: {signature: net.device ^1, use: nic0}
  wan: net.device ^1
  dmz: {signature: net.device ^1, same: lan}
parameters:
  greeting: {type: text, default: hello}
instances:
  nic0: {use: virtio-net, with: {index: 0}, needs: {bus: pci}}
set: {lwip.ipv6: true, store.kv.x: 1}
targets:
  hosted:
  hosted-tap: {target: hosted, use: {net: lwip, lwip/device: tap}, profile: size}
  kvm:
    memory: 16MiB
    same: {wan: lan}
    set: {lwip.ipv6: false}
    instances: {extra: {use: lwip}}
    parameters: {lwip.address: 192.0.2.1/24}
)");
    EXPECT_EQ(made.kind, component_kind::application);
    EXPECT_EQ(made.stack_size, 65536u);
    EXPECT_EQ(made.needs[1].use, "embedded-files");
    EXPECT_EQ(made.needs[1].with[0].node.text, "site");
    EXPECT_EQ(made.needs[4].same, "lan");
    EXPECT_EQ(made.instances[0].needs.at("bus"), "pci");
    EXPECT_EQ(made.set[1].name, "store.kv.x");
    ASSERT_EQ(made.variants.size(), 3u);
    EXPECT_EQ(made.variants[0].target, "hosted");
    EXPECT_EQ(made.variants[0].profile, "speed");
    EXPECT_FALSE(made.variants[0].memory);
    EXPECT_EQ(made.variants[1].target, "hosted");
    EXPECT_EQ(made.variants[1].use.at("lwip/device"), "tap");
    EXPECT_EQ(made.variants[1].use_where.at("net").line, 19);
    EXPECT_EQ(made.variants[2].memory, 16u << 20);
    EXPECT_EQ(made.variants[2].same.at("wan"), "lan");
    EXPECT_EQ(made.variants[2].parameters[0].name, "lwip.address");
}

TEST(manifest, can_be_published_like_anything_else) {
    EXPECT_EQ(read("name: site\nversion: 0.1.0\nkind: application\nsources: [a.cpp]\n").kind,
              component_kind::application);
    EXPECT_EQ(manifest("name: site\nkind: application\ntargets: {hosted: }\n").id.text(), "0.0.0");
}

} // namespace
} // namespace uk::registry
