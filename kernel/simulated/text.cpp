// Text, entropy, the command line and the end of a simulated run.
#include <uk/parameters.hpp>
#include <uk/platform.hpp>
#include <uk/simulated/chance.hpp>

#include <hosted/process.hpp>
#include <simulated/simulation.hpp>
#include <uk/hosted/system_call.hpp>
#include <x86_64/text.hpp>

UK_HOSTED_CALLS(uk::hosted::call::write, uk::hosted::call::exit_group);

namespace uk {
namespace {

using hosted::call;

constexpr int most_status = 127;           // beyond it a shell means signals
constexpr std::string_view ours = "simulated.";
constexpr std::size_t longest_line = 8192; // of all words, with quotes

constinit char words_of_image[longest_line], words_of_run[longest_line];
constinit std::size_t image_size = 0, run_size = 0;

void write_to(long descriptor, std::string_view text) {
    while (!text.empty()) {
        const long written = hosted::system_call(call::write, descriptor, text.data(), static_cast<long>(text.size()));
        if (written == -hosted::EINTR_ || written == -hosted::EAGAIN_) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void append(char* line, std::size_t& size, std::string_view word) {
    const bool quoted = word.empty() || word.find_first_of(" \t\r\n") != word.npos;
    if (size + word.size() + 3 > longest_line) platform::panic("the command line is too long");
    if (size) line[size++] = ' ';
    if (quoted) line[size++] = '"';
    for (const char c : word) line[size++] = c;
    if (quoted) line[size++] = '"';
}

} // namespace

void simulated::read_run() {
    for (int i = 1; i < hosted::self.argument_count; ++i) {
        const std::string_view word = hosted::self.arguments[i];
        const bool is_ours = word.substr(word.starts_with("--") ? 2 : 0).starts_with(ours);
        is_ours ? append(words_of_run, run_size, word) : append(words_of_image, image_size, word);
    }
    std::int64_t number = 0;
    auto steps = static_cast<std::int64_t>(current.steps_limit);
    constexpr auto most = std::int64_t{1} << 62;
    const parameter known[] = {
        {"simulated.seed", parameter::type::integer, &number, nullptr, 0, most, nullptr, 0},
        {"simulated.limit", parameter::type::duration, &current.limit, nullptr, 0, most, nullptr, 0},
        {"simulated.steps", parameter::type::integer, &steps, nullptr, 1, most, nullptr, 0},
        {"simulated.trace", parameter::type::boolean, &current.traced, nullptr, 0, 0, nullptr, 0},
    };
    parameter_problem problem;
    if (!read_parameters({words_of_run, run_size}, known, problem)) {
        constexpr int bad_parameter = 64;
        platform::write_text("uk: parameter `");
        platform::write_text(problem.word);
        platform::write_text("`: known are simulated.seed, simulated.limit, simulated.steps, simulated.trace\n");
        hosted::system_call(call::exit_group, static_cast<long>(bad_parameter));
    }
    current.seed = static_cast<std::uint64_t>(number);
    current.steps_limit = static_cast<std::uint64_t>(steps);
}

void simulated::write_output(std::string_view text) { write_to(1, text); }

void platform::write_text(std::string_view text) { write_to(2, text); }

std::string_view platform::command_line() { return {words_of_image, image_size}; }

result<void> platform::entropy(std::span<std::byte> out) {
    static constinit simulated::chance source{0};
    static constinit bool begun = false;
    if (!begun) source = simulated::chance::of("entropy");
    begun = true;
    for (std::byte& b : out) b = static_cast<std::byte>(source.number() >> 56);
    return {};
}

void platform::exit(int status) {
    if (status != 0) {
        x86_64::line text;
        text.add("uk: simulated: seed ").number(simulated::current.seed).add(", ");
        text.number(simulated::current.steps).add(" steps, ");
        text.number(static_cast<std::uint64_t>(simulated::current.now.time_since_epoch().count())).add(" ns\n");
        write_text(text.view());
    }
    hosted::system_call(call::exit_group, static_cast<long>(status < 0 || status > most_status ? most_status : status));
    __builtin_trap();
}

} // namespace uk
