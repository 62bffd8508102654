// uk-remote: stands between uk and a server of the Remote Execution API v2, so that uk itself is without gRPC.
//
//   uk-remote cache URL SECONDS     results and blobs
//   uk-remote execute URL SECONDS   the same, and actions are executed
//
// What is asked comes over standard input, which is a socket (registry/fetch/cache_protocol.hpp); its end ends the program.
// SECONDS: the longest silence. A token comes from the file that $UK_CACHE_TOKEN_FILE or $UK_REMOTE_TOKEN_FILE names.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "registry/remote/execution.hpp"
#include "registry/remote/storage.hpp"

namespace uk::registry::remote {

namespace {

constexpr std::size_t connections = 16;

class server {
  public:
    server(access to, bool executes) : to_{std::move(to)}, storage_{to_, executes}, execution_{to_, storage_} {}

    // To the end of the socket; what is under way then is of no use to anybody.
    void serve() {
        for (task next; cache_protocol::read_task(next); next = {}) {
            if (!to_.problem.empty()) replies_.send(next.asked.id, {answer::status::trouble, to_.problem});
            else if (next.asked.what == request::verb::execute)
                std::thread{[this, asked = next.asked] {
                    replies_.send(asked.id, execution_.perform(asked));
                }}.detach();
            else take(std::move(next));
        }
    }

  private:
    void take(task next) {
        const std::scoped_lock lock{guard_};
        tasks_.push_back(std::move(next));
        if (idle_ < tasks_.size() && threads_ < connections) {
            ++threads_;
            std::thread{[this] { work(); }}.detach();
        }
        wake_.notify_one();
    }

    // The next; and if it is small, what waits behind it and can go with it.
    std::vector<task> next_tasks(std::unique_lock<std::mutex>& lock) {
        std::vector<task> all;
        all.push_back(std::move(tasks_.front()));
        tasks_.pop_front();
        lock.unlock();
        const bool is_small = storage_.is_small(all.front());
        std::int64_t left = is_small ? storage_.room() - weight(all.front()) : 0;
        lock.lock();
        while (is_small && !tasks_.empty() && all.size() < storage::most_together) {
            const task& other = tasks_.front();
            if (other.asked.what != all.front().asked.what || other.asked.where != request::part::blobs) break;
            left -= weight(other);
            if (left < 0) break;
            all.push_back(std::move(tasks_.front()));
            tasks_.pop_front();
        }
        return all;
    }

    static std::int64_t weight(const task& one) {
        constexpr std::int64_t around = 128;
        return around + std::max(one.asked.hashed, static_cast<std::int64_t>(one.content.size()));
    }

    void work() {
        std::unique_lock lock{guard_};
        while (true) {
            ++idle_;
            wake_.wait(lock, [&] { return !tasks_.empty(); });
            --idle_;
            const std::vector<task> next = next_tasks(lock);
            lock.unlock();
            if (next.size() == 1 && !storage_.is_small(next.front())) {
                replies_.send(next.front().asked.id, storage_.perform(next.front()));
            } else {
                const std::vector<done> made = storage_.perform_together(next);
                for (std::size_t i = 0; i < next.size(); ++i) replies_.send(next[i].asked.id, made[i]);
            }
            lock.lock();
        }
    }

    const access to_;
    storage storage_;
    execution execution_;
    cache_protocol::replies replies_;
    std::mutex guard_;
    std::condition_variable wake_;
    std::deque<task> tasks_;
    std::size_t threads_ = 0, idle_ = 0;
};

} // namespace

} // namespace uk::registry::remote

int main(int count, char** words) {
    using namespace uk::registry::remote;
    const bool executes = count == 4 && std::strcmp(words[1], "execute") == 0;
    if (!executes && (count != 4 || std::strcmp(words[1], "cache") != 0)) {
        std::fprintf(stderr, "usage: uk-remote cache URL SECONDS | uk-remote execute URL SECONDS\n");
        return 1;
    }
    uk::registry::cache_protocol::leave_signals_to_uk();
    ::setenv("GRPC_VERBOSITY", "NONE", 1);
    ::setenv("GRPC_ENABLE_FORK_SUPPORT", "0", 1);
    const std::chrono::seconds silence{std::strtol(words[3], nullptr, 10)};
    server here{{words[2], silence, executes ? "UK_REMOTE_TOKEN_FILE" : "UK_CACHE_TOKEN_FILE"}, executes};
    here.serve();
    std::_Exit(0); // with its threads wherever they are
}
