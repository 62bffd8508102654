#include "build/tar.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::size_t block = 512;
constexpr std::int64_t time_of_all = 315532800; // 1980-01-01

struct header {
    char name[100] = {}, mode[8] = {}, user[8] = {}, group[8] = {}, size[12] = {}, time[12] = {}, sum[8] = {};
    char type = '0', link[100] = {};
    char magic[6] = {'u', 's', 't', 'a', 'r', '\0'}, version[2] = {'0', '0'};
    char user_name[32] = {}, group_name[32] = {}, major[8] = {}, minor[8] = {}, prefix[155] = {}, rest[12] = {};
};
static_assert(sizeof(header) == block);

template <std::size_t Size>
void put_octal(char (&field)[Size], std::uint64_t value) {
    for (std::size_t i = Size - 1; i-- > 0; value /= 8) field[i] = static_cast<char>('0' + value % 8);
}

header header_of(std::string_view name, std::uint64_t size) {
    header made;
    std::memcpy(made.name, name.data(), name.size());
    put_octal(made.mode, 0644);
    put_octal(made.user, 0);
    put_octal(made.group, 0);
    put_octal(made.size, size);
    put_octal(made.time, time_of_all);
    put_octal(made.major, 0);
    put_octal(made.minor, 0);
    std::memset(made.sum, ' ', sizeof made.sum);
    unsigned sum = 0;
    for (const char c : std::string_view{reinterpret_cast<const char*>(&made), sizeof made})
        sum += static_cast<unsigned char>(c);
    char digits[7] = {};
    put_octal(digits, sum);
    std::memcpy(made.sum, digits, sizeof digits);
    return made;
}

std::size_t padding(std::uint64_t size) { return static_cast<std::size_t>((block - size % block) % block); }

constexpr char zeros[2 * block] = {};

} // namespace

tar_writer::tar_writer(const fs::path& to)
    : to_{to}, part_{to.string() + ".part"}, out_{part_, std::ios::binary | std::ios::trunc} {}

result<tar_writer> tar_writer::open(const fs::path& to) {
    tar_writer made{to};
    if (!made.out_) return base::cannot_write(to, errno);
    return made;
}

tar_writer::~tar_writer() {
    std::error_code ignored;
    if (!part_.empty()) fs::remove(part_, ignored);
}

void tar_writer::add(std::string_view name, std::string_view content) {
    const header first = header_of(name.substr(0, sizeof first.name), content.size());
    out_.write(reinterpret_cast<const char*>(&first), sizeof first);
    out_.write(content.data(), static_cast<std::streamsize>(content.size()));
    out_.write(zeros, static_cast<std::streamsize>(padding(content.size())));
}

result<void> tar_writer::finish() {
    out_.write(zeros, sizeof zeros);
    out_.close();
    std::error_code problem;
    if (out_) fs::rename(part_, to_, problem);
    if (!out_ || problem) return base::cannot_write(to_, problem ? problem.value() : errno);
    part_.clear();
    return {};
}

result<tar_reader> tar_reader::open(const fs::path& file) {
    base::descriptor from{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat about{};
    if (!from.is_open() || ::fstat(from.number(), &about) != 0)
        return fail(status::input, {file.string(), 0, 0}, "can't be read: {}", std::strerror(errno));
    if (!S_ISREG(about.st_mode)) return fail(status::input, {file.string(), 0, 0}, "is no file");
    return tar_reader{file, std::move(from), static_cast<std::uint64_t>(about.st_size)};
}

result<std::string> tar_reader::read(std::uint64_t offset, std::uint64_t size) const {
    if (size > size_ || offset > size_ - size)
        return fail(status::input, {file_.string(), 0, 0}, "the archive is cut off").hint("copy it again");
    std::string content(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto count =
            ::pread(from_.number(), content.data() + done, size - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            return fail(status::environment, {file_.string(), 0, 0}, "can't be read: {}",
                        count == 0 ? "it became shorter" : std::strerror(errno));
        done += static_cast<std::size_t>(count);
    }
    return content;
}

result<std::optional<tar_reader::entry>> tar_reader::next() {
    const std::string bytes = TRY(read(at_, block));
    if (bytes.find_first_not_of('\0') == std::string::npos) {
        if (at_ + sizeof zeros != size_ || TRY(read(at_, sizeof zeros)).find_first_not_of('\0') != std::string::npos)
            return fail(status::input, {file_.string(), 0, 0}, "the archive doesn't end where it says");
        return std::optional<entry>{};
    }
    header found;
    std::memcpy(&found, bytes.data(), sizeof found);
    entry made{
        .name = std::string{found.name, ::strnlen(found.name, sizeof found.name)}, .size = 0, .offset = at_ + block};
    for (const char digit : std::string_view{found.size, sizeof found.size - 1})
        made.size = made.size * 8 + static_cast<std::uint64_t>(digit - '0'); // what is no digit is seen below
    // It has to be the very header that is written for this name and size.
    const header own = header_of(made.name, made.size);
    if (std::memcmp(&own, bytes.data(), block) != 0)
        return fail(status::input, {file_.string(), 0, 0},
                    "isn't an archive that `uk archive` wrote: at byte {} is no entry of its form", at_)
            .hint("an archive that was packed anew has to be packed as docs/reference/archives.md says");
    if (made.size > size_) return read(made.offset, made.size).error();
    at_ = made.offset + made.size;
    if (TRY(read(at_, padding(made.size))).find_first_not_of('\0') != std::string::npos)
        return fail(status::input, {file_.string(), 0, 0}, "the archive is damaged: at byte {} are no zeros", at_);
    at_ += padding(made.size);
    return std::optional{std::move(made)};
}

result<std::string> tar_reader::read(const entry& one) const { return read(one.offset, one.size); }

} // namespace uk::build
