#include "registry/remote/execution.hpp"

#include <charconv>
#include <optional>

#include "registry/remote/execution.grpc.pb.h"

namespace uk::registry::remote {

namespace api = ::build::bazel::remote::execution::v2;
using cache_protocol::named_blob;
using status = answer::status;

namespace {

constexpr int attempts = 6; // of one action, with a stream that breaks or a server that is full

bool is_digest(std::string_view hash) {
    return hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// `blobs/HASH/SIZE`, whatever stands before it.
std::optional<named_blob> blob_of(std::string_view subject) {
    const auto at = subject.rfind("blobs/");
    if (at == std::string_view::npos) return std::nullopt;
    subject.remove_prefix(at + 6);
    const auto slash = subject.find('/');
    if (slash == std::string_view::npos || !is_digest(subject.substr(0, slash))) return std::nullopt;
    named_blob made;
    subject.substr(0, slash).copy(made.hash, sizeof made.hash);
    subject.remove_prefix(slash + 1);
    std::from_chars(subject.data(), subject.data() + subject.size(), made.size);
    return made;
}

// None: it doesn't speak of blobs that are missing.
std::optional<done> missing_in(const api::Status& said) {
    if (said.code() == grpc::StatusCode::NOT_FOUND) return done{status::missing, {}}; // of servers of API 2.0
    if (said.code() != grpc::StatusCode::FAILED_PRECONDITION) return std::nullopt;
    std::vector<named_blob> blobs;
    for (const auto& detail : said.details()) {
        api::PreconditionFailure failure;
        if (!detail.type_url().ends_with("/google.rpc.PreconditionFailure") || !failure.ParseFromString(detail.value()))
            continue;
        for (const auto& violation : failure.violations()) {
            const auto blob = blob_of(violation.subject());
            if (violation.type() != "MISSING" || !blob) return std::nullopt; // this uploading doesn't mend
            blobs.push_back(*blob);
        }
    }
    return blobs.empty() ? std::nullopt : std::optional{done{status::missing, names_of(blobs)}};
}

done refused(const api::Status& said) {
    if (const auto missing = missing_in(said)) return *missing;
    return {status::refused, describe({static_cast<grpc::StatusCode>(said.code()), said.message()})};
}

api::Status status_of(const grpc::Status& said) {
    api::Status made;
    if (!made.ParseFromString(said.error_details()) || made.code() != said.error_code()) {
        made.Clear();
        made.set_code(said.error_code());
        made.set_message(said.error_message());
    }
    return made;
}

// What concerns the server and not this action.
bool is_trouble(grpc::StatusCode code) {
    return code == grpc::StatusCode::UNAUTHENTICATED || code == grpc::StatusCode::PERMISSION_DENIED ||
           code == grpc::StatusCode::UNIMPLEMENTED || code == grpc::StatusCode::UNAVAILABLE;
}

} // namespace

// One stream of operations, known to who watches for silence.
class execution::stream {
  public:
    stream(execution& of, const std::string& action) : of_{of} {
        of.to_.prepare_endless(call, action);
        const std::scoped_lock lock{of.guard_};
        of.streams_[this] = {&call, clock::now()};
        if (!of.watches_) std::thread{[&of] { of.watch(); }}.detach(); // lives as long as the program
        of.watches_ = true;
    }
    ~stream() {
        const std::scoped_lock lock{of_.guard_};
        of_.streams_.erase(this);
    }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    void heard() {
        const std::scoped_lock lock{of_.guard_};
        of_.streams_[this].heard = clock::now();
    }

    grpc::ClientContext call;

  private:
    execution& of_;
};

// Servers may say nothing for as long as an action takes; so those that say nothing are asked whether they are there.
void execution::watch() {
    while (true) {
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        bool is_late = false;
        {
            const std::scoped_lock lock{guard_};
            for (const auto& [one, at] : streams_) is_late = is_late || clock::now() - at.heard > to_.silence();
        }
        if (!is_late) continue;
        const bool is_alive = storage_.is_alive();
        const std::scoped_lock lock{guard_};
        is_silent_ = !is_alive;
        for (auto& [one, at] : streams_) {
            if (is_alive) at.heard = clock::now();
            else at.call->TryCancel();
        }
    }
}

done execution::conclude(const api::Operation& ended, std::int64_t limit) {
    if (ended.has_error()) return refused(ended.error());
    api::ExecuteResponse said;
    if (!ended.response().type_url().ends_with(".ExecuteResponse") || !said.ParseFromString(ended.response().value()))
        return {status::refused, "what it answered is no result"};
    if (said.status().code() != 0) return refused(said.status());
    std::string bytes = said.result().SerializeAsString();
    if (static_cast<std::int64_t>(bytes.size()) > limit) return {status::wrong, {}};
    return {status::found, std::move(bytes)};
}

done execution::perform(const request& asked) {
    if (const std::string why = storage_.trouble(); !why.empty()) return {status::trouble, why};
    const auto stub = api::Execution::NewStub(to_.channel());
    api::ExecuteRequest question;
    question.set_instance_name(to_.instance);
    *question.mutable_action_digest() = digest_of(asked);
    std::string name; // of the operation, once it has one
    for (int attempt = 1;; ++attempt) {
        stream here{*this, question.action_digest().hash()};
        api::WaitExecutionRequest again;
        again.set_name(name);
        const auto heard = name.empty() ? stub->Execute(&here.call, question) : stub->WaitExecution(&here.call, again);
        api::Operation last;
        while (heard->Read(&last)) {
            here.heard();
            if (last.done()) {
                here.call.TryCancel(); // nothing comes any more
                heard->Finish();
                return conclude(last, asked.size);
            }
            if (!last.name().empty()) name = last.name();
        }
        const grpc::Status ended = heard->Finish();
        {
            const std::scoped_lock lock{guard_};
            if (is_silent_) return {status::trouble, "it says nothing any more"};
        }
        const auto code = ended.error_code();
        const bool may_pass = code == grpc::StatusCode::OK || code == grpc::StatusCode::UNAVAILABLE ||
                              code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNKNOWN ||
                              code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::DEADLINE_EXCEEDED ||
                              code == grpc::StatusCode::RESOURCE_EXHAUSTED;
        // An operation that it doesn't know any more begins anew.
        const bool is_forgotten =
            !again.name().empty() && (code == grpc::StatusCode::NOT_FOUND || code == grpc::StatusCode::UNIMPLEMENTED);
        if (is_forgotten) name.clear();
        if (attempt == attempts || (!may_pass && !is_forgotten)) {
            if (ended.ok() || is_forgotten) return {status::refused, "its streams end without a result"};
            return is_trouble(code) ? done{status::trouble, describe(ended)} : refused(status_of(ended));
        }
        if (!is_forgotten) std::this_thread::sleep_for(std::chrono::milliseconds{100 << attempt});
    }
}

} // namespace uk::registry::remote
