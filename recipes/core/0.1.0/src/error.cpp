// Names and texts of the common errors.
#include <uk/error.hpp>

#include <cstddef>

namespace uk {
namespace {

struct words {
    std::string_view name, text;
};

// By code, from 0.
constexpr words common[] = {
    {"error", "no error"},
    {"cancelled", "the operation was cancelled"},
    {"timed_out", "the operation took too long"},
    {"not_found", "there is nothing of that name"},
    {"out_of_memory", "no memory is left"},
    {"too_large", "that is more than fits"},
    {"invalid", "an argument can't be right"},
    {"unsupported", "that can't be done here"},
    {"busy", "somebody else uses it"},
    {"closed", "it has been closed"},
    {"io", "the device failed"},
};

} // namespace

std::string_view error::name() const {
    if (domain() != error_domain::common || code() >= std::size(common)) return common[0].name;
    return common[code()].name;
}

std::string_view error::text() const {
    if (domain() != error_domain::common) return "an error of a component";
    return code() < std::size(common) ? common[code()].text : "an unknown error";
}

} // namespace uk
