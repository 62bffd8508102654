#include "build/verify.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include <unistd.h>

#include "base/process.hpp"
#include "build/request.hpp"

namespace uk::build {

using base::result;

namespace {

constexpr std::size_t looked_into = 10, shown = 32;

std::string content_of(const sandbox_output& from) {
    std::string all;
    char buffer[65536];
    while (true) {
        const auto count = ::pread(from.file.number(), buffer, sizeof buffer, static_cast<off_t>(all.size()));
        if (count <= 0) return all;
        all.append(buffer, static_cast<std::size_t>(count));
    }
}

std::vector<std::string> contents_of(const sandbox_result& ran) {
    std::vector<std::string> all;
    for (const sandbox_output& output : ran.outputs) all.push_back(content_of(output));
    return all;
}

class verifier {
  public:
    verifier(const plan& what, const outcome& reference, const toolchain& tools, store& from, const verify_options& how)
        : plan_{what}, reference_{reference}, tools_{tools}, store_{from}, how_{how}, keys_{what, tools, from, true} {
        done_.varied = possible_variations();
    }

    result<verification> run();

  private:
    void choose();
    void work();
    result<std::optional<difference>> check(std::size_t index);
    result<void> look_into(difference& one);
    struct special {
        bool fixed_addresses = false, placed_folders = false;
    };
    result<sandbox_result> run_with(std::size_t index, const std::vector<variation>& varied, special how);
    result<std::optional<difference>> compare(std::size_t index, const sandbox_result& ran);

    const plan& plan_;
    const outcome& reference_;
    const toolchain& tools_;
    store& store_;
    const verify_options& how_;
    key_finder keys_;
    folder_reader folders_;
    shared_contents shared_;
    std::vector<std::size_t> chosen_;

    std::mutex guard_; // of what follows
    std::size_t next_ = 0;
    verification done_;
    std::optional<base::error> error_;
};

void verifier::choose() {
    std::set<base::sha256> known;
    const auto add = [&](std::size_t i) {
        const action_outcome& was = reference_.actions[i];
        if (was.ok && !was.result.files.empty() && known.insert(was.key).second) chosen_.push_back(i);
    };
    for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
        if (how_.only.empty() || std::ranges::find(how_.only, i) != how_.only.end()) add(i);
    }
    done_.checked = chosen_.size();
}

result<sandbox_result> verifier::run_with(std::size_t index, const std::vector<variation>& varied, special how) {
    const keyed_action mine = TRY(keys_.key_of(index, reference_.actions));
    std::deque<std::string> contents;
    sandbox_request request =
        TRY(make_request({plan_, tools_, store_, reference_.actions, shared_}, index, mine, contents));
    CHECK(vary(request, varied, plan_.actions[index].environment, folders_));
    if (how.placed_folders) CHECK(place_folders(request, folders_));
    request.around.fixed_addresses = how.fixed_addresses;
    return run_in_sandbox(request);
}

result<std::optional<difference>> verifier::compare(std::size_t index, const sandbox_result& ran) {
    difference found{.action = index, .offset = std::nullopt};
    if (ran.status != 0 || !ran.wrong.empty()) {
        found.said = ran.said + ran.wrong;
        return found;
    }
    const auto& files = reference_.actions[index].result.files;
    for (const sandbox_output& output : ran.outputs) {
        found.output = output.path;
        const auto was = files.find(output.path);
        if (was == files.end()) return found;
        const std::string now = content_of(output);
        if (base::digest_of(now) == was->second.blob) {
            if (output.executable != was->second.executable) return found;
            continue;
        }
        const std::string before = TRY(store_.get(was->second.blob));
        const auto at = std::ranges::mismatch(before, now).in1 - before.begin();
        found.offset = static_cast<std::uint64_t>(at);
        found.was = before.substr(*found.offset, shown);
        found.varied = now.substr(*found.offset, shown);
        return found;
    }
    for (const auto& [path, file] : files) { // those of an output folder may be fewer
        if (std::ranges::find(ran.outputs, path, &sandbox_output::path) != ran.outputs.end()) continue;
        found.output = path;
        return found;
    }
    return std::nullopt;
}

result<std::optional<difference>> verifier::check(std::size_t index) {
    const sandbox_result ran = TRY(run_with(index, done_.varied, {}));
    return compare(index, ran);
}

result<void> verifier::look_into(difference& one) {
    const sandbox_result plain = TRY(run_with(one.action, {}, {}));
    if (const auto differs = TRY(compare(one.action, plain))) {
        one.by_chance = true;
        const sandbox_result fixed = TRY(run_with(one.action, {}, {.fixed_addresses = true})),
                             again = TRY(run_with(one.action, {}, {.fixed_addresses = true}));
        const sandbox_result other = TRY(run_with(one.action, {}, {}));
        one.by_addresses = contents_of(fixed) == contents_of(again) && contents_of(plain) != contents_of(other);
        return {};
    }
    for (const variation each : done_.varied) {
        const sandbox_result ran = TRY(run_with(one.action, {each}, {}));
        const auto differs = TRY(compare(one.action, ran));
        if (!differs) continue;
        if (each == variation::times) {
            const sandbox_result placed = TRY(run_with(one.action, {}, {.placed_folders = true}));
            if (contents_of(placed) == contents_of(ran)) continue; // so it was their order
        }
        one.because.push_back(each);
    }
    return {};
}

void verifier::work() {
    std::unique_lock lock{guard_};
    while (next_ < chosen_.size() && !error_) {
        const std::size_t index = chosen_[next_];
        if (how_.tell) how_.tell(plan_.actions[index], next_, chosen_.size());
        ++next_;
        lock.unlock();
        auto found = check(index);
        lock.lock();
        if (!found) error_ = found.error();
        else if (*found) done_.differences.push_back(**std::move(found));
    }
}

result<verification> verifier::run() {
    choose();
    const unsigned jobs =
        how_.jobs > 0 ? static_cast<unsigned>(how_.jobs) : std::max(1u, std::thread::hardware_concurrency());
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < jobs; ++i) threads.emplace_back([this] { work(); });
        work();
    }
    if (error_) return *std::move(error_);
    std::ranges::sort(done_.differences, {}, &difference::action);
    for (std::size_t i = 0; i < std::min(looked_into, done_.differences.size()); ++i)
        CHECK(look_into(done_.differences[i]));
    return std::move(done_);
}

} // namespace

result<verification> verify(const plan& what, const outcome& reference, const toolchain& tools, store& from,
                            const verify_options& how) {
    return verifier{what, reference, tools, from, how}.run();
}

} // namespace uk::build
