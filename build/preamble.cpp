#include "build/preamble.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/action_key.hpp"
#include "build/request.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::descriptor;
using base::result;

namespace {

constexpr std::size_t most = 3; // preambles: each is some ten MiB

// `include` of `# include <a>`; empty: the line is no directive.
std::string_view directive_of(std::string_view line) {
    if (!line.starts_with('#')) return {};
    line = base::trim(line.substr(1));
    return line.substr(0, line.find_first_of(" \t<\""));
}

// GCC looks for `NAME.gch` when it is told to include NAME.
std::string name_of_preamble(const action& a) { return a.source + ".preamble"; }

bool is_cxx(const action& a) {
    constexpr std::array endings = {".cpp", ".cc", ".cxx"};
    return std::ranges::find(endings, fs::path{a.source}.extension().string()) != endings.end();
}

// The action by itself: what it reads of others is written out, and its source is `content`.
result<plan> alone(const preambles::built& from, std::size_t index, const std::string& content) {
    action a = from.what.actions[index];
    a.is_selective = false;
    for (input& in : a.inputs) {
        if (in.path == a.source) in.from = generated{content};
        const auto* other = std::get_if<output_of>(&in.from);
        if (other == nullptr) continue;
        const action_result::file file = from.done.actions[other->action].result.files.at(other->path);
        in.executable = in.executable || file.executable;
        in.from = generated{TRY(from.kept.get(file.blob))};
    }
    return plan{{std::move(a)}, {}};
}

// What a preamble is made of: the command, and each input by its digest.
base::sha256 basis_of(const action& a, const std::vector<base::digest>& inputs) {
    std::string all;
    for (const std::string& word : a.arguments) all += word + '\0';
    for (std::size_t i = 0; i < inputs.size(); ++i) all += a.inputs[i].path + '\0' + inputs[i].hash.hex();
    return base::digest_of(all).hash;
}

// Of an action of the plan, if its source is `content`, and all else as it was when the plan was executed: whoever watches files knows that.
keyed_action keyed(const preambles::built& from, std::size_t index, const std::string& content) {
    keyed_action mine{.key = {}, .inputs = from.done.actions[index].inputs};
    const action& a = from.what.actions[index];
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        if (const auto* folder = std::get_if<host_folder>(&a.inputs[i].from); folder && folder->only)
            mine.folders.emplace(i, from.done.listings.at(mine.inputs[i].hash));
    }
    const auto source = std::ranges::find(a.inputs, a.source, &input::path);
    mine.inputs[static_cast<std::size_t>(source - a.inputs.begin())] = base::digest_of(content);
    return mine;
}

// The same command makes a precompiled header; what it warns of, the action says.
void make_header(action& a) {
    const auto to = std::ranges::find(a.arguments, "-c");
    a.arguments.erase(to, a.arguments.end());
    a.outputs = {name_of_preamble(a) + ".gch"};
    a.arguments.insert(a.arguments.end(), {"-w", "-x", "c++-header", a.source, "-o", a.outputs[0]});
}

void use_header(action& a) {
    const auto to = std::ranges::find(a.arguments, "-c");
    const std::array<std::string, 3> words{"-w", "-include", name_of_preamble(a)};
    a.arguments.insert(to, words.begin(), words.end());
}

