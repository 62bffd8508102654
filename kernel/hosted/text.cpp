// Text, entropy, the command line and the end of a process.
#include <uk/platform.hpp>

#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::write, uk::hosted::call::getrandom, uk::hosted::call::exit_group,
                uk::hosted::call::mmap);

namespace uk::platform {
namespace {

using hosted::call;
using hosted::system_call;

constexpr long standard_error = 2;
constexpr int most_status = 127; // beyond it a shell means signals

bool needs_quotes(std::string_view word) { return word.empty() || word.find_first_of(" \t\r\n") != word.npos; }

/// Writes argv's words after the first into `out` if there is one, with quotes where the word holds a space.
/// Returns the bytes.
std::size_t join(char* out) {
    std::size_t size = 0;
    const auto put = [&](std::string_view text) {
        for (const char c : text) {
            if (out) out[size] = c;
            ++size;
        }
    };
    for (int i = 1; i < hosted::self.argument_count; ++i) {
        const std::string_view word = hosted::self.arguments[i];
        if (i > 1) put(" ");
        if (needs_quotes(word)) put("\"");
        put(word);
        if (needs_quotes(word)) put("\"");
    }
    return size;
}

constinit std::string_view joined;

} // namespace

void write_text(std::string_view text) {
    while (!text.empty()) {
        const long written = system_call(call::write, standard_error, text.data(), static_cast<long>(text.size()));
        if (written == -hosted::EINTR_ || written == -hosted::EAGAIN_) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string_view command_line() {
    if (joined.empty() && hosted::self.argument_count > 1) {
        const std::size_t size = join(nullptr);
        constexpr long read_write = 3, private_anonymous = 0x22;
        const long place = system_call(call::mmap, 0L, static_cast<long>(size), read_write, private_anonymous, -1L, 0L);
        if (place < 0 && place > -4096) panic("not enough memory for the command line");
        join(reinterpret_cast<char*>(place));
        joined = {reinterpret_cast<const char*>(place), size};
    }
    return joined;
}

result<void> entropy(std::span<std::byte> out) {
    while (!out.empty()) {
        const long got = system_call(call::getrandom, out.data(), static_cast<long>(out.size()), 0L);
        if (got == -hosted::EINTR_) continue;
        if (got <= 0) return error::unsupported;
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

void exit(int status) {
    system_call(call::exit_group, static_cast<long>(status < 0 || status > most_status ? most_status : status));
    __builtin_trap();
}

} // namespace uk::platform
