#include "build/upkeep.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <sys/stat.h>

#include "base/process.hpp"
#include "base/text.hpp"
#include "registry/source.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::result;
using base::sha256;
using base::status;

namespace {

struct room {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::int64_t modified = 0; ///< of the thing itself, nanoseconds
};

room room_of(const fs::path& what) {
    room all;
    struct stat about;
    if (::lstat(what.c_str(), &about) != 0) return all;
    constexpr std::uint64_t block = 512;
    all.bytes = static_cast<std::uint64_t>(about.st_blocks) * block;
    all.files = S_ISDIR(about.st_mode) ? 0 : 1;
    all.modified = std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec;
    if (!S_ISDIR(about.st_mode)) return all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{what, ignored}) {
        const room inside = room_of(entry.path());
        all.files += inside.files;
        all.bytes += inside.bytes;
    }
    return all;
}

std::vector<fs::path> children(const fs::path& folder) {
    std::vector<fs::path> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored}) all.push_back(entry.path());
    std::ranges::sort(all);
    return all;
}

std::vector<fs::path> blobs_of(const fs::path& home) {
    std::vector<fs::path> all;
    for (const fs::path& folder : children(home / "cas")) std::ranges::copy(children(folder), std::back_inserter(all));
    return all;
}

bool is_lock(const fs::path& file) { return file.extension() == ".lock"; }

error interrupted() { return error{status::interrupted, "interrupted"}; }

// The way out of the store that leaves nothing half: another name first.
result<void> take_away(store& from, const fs::path& what) {
    const fs::path away = TRY(from.scratch()) / ("removed-" + what.filename().string());
    std::error_code problem;
    fs::rename(what, away, problem);
    if (problem) return fail(status::environment, {what.string(), 0, 0}, "can't be removed: {}", problem.message());
    return base::remove_tree(away);
}

// Something that may go, and when it was used last.
struct item {
    fs::path what;
    room size;
    std::vector<fs::path> before; ///< goes first: what says that it is there
};

std::vector<item> items_of(const fs::path& home) {
    std::vector<item> all;
    for (const fs::path& blob : blobs_of(home)) all.push_back({blob, room_of(blob), {}});
    for (const fs::path& file : children(home / "sources/files")) {
        if (!is_lock(file)) all.push_back({file, room_of(file), {}});
    }
    for (const char* part : {"git/clones", "git/commits"}) {
        for (const fs::path& one : children(home / part)) {
            if (!is_lock(one)) all.push_back({one, room_of(one), {}});
        }
    }
    // A tree was used when the last of those that name it was.
    std::map<std::string, std::vector<fs::path>> named;
    for (const fs::path& origin : children(home / "sources/origins")) {
        if (const auto tree = base::read_file(origin)) named[std::string{base::trim(*tree)}].push_back(origin);
    }
    for (const fs::path& tree : children(home / "sources/trees")) {
        item one{tree, room_of(tree), named[tree.filename().string()]};
        for (const fs::path& origin : one.before)
            one.size.modified = std::max(one.size.modified, room_of(origin).modified);
        all.push_back(std::move(one));
    }
    std::ranges::sort(all, [](const item& a, const item& b) {
        return std::pair{a.size.modified, a.what} < std::pair{b.size.modified, b.what};
    });
    return all;
}

// What nothing can use any more.
std::vector<fs::path> garbage_of(const fs::path& home) {
    std::vector<fs::path> all = children(home / "quarantine");
    const std::map<std::string, std::set<std::string>> fetched{{"sources", {"files", "trees", "origins"}},
                                                               {"git", {"clones", "commits"}}};
    for (const auto& [folder, parts] : fetched) {
        for (const fs::path& one : children(home / folder)) {
            if (!parts.contains(one.filename().string())) all.push_back(one); // of a fetch that was killed
        }
    }
    for (const fs::path& one : children(home / "editors")) {
        const auto project = base::read_file(one / "project");
        std::error_code ignored;
        if (project && !fs::exists(fs::path{base::trim(*project)} / "uk.yaml", ignored)) all.push_back(one);
    }
    return all;
}

