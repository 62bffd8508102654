// Plays a fuzz target's corpus, and mutations of it that are the same on every machine. Usage: TARGET CORPUS [MUTATIONS].
// The target is libFuzzer's function, so that the same file also runs under clang's fuzzer (CONTRIBUTING.md). A target that
// finds something wrong aborts; the input that did it is written to the file `found` beside where the program runs.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using bytes = std::string;

const bytes* playing = nullptr;

// Async-signal-safe: keeps the input, then ends as the signal does.
void keep(int signal) {
    const int file = ::open("found", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const bool kept = file >= 0 && playing && ::write(file, playing->data(), playing->size()) >= 0;
    constexpr char text[] = "fuzz: error: the input that did it is in the file `found`\n";
    if (kept && ::write(STDERR_FILENO, text, sizeof text - 1) < 0) ::_exit(1);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void play(const bytes& input) {
    // A copy of exactly its size, so that a sanitizer sees a step behind its end.
    const std::vector<std::uint8_t> copy(input.begin(), input.end());
    playing = &input;
    ::alarm(20); // an input that never ends
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
    ::alarm(0);
}

class mutator {
  public:
    explicit mutator(const std::vector<bytes>& corpus) : corpus_{corpus} {}

    bytes next() {
        bytes made = any();
        for (unsigned changes = 1 + below(4); changes > 0; --changes) change(made);
        return made;
    }

  private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
    const bytes& any() { return corpus_[below(corpus_.size())]; }

    void change(bytes& it) {
        static constexpr char interesting[] = {'\0', '\r', '\n', ' ',    ':',    '=',   '-',
                                               '0',  '9',  'f',  '\x7f', '\x80', '\xff'};
        const std::size_t at = below(it.size() + 1);
        switch (below(8)) {
        case 0: it.insert(at, 1, static_cast<char>(random_())); break;
        case 1: it.insert(at, 1, interesting[below(sizeof interesting)]); break;
        case 2: it.erase(at, 1 + below(8)); break;
        case 3:
            if (at < it.size()) it[at] = static_cast<char>(it[at] ^ 1 << below(8));
            break;
        case 4: it.resize(at); break;
        case 5: it.insert(at, it.substr(below(it.size()), below(64))); break;
        case 6: {
            const bytes& other = any();
            it.insert(at, other.substr(below(other.size()), below(64)));
            break;
        }
        default: it.insert(at, below(300), at > 0 ? it[at - 1] : 'A');
        }
        if (it.size() > 1 << 16) it.resize(1 << 16);
    }

    const std::vector<bytes>& corpus_;
    std::mt19937 random_{20261}; // always the same
};

} // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::fputs("usage: TARGET CORPUS [MUTATIONS]\n", stderr);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) ::signal(signal, keep);
    const rlimit memory{std::size_t{4} << 30, std::size_t{4} << 30};
#if !defined(__SANITIZE_ADDRESS__)
    ::setrlimit(RLIMIT_AS, &memory);
#else
    (void)memory;
#endif
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{words[1]})
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<bytes> corpus;
    for (const auto& file : files) {
        std::ifstream in{file, std::ios::binary};
        corpus.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    if (corpus.empty()) {
        std::fprintf(stderr, "fuzz: error: no files in %s\n", words[1]);
        return 2;
    }
    for (const bytes& input : corpus) play(input);
    const long mutations = count > 2 ? std::atol(words[2]) : 20000;
    mutator mutate{corpus};
    for (long i = 0; i < mutations; ++i) play(mutate.next());
    std::printf("%zu inputs and %ld mutations\n1 passed, 0 failed\n", corpus.size(), mutations);
}
