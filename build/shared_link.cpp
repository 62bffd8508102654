#include "build/shared_link.hpp"

#include <algorithm>
#include <chrono>

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

shared_link::reply shared_link::ask(request what, std::string_view content) {
    const reply no_program{answer::status::trouble, "the program that speaks with it ended"};
    waiting mine{.limit = what.what == request::verb::get ? what.size : 0};
    {
        const std::scoped_lock lock{guard_};
        if (!started_ && !start()) gone_ = true;
        if (gone_) return no_program;
        what.id = ++last_;
        waiting_[what.id] = &mine;
    }
    bool is_sent = false;
    {
        const std::scoped_lock lock{sending_};
        is_sent = protocol::send_all(channel_.number(), &what, sizeof what) &&
                  protocol::send_all(channel_.number(), content.data(), content.size());
    }
    std::unique_lock lock{guard_};
    gone_ = gone_ || !is_sent; // half a request can't be followed by another
    while (!mine.is_there && !gone_ && !base::is_interrupted())
        mine.answered.wait_for(lock, std::chrono::milliseconds{100});
    waiting_.erase(what.id);
    if (base::is_interrupted()) return {answer::status::trouble, ""};
    return mine.is_there ? std::move(mine.got) : no_program;
}

shared_link::reply shared_link::get(request::part where, const base::sha256& hash, std::int64_t limit) {
    request what{.what = request::verb::get, .where = where};
    hash.hex().copy(what.hash, sizeof what.hash);
    what.size = std::min(limit, protocol::largest);
    return ask(what, {});
}

shared_link::reply shared_link::put(request::part where, const base::sha256& hash, std::string_view content) {
    request what{.what = request::verb::put, .where = where};
    hash.hex().copy(what.hash, sizeof what.hash);
    what.size = static_cast<std::int64_t>(content.size());
    return ask(what, content);
}

} // namespace uk::build