int copy(int from, const fs::path& to) {
    struct stat about{};
    const descriptor file{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file.is_open() || ::fstat(from, &about) != 0) return errno;
    for (off_t at = 0; at < about.st_size;) {
        const auto count = ::sendfile(file.number(), from, &at, static_cast<std::size_t>(about.st_size - at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : EIO;
    }
    return 0;
}

} // namespace

const fs::path* file_of(const action& a) {
    const auto at = std::ranges::find(a.inputs, a.source, &input::path);
    const auto* file = at == a.inputs.end() ? nullptr : std::get_if<host_file>(&at->from);
    return file ? &file->file : nullptr;
}

divided_source divide(std::string_view source) {
    std::size_t end = 0, lines = 0, count = 0; // `end` and `lines`: of the preamble
    bool in_comment = false;
    for (std::size_t at = 0; at < source.size();) {
        const auto next = std::min(source.find('\n', at), source.size() - 1) + 1;
        std::string_view line = base::trim(source.substr(at, next - at));
        ++count;
        at = next;
        if (line.ends_with('\\')) break; // what goes on in the next line is nothing for us
        if (!in_comment && line.starts_with("/*")) {
            in_comment = true;
            line.remove_prefix(2);
        }
        if (in_comment) {
            const auto close = line.find("*/");
            if (close == std::string_view::npos) continue;
            in_comment = false;
            line = base::trim(line.substr(close + 2));
        }
        if (line.empty() || line.starts_with("//")) continue;
        // What a precompiled header remembers as if it stood in the file.
        const std::string_view directive = directive_of(line);
        if ((directive != "include" && directive != "define" && directive != "undef") || line.contains("/*")) break;
        if (directive != "include") continue;
        end = at;
        lines = count;
    }
    return {std::string{source.substr(0, end)}, std::string(lines, '\n') + std::string{source.substr(end)}};
}

// One that is being compiled: what its room is made of stays here.
struct preambles::job {
    std::string name;
    base::sha256 basis;
    fs::path to;
    plan what;
    shared_contents shared;
    std::deque<std::string> own;
    sandbox_request request;
    descriptor stop{::eventfd(0, EFD_CLOEXEC)}, ended{::eventfd(0, EFD_CLOEXEC)};
    bool is_made = false;
    std::jthread thread;

    ~job() {
        ::eventfd_write(stop.number(), 1);
        if (thread.joinable()) thread.join();
        std::error_code ignored;
        fs::remove(to, ignored); // empty: it was taken
    }
    void run() {
        const auto ran = run_in_sandbox(request);
        is_made = ran && ran->outputs.size() == 1 && copy(ran->outputs[0].file.number(), to) == 0;
        ::eventfd_write(ended.number(), 1);
    }
};

preambles::preambles(store own) : own_{std::move(own)} {}
preambles::preambles(preambles&&) noexcept = default;
preambles::~preambles() = default;

result<preambles> preambles::open(const fs::path& home) { return preambles{TRY(store::open(home))}; }

int preambles::number() const { return job_ ? job_->ended.number() : -1; }

void preambles::cancel() { job_.reset(); }

void preambles::take() {
    job_->thread.join();
    std::error_code ignored;
    compiled& mine = made_[job_->name];
    fs::remove(mine.file, ignored);
    mine = {job_->basis, job_->is_made ? std::exchange(job_->to, {}) : fs::path{}};
    job_.reset();
}

result<void> preambles::prepare(const built& from) {
    if (job_) return {};
    std::vector<std::pair<fs::file_time_type, std::size_t>> latest;
    for (std::size_t i = 0; i < from.what.actions.size(); ++i) {
        const action& a = from.what.actions[i];
        if (a.component != "application" || !is_cxx(a) || file_of(a) == nullptr) continue;
        std::error_code problem;
        const auto time = fs::last_write_time(*file_of(a), problem);
        if (!problem) latest.emplace_back(time, i);
    }
    std::ranges::sort(latest, std::greater{});
    if (latest.size() > most) latest.resize(most);
    std::map<std::string, compiled> kept;
    for (const auto& [time, index] : latest) {
        const std::string name = name_of(from.what.actions[index]);
        if (auto node = made_.extract(name)) kept.insert(std::move(node));
    }
    std::error_code ignored;
    for (const auto& [name, one] : made_) fs::remove(one.file, ignored);
    made_ = std::move(kept);

    for (const auto& [time, index] : latest) {
        const action& a = from.what.actions[index];
        const divided_source source = divide(TRY(base::read_file(*file_of(a))));
        if (source.preamble.empty()) continue;
        auto next = std::make_unique<job>();
        next->name = name_of(a);
        next->what = TRY(alone(from, index, source.preamble));
        make_header(next->what.actions[0]);
        const keyed_action mine = keyed(from, index, source.preamble);
        next->basis = basis_of(next->what.actions[0], mine.inputs);
        if (const auto known = made_.find(next->name); known != made_.end() && known->second.basis == next->basis)
            continue;
        const fs::path folder = TRY(own_.scratch());
        next->to = folder / std::to_string(counter_++);
        next->request = TRY(make_request({next->what, from.tools, from.kept, {}, next->shared}, 0, mine, next->own));
        next->request.place = folder; // from.kept may be closed in the meantime
        next->request.stop = next->stop.number();
        job_ = std::move(next);
        job_->thread = std::jthread{[mine = job_.get()] { mine->run(); }};
        return {};
    }
    return {};
}

result<std::optional<action_result>> preambles::guess(const built& from, std::size_t index) {
    const action& a = from.what.actions[index];
    const auto known = made_.find(name_of(a));
    if (known == made_.end() || known->second.file.empty()) return std::nullopt;
    const divided_source source = divide(TRY(base::read_file(*file_of(a))));
    plan what = TRY(alone(from, index, source.preamble));
    action& mine = what.actions[0];
    const action plain = mine;
    make_header(mine);
    if (basis_of(mine, keyed(from, index, source.preamble).inputs) != known->second.basis) return std::nullopt;

    mine = plain;
    std::ranges::find(mine.inputs, mine.source, &input::path)->from = generated{source.rest};
    use_header(mine);
    shared_contents shared;
    std::deque<std::string> own;
    sandbox_request request =
        TRY(make_request({what, from.tools, from.kept, {}, shared}, 0, keyed(from, index, source.rest), own));
    request.folders.push_back({name_of_preamble(mine) + ".gch", known->second.file});
    const sandbox_result ran = TRY(run_in_sandbox(request));
    if (ran.status != 0 || !ran.wrong.empty()) return std::nullopt;
    action_result made;
    for (const sandbox_output& one : ran.outputs)
        made.files[one.path] = {TRY(from.kept.put_open_file(one.file.number())), one.executable};
    return made;
}

} // namespace uk::build
