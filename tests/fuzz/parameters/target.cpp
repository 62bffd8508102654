// Boot parameters: any command line is read or refused, and a problem's word lies within it.
#include <cstdlib>
#include <string_view>

#include <uk/parameters.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using type = uk::parameter::type;
    static constexpr std::string_view colours[] = {"red", "green"};
    bool flag = false, given = false;
    std::int64_t number = 0;
    std::uint64_t bytes = 0;
    uk::duration time{};
    std::string_view text;
    unsigned colour = 0;
    std::uint32_t address = 0;
    uk::ipv4_cidr network;
    const uk::parameter known[] = {
        {"app.flag", type::boolean, &flag, nullptr, 0, 0, nullptr, 0},
        {"app.number", type::integer, &number, nullptr, -10, 10, nullptr, 0},
        {"app.size", type::size, &bytes, nullptr, 16, 1024, nullptr, 0},
        {"app.time", type::duration, &time, nullptr, 0, 0, nullptr, 0},
        {"app.text", type::text, &text, &given, 0, 0, nullptr, 0},
        {"app.colour", type::choice, &colour, nullptr, 0, 0, colours, 2},
        {"net.address", type::ipv4_cidr, &network, nullptr, 0, 0, nullptr, 0},
        {"net.gateway", type::ipv4, &address, nullptr, 0, 0, nullptr, 0},
    };
    const std::string_view line{reinterpret_cast<const char*>(data), size};
    const auto within = [&](std::string_view part) {
        return part.empty() || (part.data() >= line.data() && part.data() + part.size() <= line.data() + line.size());
    };
    uk::parameter_problem problem;
    const bool read = uk::read_parameters(line, known, problem);
    if (number < -10 || number > 10 || (bytes != 0 && (bytes < 16 || bytes > 1024)) || colour > 1 ||
        network.prefix > 32)
        std::abort();
    if (!within(text) || (!read && !within(problem.word))) std::abort();
    uk::parameter_problem refused;
    if (!uk::refuse_parameters(line, refused) && !within(refused.word)) std::abort();
    return 0;
}
