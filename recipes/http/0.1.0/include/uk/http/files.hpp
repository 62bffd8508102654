// Files of a store.kv by the path of a request: types by extension, `index.html` for folders, strong entity tags from the content,
// conditional requests, one range (RFC 9110, 13 and 14).
#pragma once

#include <cstring>

#include <uk/bytes.hpp>
#include <uk/http/detail/sums.hpp>
#include <uk/http/request.hpp>
#include <uk/http/response.hpp>
#include <uk/result.hpp>
#include <uk/store/kv.hpp>

namespace uk::http {

/// The media type for a name, by its extension; application/octet-stream if it isn't known.
std::string_view type_of(std::string_view name);

namespace detail {

/// Names in a store that a path may stand for.
inline constexpr std::size_t longest_name = 512;

/// The file's name without the slash in front, `index.html` added for folders; empty if it is too long.
std::string_view file_name(std::string_view path, std::span<char, longest_name> out);
/// True: the method is one that files have; else the answer has been given.
result<bool> check_method(const request& asked, response& answer);
/// To the folder's own address, with its slash.
result<void> redirect_to_folder(const request& asked, response& answer);

struct part {
    std::uint64_t first = 0, count = 0;
};
/// The head of the response, by all that the request says; the part of the file that is to follow.
result<part> begin_file(const request& asked, response& answer, std::string_view name, std::uint64_t size,
                        std::uint64_t sum);

template <store::KeyValue Store>
result<std::uint64_t> sum_of(Store& store, const typename Store::entry& entry) {
    content_sum sum;
    char piece[512];
    for (std::uint64_t at = 0;;) {
        const auto got = store.read(entry, at, writable_bytes_of(piece));
        if (!got) return got.error();
        if (*got == 0) return sum.result();
        sum.add({piece, *got});
        at += *got;
    }
}

template <store::KeyValue Store>
result<void> send_file(Store& store, const typename Store::entry& entry, std::string_view name, const request& asked,
                       response& answer) {
    kept_sums& sums = answer.sums();
    std::uint64_t sum = sums.find(&store, name);
    if (sum == 0) {
        const auto made = sum_of(store, entry);
        if (!made) return made.error();
        sums.keep(&store, name, sum = *made);
    }
    const auto wanted = begin_file(asked, answer, name, store.size(entry), sum);
    if (!wanted) return wanted.error();
    for (std::uint64_t at = wanted->first, left = wanted->count; left > 0;) {
        const auto room = answer.room();
        if (!room) return room.error();
        const auto got = store.read(entry, at, writable_bytes_of(*room));
        if (!got) return got.error();
        if (*got == 0) return error::io;
        answer.added(*got);
        at += *got;
        left -= *got;
    }
    return {};
}

} // namespace detail

/// Answers with the file that the path names: 200, 206, 301 (a folder without its slash), 304, 404, 405, 412, 416. More than
/// one range is answered with the whole (RFC 9110, 14.2). Errors: the store's and the response's.
template <store::KeyValue Store>
result<void> files(Store& store, const request& asked, response& answer) {
    const auto can = detail::check_method(asked, answer);
    if (!can) return can.error();
    if (!*can) return {};
    char place[detail::longest_name];
    const std::string_view name = detail::file_name(asked.path(), place);
    const auto entry = store.find(name);
    if (entry) return detail::send_file(store, *entry, name, asked, answer);
    if (entry.error() != error::not_found) return entry.error();
    if (!name.empty() && !asked.path().ends_with('/')) {
        char folder[detail::longest_name];
        std::memcpy(folder, name.data(), name.size());
        constexpr std::string_view index = "/index.html";
        if (name.size() + index.size() <= sizeof folder) {
            std::memcpy(folder + name.size(), index.data(), index.size());
            if (store.find({folder, name.size() + index.size()})) return detail::redirect_to_folder(asked, answer);
        }
    }
    return answer.fail(404);
}

} // namespace uk::http
