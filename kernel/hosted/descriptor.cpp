// Reading and writing without blocking the process. RWF_NOWAIT asks the host for that, call by call; where a kind of file
// doesn't know it, readiness is asked for first, and only as much is written as then fits.
#include <uk/hosted/descriptor.hpp>

#include <hosted/poller.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::read, uk::hosted::call::write, uk::hosted::call::preadv2, uk::hosted::call::pwritev2,
                uk::hosted::call::poll, uk::hosted::call::fstat);

namespace uk::hosted {
namespace {

// linux/fs.h, linux/limits.h, linux/stat.h
constexpr long no_wait = 8, from_current_place = -1;
constexpr std::size_t surely_fits = 512; // _POSIX_PIPE_BUF: a pipe that is ready for writing has room for it
constexpr std::uint32_t kind_mask = 0170000, regular = 0100000, block_device = 0060000;

struct file_status { // of x86_64
    std::uint64_t device, inode, links;
    std::uint32_t mode, rest_of_it[29];
};
static_assert(sizeof(file_status) == 144);

struct piece {
    const std::byte* start;
    std::size_t size;
};

enum class outcome { done, would_block, failed };

bool never_blocks(int descriptor) {
    file_status status{};
    if (system_call(call::fstat, static_cast<long>(descriptor), &status) != 0) return false;
    const std::uint32_t kind = status.mode & kind_mask;
    return kind == regular || kind == block_device;
}

bool is_ready(const readiness& what) {
    struct {
        std::int32_t descriptor;
        std::int16_t wanted, found;
    } asked{what.descriptor(), static_cast<std::int16_t>(what.way()), 0};
    return system_call(call::poll, &asked, 1L, 0L) != 0;
}

} // namespace

/// One try to move bytes, without blocking the process.
class attempt {
  public:
    attempt(readiness& what, piece bytes) : what_{what}, bytes_{bytes} {}

    outcome make() {
        using enum readiness::manner;
        if (what_.manner_ == tell) {
            const outcome came = judge(told());
            if (!refused_) return came;
            what_.manner_ = never_blocks(what_.descriptor()) ? plain : ask;
        }
        if (what_.manner_ == plain) return judge(moved(bytes_.size));
        return when_ready();
    }

    /// After the host said that it is ready: some files that know no_wait still want it every time, so it isn't used here.
    outcome when_ready() {
        if (!is_ready(what_)) return outcome::would_block;
        return judge(moved(is_in() || bytes_.size < surely_fits ? bytes_.size : surely_fits));
    }

    std::size_t count() const { return count_; }

  private:
    bool is_in() const { return what_.way() == direction::in; }

    long told() {
        const long answer = system_call(is_in() ? call::preadv2 : call::pwritev2, static_cast<long>(what_.descriptor()),
                                        &bytes_, 1L, from_current_place, 0L, no_wait);
        refused_ = answer == -EOPNOTSUPP_ || answer == -EINVAL_ || answer == -ENOSYS_;
        return answer;
    }

    long moved(std::size_t size) {
        return system_call(is_in() ? call::read : call::write, static_cast<long>(what_.descriptor()), bytes_.start,
                           static_cast<long>(size));
    }

    outcome judge(long answer) {
        if (answer >= 0) {
            count_ = static_cast<std::size_t>(answer);
            return outcome::done;
        }
        return answer == -EAGAIN_ || answer == -EINTR_ ? outcome::would_block : outcome::failed;
    }

    readiness& what_;
    piece bytes_;
    std::size_t count_ = 0;
    bool refused_ = false;
};

namespace {

/// Until some bytes went over.
result<std::size_t> transfer(readiness& what, piece bytes) {
    attempt it{what, bytes};
    outcome came = it.make();
    while (came == outcome::would_block) {
        UK_TRY(what.wait());
        came = it.when_ready();
    }
    if (came == outcome::failed) return error::io;
    return it.count();
}

} // namespace

result<void> readiness::wait() {
    if (!armed_) {
        switch (arm(*this)) {
        case arming::armed: armed_ = true; break;
        case arming::pointless: return fiber::yield();
        case arming::failed: return error::io;
        }
    }
    return ready_.wait();
}

void readiness::became_ready(operation& self, std::int32_t, std::uint32_t) {
    auto& it = static_cast<readiness&>(self);
    it.armed_ = false;
    it.ready_.signal();
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
