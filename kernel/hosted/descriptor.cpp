// Reading and writing without blocking the process. RWF_NOWAIT asks the host for that, call by call; where a kind of file
// doesn't know it, readiness is asked for first, and only as much is written as then fits.
#include <uk/hosted/descriptor.hpp>

#include <optional>

#include <hosted/poller.hpp>
#include <hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::read, uk::hosted::call::write, uk::hosted::call::preadv2, uk::hosted::call::pwritev2,
                uk::hosted::call::poll);

namespace uk::hosted {
namespace {

// linux/fs.h, limits.h
constexpr long no_wait = 8, from_current_place = -1;
constexpr std::size_t surely_fits = 512; // _POSIX_PIPE_BUF: a pipe that is ready for writing has room for it

struct piece {
    const std::byte* start;
    std::size_t size;
};

enum class outcome { done, would_block, failed };

outcome judge(long answer, std::size_t& count) {
    if (answer >= 0) {
        count = static_cast<std::size_t>(answer);
        return outcome::done;
    }
    return answer == -EAGAIN_ || answer == -EINTR_ ? outcome::would_block : outcome::failed;
}

bool is_ready(const readiness& what) {
    struct {
        std::int32_t descriptor;
        std::int16_t wanted, found;
    } asked{what.descriptor(), static_cast<std::int16_t>(what.way()), 0};
    return system_call(call::poll, &asked, 1L, 0L) != 0;
}

/// Asks the host to do it only if that doesn't block. Some kinds of file don't know that question.
std::optional<outcome> attempt_now(const readiness& what, piece bytes, std::size_t& count) {
    const bool in = what.way() == direction::in;
    const long answer = system_call(in ? call::preadv2 : call::pwritev2, static_cast<long>(what.descriptor()), &bytes, 1L,
                                    from_current_place, 0L, no_wait);
    if (answer == -EOPNOTSUPP_ || answer == -EINVAL_ || answer == -ENOSYS_) return std::nullopt;
    return judge(answer, count);
}

/// Asks whether it is ready, then does what won't block.
outcome attempt_when_ready(const readiness& what, piece bytes, std::size_t& count) {
    if (!is_ready(what)) return outcome::would_block;
    const bool in = what.way() == direction::in;
    const std::size_t size = in || bytes.size < surely_fits ? bytes.size : surely_fits;
    return judge(system_call(in ? call::read : call::write, static_cast<long>(what.descriptor()), bytes.start,
                             static_cast<long>(size)),
                 count);
}

/// Until some bytes went over.
result<std::size_t> transfer(readiness& what, piece bytes) {
    std::size_t count = 0;
    std::optional<outcome> came = attempt_now(what, bytes, count);
    if (!came) came = attempt_when_ready(what, bytes, count);
    while (*came == outcome::would_block) {
        UK_TRY(what.wait());
        came = attempt_when_ready(what, bytes, count);
    }
    if (*came == outcome::failed) return error::io;
    return count;
}

} // namespace

result<void> readiness::wait() {
    if (always_) return fiber::yield();
    if (!armed_) {
        switch (arm(*this)) {
        case arming::armed: armed_ = true; break;
        case arming::pointless: always_ = true; return fiber::yield();
        case arming::failed: return error::io;
        }
    }
    return ready_.wait();
}

void readiness::became_ready() {
    armed_ = false;
    ready_.signal();
}

result<std::size_t> read(readiness& from, std::span<std::byte> out) { return transfer(from, {out.data(), out.size()}); }

result<void> write(readiness& to, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto count = transfer(to, {bytes.data(), bytes.size()});
        if (!count) return count.error();
        bytes = bytes.subspan(*count);
    }
    return {};
}

} // namespace uk::hosted
