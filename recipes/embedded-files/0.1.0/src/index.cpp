#include <uk/embedded_files/index.hpp>

namespace uk::embedded_files {

std::size_t first_from(file_index files, std::string_view name) {
    std::size_t begin = 0, end = files.size();
    while (begin < end) {
        const std::size_t middle = begin + (end - begin) / 2;
        if (files[middle].name() < name) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

} // namespace uk::embedded_files
