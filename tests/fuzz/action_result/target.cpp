// What a shared cache sends as a result or a tree: any bytes are read or refused; what is read can be written and read again,
// and no path of a tree leaves it.
#include <cstdlib>
#include <string_view>

#include "build/reapi.hpp"

using namespace uk::build;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    if (const auto made = reapi::decode_result(bytes); made && made->is_plain) {
        if (!reapi::decode_result(reapi::encode_result(*made))) std::abort();
    }
    const auto tree = reapi::decode_tree(bytes);
    if (!tree) return 0;
    for (const reapi::output_file& one : *tree) {
        if (one.path.empty() || one.path.front() == '/' || ("/" + one.path + "/").find("/../") != std::string::npos)
            std::abort();
    }
    return 0;
}