class checker {
  public:
    explicit checker(store& what) : store_{what} {}

    result<void> file(const fs::path& one) {
        if (base::is_interrupted()) return interrupted();
        const base::digest found = TRY(base::digest_of_file(one));
        ++done_.files;
        done_.bytes += static_cast<std::uint64_t>(found.size);
        return judge(one, found.hash.hex() == one.filename());
    }
    result<void> blob(const fs::path& one) {
        if (one.parent_path().filename() != one.filename().string().substr(0, 2)) return judge(one, false);
        return file(one);
    }
    result<void> tree(const fs::path& one) {
        if (base::is_interrupted()) return interrupted();
        const room size = room_of(one);
        done_.files += size.files;
        done_.bytes += size.bytes;
        const auto found = registry::tree_digest(one); // a symbolic link in it is as wrong as another byte
        return judge(one, found && found->hex() == one.filename());
    }
    store_check done() { return std::move(done_); }

  private:
    result<void> judge(const fs::path& one, bool is_right) {
        std::error_code problem;
        if (is_right || !fs::exists(one, problem)) return {}; // removed meanwhile
        done_.wrong.push_back(one.lexically_relative(store_.home()).string());
        const fs::path to = store_.home() / "quarantine" / one.filename();
        CHECK(base::remove_tree(to));
        fs::rename(one, to, problem);
        if (problem)
            return fail(status::environment, {one.string(), 0, 0}, "can't be set aside: {}", problem.message());
        return {};
    }

    store& store_;
    store_check done_;
};

} // namespace

std::vector<store_part> parts_of(const store& of) {
    std::vector<store_part> all;
    for (const char* name : {"cas", "sources", "git", "registries", "editors", "quarantine", "tmp", "index.sqlite"}) {
        room size = room_of(of.home() / name);
        if (std::string_view{name} == "index.sqlite") {
            for (const char* more : {"index.sqlite-wal", "index.sqlite-shm"})
                size.bytes += room_of(of.home() / more).bytes;
        }
        all.push_back({name, size.files, size.bytes});
    }
    return all;
}

result<store_check> check_store(store& what) {
    CHECK(what.hold());
    checker here{what};
    for (const fs::path& blob : blobs_of(what.home())) CHECK(here.blob(blob));
    for (const fs::path& file : children(what.home() / "sources/files")) {
        if (!is_lock(file)) CHECK(here.file(file));
    }
    for (const fs::path& tree : children(what.home() / "sources/trees")) CHECK(here.tree(tree));
    return here.done();
}

result<collected> collect(store& from, std::optional<std::uint64_t> limit, store::patience how) {
    CHECK(from.flush());
    const auto alone = TRY(from.hold_alone(how));
    if (!alone) return collected{.is_busy = true};
    TRY(from.scratch()); // which is part of what is counted
    collected done;
    const auto remove = [&](const fs::path& what, const room& size) -> result<void> {
        CHECK(take_away(from, what));
        done.files += size.files;
        done.freed += size.bytes;
        return {};
    };
    for (const fs::path& one : garbage_of(from.home())) CHECK(remove(one, room_of(one)));

    const std::vector<item> items = limit ? items_of(from.home()) : std::vector<item>{};
    for (const store_part& part : parts_of(from)) done.left += part.bytes;
    for (const item& one : items) {
        if (done.left <= *limit) break;
        if (base::is_interrupted()) return interrupted();
        for (const fs::path& origin : one.before) CHECK(take_away(from, origin));
        CHECK(remove(one.what, one.size));
        done.left -= std::min(done.left, one.size.bytes);
    }
    CHECK(from.tidy_index());
    done.left = 0;
    for (const store_part& part : parts_of(from)) done.left += part.bytes;
    return done;
}

} // namespace uk::build
