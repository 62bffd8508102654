#include "base/digest.hpp"

#include <cstring>
#include <mutex>
#include <vector>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace uk::base {

namespace {

// Fetched once: an implicit fetch for each hash costs more than hashing a small blob, and reading openssl.cnf more still.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = [] {
        OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
        return EVP_MD_fetch(nullptr, "SHA256", nullptr);
    }();
    return fetched;
}

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

} // namespace

std::string sha256::hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(2 * bytes.size(), '\0');
    char* to = text.data();
    for (const auto byte : bytes) {
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
    return text;
}

std::optional<sha256> sha256::from_hex(std::string_view digits) {
    if (digits.size() != 64) return std::nullopt;
    sha256 read;
    for (std::size_t i = 0; i < 32; ++i) {
        const int high = digit_value(digits[2 * i]), low = digit_value(digits[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        read.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return read;
}

struct hasher::state {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::int64_t size = 0;

    state() { EVP_DigestInit_ex2(context, algorithm(), nullptr); }
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() { EVP_MD_CTX_free(context); }
};

hasher::hasher() : state_{std::make_unique<state>()} {}
hasher::~hasher() = default;
hasher::hasher(hasher&&) noexcept = default;
hasher& hasher::operator=(hasher&&) noexcept = default;

void hasher::update(std::span<const std::byte> data) {
    EVP_DigestUpdate(state_->context, data.data(), data.size());
    state_->size += static_cast<std::int64_t>(data.size());
}

void hasher::update(std::string_view data) { update(std::as_bytes(std::span{data.data(), data.size()})); }

digest hasher::finish() {
    digest made{.size = state_->size};
    EVP_DigestFinal_ex(state_->context, made.hash.bytes.data(), nullptr);
    return made;
}

digest digest_of(std::string_view data) {
    hasher all;
    all.update(data);
    return all.finish();
}

result<digest> digest_of_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(status::environment, {.file = file.string()}, "can't read the file: {}", std::strerror(errno));
    hasher all;
    std::vector<char> buffer(std::size_t{1} << 17);
    while (true) {
        const auto count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const int reason = errno;
            ::close(descriptor);
            return fail(status::environment, {.file = file.string()}, "can't read the file: {}", std::strerror(reason));
        }
        if (count == 0) break;
        all.update(std::string_view{buffer.data(), static_cast<std::size_t>(count)});
    }
    ::close(descriptor);
    return all.finish();
}

} // namespace uk::base
