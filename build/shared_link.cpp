#include "build/shared_link.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/process.hpp"

namespace uk::build {

namespace protocol = registry::cache_protocol;

namespace {

constexpr std::int64_t longest_reason = 4096;
constexpr timeval stuck{60, 0}; // a program that takes nothing for so long

shared_link::reply no_program() {
    return {shared_link::answer::status::trouble, "the program that speaks with it ended"};
}

shared_link::request question(shared_link::request::verb verb, shared_link::request::part where, const base::digest& of,
                              std::int64_t size) {
    shared_link::request made{
        .what = verb, .where = where, .hashed = of.size, .size = std::min(size, protocol::largest)};
    of.hash.hex().copy(made.hash, sizeof made.hash);
    return made;
}

} // namespace

shared_link::~shared_link() {
    if (program_ < 0) return;
    ::shutdown(channel_.number(), SHUT_RDWR);
    listener_.join();
    while (::waitpid(program_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

// With the guard held.
bool shared_link::start() {
    started_ = true;
    int both[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0) return false;
    channel_ = base::descriptor{both[0]};
    const base::descriptor other{both[1]};
    ::setsockopt(channel_.number(), SOL_SOCKET, SO_SNDTIMEO, &stuck, sizeof stuck);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, other.number(), protocol::channel);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> words;
    for (const std::string& word : words_) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t id = -1;
    const int problem = ::posix_spawn(&id, words[0], &files, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (problem != 0) return false;
    program_ = id;
    listener_ = std::thread{[this] { listen(); }};
    return true;
}

void shared_link::listen() {
    answer head;
    while (protocol::read_all(channel_.number(), &head, sizeof head)) {
        std::int64_t limit = 0;
        {
            const std::scoped_lock lock{guard_};
            if (const auto at = waiting_.find(head.id); at != waiting_.end()) limit = at->second->limit;
            else if (head.id == 0 || head.id > last_) break;
            else limit = protocol::largest; // nobody waits for it any more
        }
        // The program may have been taken over by a server; more than was asked for isn't taken from it either.
        if (head.size < 0 || head.size > std::max(limit, longest_reason)) break;
        std::string content(static_cast<std::size_t>(head.size), '\0');
        if (!protocol::read_all(channel_.number(), content.data(), content.size())) break;
        const std::scoped_lock lock{guard_};
        if (const auto at = waiting_.find(head.id); at != waiting_.end()) {
            at->second->got = {head.said, std::move(content)};
            at->second->is_there = true;
            at->second->answered.notify_one();
        }
    }
    const std::scoped_lock lock{guard_};
    gone_ = true;
    for (const auto& [id, one] : waiting_) one->answered.notify_one();
}

// False: there is no program to ask.
bool shared_link::begin(request& what, std::string_view content, waiting& mine) {
    mine.limit = what.what == request::verb::put ? 0 : what.size;
    {
        const std::scoped_lock lock{guard_};
        if (!started_ && !start()) gone_ = true;
        if (gone_) return false;
        what.id = ++last_;
        waiting_[what.id] = &mine;
    }
    bool is_sent = false;
    {
        const std::scoped_lock lock{sending_};
        is_sent = protocol::send_all(channel_.number(), &what, sizeof what) &&
                  protocol::send_all(channel_.number(), content.data(), content.size());
    }
    const std::scoped_lock lock{guard_};
    gone_ = gone_ || !is_sent; // half a request can't be followed by another
    return true;
}

// Of one that began.
shared_link::reply shared_link::end(const request& what, waiting& mine) {
    std::unique_lock lock{guard_};
    while (!mine.is_there && !gone_ && !base::is_interrupted())
        mine.answered.wait_for(lock, std::chrono::milliseconds{100});
    waiting_.erase(what.id);
    if (base::is_interrupted()) return {answer::status::trouble, ""};
    return mine.is_there ? std::move(mine.got) : no_program();
}

shared_link::reply shared_link::ask(request what, std::string_view content) {
    waiting mine;
    return begin(what, content, mine) ? end(what, mine) : no_program();
}

shared_link::reply shared_link::get(request::part where, const base::digest& what, std::int64_t limit) {
    return ask(question(request::verb::get, where, what, limit), {});
}

shared_link::reply shared_link::put(request::part where, const base::digest& what, std::string_view content) {
    return ask(question(request::verb::put, where, what, static_cast<std::int64_t>(content.size())), content);
}

shared_link::reply shared_link::put(std::span<const item> blobs) {
    std::deque<std::pair<request, waiting>> under_way;
    reply made{answer::status::stored, {}};
    for (const item& one : blobs) {
        auto& [what, mine] = under_way.emplace_back();
        what =
            question(request::verb::put, request::part::blobs, one.blob, static_cast<std::int64_t>(one.content.size()));
        if (begin(what, one.content, mine)) continue;
        under_way.pop_back();
        made = no_program();
        break;
    }
    for (auto& [what, mine] : under_way) {
        reply one = end(what, mine);
        if (made.said == answer::status::stored && one.said != answer::status::stored) made = std::move(one);
    }
    return made;
}

// Digests that a server named; those that are none are left out.
std::vector<base::digest> shared_link::named(std::string_view content) {
    std::vector<base::digest> all;
    for (; content.size() >= sizeof(protocol::named_blob); content.remove_prefix(sizeof(protocol::named_blob))) {
        protocol::named_blob one;
        std::memcpy(&one, content.data(), sizeof one);
        if (const auto hash = base::sha256::from_hex({one.hash, sizeof one.hash})) all.push_back({*hash, one.size});
    }
    return all;
}

shared_link::reply shared_link::look(std::span<const base::digest> blobs, std::vector<base::digest>& missing) {
    std::string content;
    for (const base::digest& one : blobs) {
        protocol::named_blob name{.size = one.size};
        one.hash.hex().copy(name.hash, sizeof name.hash);
        content.append(reinterpret_cast<const char*>(&name), sizeof name);
    }
    reply made = ask(question(request::verb::look, request::part::blobs, {}, static_cast<std::int64_t>(content.size())),
                     content);
    if (made.said == answer::status::found) missing = named(made.content);
    return made;
}

shared_link::reply shared_link::execute(const base::digest& action, std::int64_t limit,
                                        std::vector<base::digest>& missing) {
    reply made = ask(question(request::verb::execute, request::part::actions, action, limit), {});
    if (made.said == answer::status::missing) missing = named(made.content);
    return made;
}

} // namespace uk::build
