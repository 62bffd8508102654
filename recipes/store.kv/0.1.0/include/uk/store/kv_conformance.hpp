// The conformance suite of store.kv: what holds for every store, whatever is in it.
#pragma once

#include <array>
#include <cstring>

#include <uk/conformance.hpp>
#include <uk/store/kv.hpp>

namespace uk::store {

/// The longest name that the suite follows; longer ones are only counted.
inline constexpr std::size_t longest_checked_name = 256;

template <KeyValue S>
void conformance(conformance_report& report, S& store) {
    report.check("a name that isn't there is not_found", store.find("no/such/name").error() == error::not_found);
    report.check("the empty name is not_found", store.find("").error() == error::not_found);
    report.check("a folder above is not_found", store.find("../secret").error() == error::not_found);

    std::array<char, longest_checked_name> last{};
    std::size_t last_size = 0, count = 0;
    bool in_order = true, found = true, sizes = true, pieces = true, ends = true, well_formed = true;
    const auto look = [&](std::string_view name) {
        if (++count; name.size() > last.size()) return true;
        in_order &= count == 1 || std::string_view(last.data(), last_size) < name;
        std::memcpy(last.data(), name.data(), name.size());
        last_size = name.size();
        well_formed &= !name.empty() && name.front() != '/' && name.back() != '/' && name.find("//") == name.npos;

        auto entry = store.find(name);
        found &= entry.has_value();
        if (!entry) return true;
        // Once in pieces of 7, once in pieces of 64: the same bytes, and as many as `size` says.
        const std::uint64_t size = store.size(*entry);
        std::uint64_t sums[2] = {}, lengths[2] = {};
        std::array<std::byte, 64> buffer;
        for (int pass = 0; pass < 2; ++pass) {
            const std::span<std::byte> out = std::span{buffer}.first(pass == 0 ? 7 : 64);
            for (;;) {
                const auto got = store.read(*entry, lengths[pass], out);
                pieces &= got.has_value();
                if (!got || *got == 0) break;
                pieces &= *got == out.size() || lengths[pass] + *got == size;
                for (const std::byte b : out.first(*got)) sums[pass] = sums[pass] * 31 + static_cast<unsigned char>(b);
                lengths[pass] += *got;
            }
        }
        sizes &= lengths[0] == size && lengths[1] == size;
        pieces &= sums[0] == sums[1];
        const auto behind = store.read(*entry, ~std::uint64_t{0}, buffer);
        ends &= behind && *behind == 0;
        return true;
    };
    report.check("list succeeds", store.list("", look).has_value());
    report.check("names come in byte order, each once", in_order);
    report.check("names are well formed", well_formed);
    report.check("every listed name is found", found);
    report.check("size is what can be read", sizes);
    report.check("reading in other pieces gives the same bytes", pieces);
    report.check("reading far behind the end gives nothing", ends);

    std::size_t visited = 0;
    const auto once = [&](std::string_view) { return ++visited, false; };
    report.check("list stops when told", store.list("", once).has_value() && visited == (count > 0 ? 1 : 0));

    if (count == 0) return;
    const std::string_view name{last.data(), last_size};
    bool own = false, only_it = true;
    const auto by_prefix = [&](std::string_view listed) {
        own |= listed == name;
        only_it &= listed.starts_with(name);
        return true;
    };
    report.check("list by prefix succeeds", store.list(name, by_prefix).has_value());
    report.check("list by prefix gives what begins with it", own && only_it);
}

} // namespace uk::store
