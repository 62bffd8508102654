#include "build/packing.hpp"

#include <algorithm>
#include <cstring>

#include "base/directory.hpp"

namespace uk::build {

packed_list::packed_list(std::string_view bytes) {
    end count = 0;
    if (bytes.size() < sizeof count) return;
    std::memcpy(&count, bytes.data(), sizeof count);
    bytes.remove_prefix(sizeof count);
    if (bytes.size() / sizeof(end) < count) return;
    ends_ = bytes.substr(0, count * sizeof(end));
    bytes_ = bytes.substr(ends_.size());
}

std::size_t packed_list::end_of(std::size_t index) const {
    end at = 0;
    std::memcpy(&at, ends_.data() + index * sizeof at, sizeof at);
    return std::min<std::size_t>(at, bytes_.size());
}

std::string_view packed_list::operator[](std::size_t index) const {
    if (index >= size()) return {};
    const std::size_t begin = index == 0 ? 0 : end_of(index - 1);
    return bytes_.substr(begin, std::max(end_of(index), begin) - begin);
}

std::string packed_list::pack(const std::vector<std::string_view>& all) {
    std::string packed;
    std::size_t size = sizeof(end) * (all.size() + 1);
    for (const std::string_view one : all) size += one.size();
    packed.reserve(size);
    const auto add = [&](std::size_t value) {
        const auto shorter = static_cast<end>(value);
        packed.append(reinterpret_cast<const char*>(&shorter), sizeof shorter);
    };
    add(all.size());
    std::size_t at = 0;
    for (const std::string_view one : all) add(at += one.size());
    for (const std::string_view one : all) packed += one;
    return packed;
}

std::size_t word_numbers::of(std::string_view word) {
    const auto [at, is_new] = numbers_.try_emplace(std::string{word}, words_.size());
    if (is_new) words_.push_back(at->first);
    return at->second;
}

packer& packer::number(std::uint64_t value) {
    base::wire::varint(bytes, value);
    return *this;
}

packer& packer::text(std::string_view value) {
    number(value.size());
    bytes += value;
    return *this;
}

packer& packer::hash(const base::sha256& value) {
    bytes.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    return *this;
}

std::uint64_t unpacker::number() { return base::wire::take_varint(left_, is_broken); }

std::string_view unpacker::take(std::uint64_t size) { return base::wire::take(left_, size, is_broken); }

std::string_view unpacker::word_view() {
    const std::uint64_t index = number();
    if (index >= words_.size()) is_broken = true;
    return words_[index];
}

base::sha256 unpacker::hash() {
    base::sha256 made;
    const std::string_view bytes = take(made.bytes.size());
    std::ranges::copy(bytes, made.bytes.begin());
    return made;
}

} // namespace uk::build
