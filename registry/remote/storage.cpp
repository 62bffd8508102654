#include "registry/remote/storage.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <thread>

#include "registry/remote/bytestream.grpc.pb.h"
#include "registry/remote/execution.grpc.pb.h"

namespace uk::registry::remote {

namespace api = ::build::bazel::remote::execution::v2;
using status = answer::status;
using cache_protocol::named_blob;

namespace {

constexpr std::int64_t largest_call = 3 << 20; // bytes; gRPC takes 4 MiB unless told otherwise
constexpr std::int64_t overhead = 128; // bytes around each blob in a call
constexpr std::size_t piece = 1 << 20; // bytes of a stream's message
constexpr std::size_t names_in_call = 10'000;
constexpr int sha256 = 1;

// What may pass by itself is tried again.
template <class Call>
grpc::Status insist(Call call) {
    for (int attempt = 0;; ++attempt) {
        const grpc::Status said = call();
        const bool may_pass = said.error_code() == grpc::StatusCode::UNAVAILABLE ||
                              said.error_code() == grpc::StatusCode::ABORTED ||
                              said.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
        if (!may_pass || attempt == 2) return said;
        std::this_thread::sleep_for(std::chrono::milliseconds{200 << attempt});
    }
}

done answered(const grpc::Status& said) {
    if (said.error_code() == grpc::StatusCode::NOT_FOUND) return {status::missing, {}};
    return {status::trouble, describe(said)};
}

done answered(const api::Status& said) {
    return answered(grpc::Status{static_cast<grpc::StatusCode>(said.code()), said.message()});
}

std::string key_of(const api::Digest& of) { return of.hash() + "/" + std::to_string(of.size_bytes()); }

} // namespace

api::Digest digest_of(const request& asked) {
    api::Digest made;
    made.set_hash(std::string(asked.hash, sizeof asked.hash));
    made.set_size_bytes(asked.hashed);
    return made;
}

std::string names_of(std::span<const named_blob> blobs) {
    return {reinterpret_cast<const char*>(blobs.data()), blobs.size_bytes()};
}

std::string storage::trouble() {
    const std::scoped_lock lock{guard_};
    if (asked_) return trouble_;
    api::GetCapabilitiesRequest question;
    question.set_instance_name(to_.instance);
    api::ServerCapabilities can;
    const auto stub = api::Capabilities::NewStub(to_.channel());
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, 0);
        return stub->GetCapabilities(&call, question, &can);
    });
    asked_ = true;
    room_ = largest_call;
    if (said.error_code() == grpc::StatusCode::UNIMPLEMENTED) return trouble_; // what it can't do shows
    if (!said.ok()) return trouble_ = describe(said);
    const auto& functions = can.cache_capabilities().digest_function();
    if (!functions.empty() && std::ranges::find(functions, sha256) == functions.end())
        return trouble_ = "it doesn't name blobs by SHA-256";
    if (executes_ && !can.execution_capabilities().exec_enabled()) return trouble_ = "it executes nothing";
    const std::int64_t limit = can.cache_capabilities().max_batch_total_size_bytes();
    if (limit > 0) room_ = std::min(room_, limit);
    takes_results_ = can.cache_capabilities().action_cache_update_capabilities().update_enabled();
    return trouble_;
}

bool storage::is_alive() const {
    api::GetCapabilitiesRequest question;
    question.set_instance_name(to_.instance);
    api::ServerCapabilities ignored;
    grpc::ClientContext call;
    to_.prepare(call, 0);
    const grpc::Status said = api::Capabilities::NewStub(to_.channel())->GetCapabilities(&call, question, &ignored);
    return said.ok() || said.error_code() == grpc::StatusCode::UNIMPLEMENTED;
}

std::int64_t storage::room() {
    const std::scoped_lock lock{guard_};
    return room_;
}

bool storage::is_small(const task& one) {
    if (one.asked.where != request::part::blobs || !trouble().empty()) return false;
    if (one.asked.what == request::verb::get) return reads_together_ && one.asked.hashed + overhead <= room();
    if (one.asked.what == request::verb::put)
        return writes_together_ && static_cast<std::int64_t>(one.content.size()) + overhead <= room();
    return false;
}

std::string storage::path_of(const char* part, const request& asked) const {
    const std::string before = to_.instance.empty() ? "" : to_.instance + "/";
    return before + part + std::string(asked.hash, sizeof asked.hash) + "/" + std::to_string(asked.hashed);
}

std::vector<done> storage::perform_together(std::span<const task> tasks) {
    return tasks.front().asked.what == request::verb::get ? read_together(tasks) : write_together(tasks);
}

done storage::perform(const task& one) {
    if (const std::string why = trouble(); !why.empty()) return {status::trouble, why};
    const bool is_result = one.asked.where == request::part::actions;
    switch (one.asked.what) {
    case request::verb::get: return is_result ? get_result(one.asked) : read(one.asked);
    case request::verb::put: return is_result ? put_result(one) : write(one);
    case request::verb::look: return look(one);
    case request::verb::execute: break;
    }
    return {status::trouble, "it isn't asked to execute"};
}

done storage::get_result(const request& asked) {
    api::GetActionResultRequest question;
    question.set_instance_name(to_.instance);
    *question.mutable_action_digest() = digest_of(asked);
    question.set_inline_stdout(true);
    question.set_inline_stderr(true);
    api::ActionResult found;
    const auto stub = api::ActionCache::NewStub(to_.channel());
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, 0, question.action_digest().hash());
        return stub->GetActionResult(&call, question, &found);
    });
    if (!said.ok()) return answered(said);
    std::string bytes = found.SerializeAsString();
    if (static_cast<std::int64_t>(bytes.size()) > asked.size) return {status::wrong, {}};
    return {status::found, std::move(bytes)};
}

done storage::put_result(const task& one) {
    {
        const std::scoped_lock lock{guard_};
        if (!takes_results_) return {status::trouble, "it takes no results from whom you are"};
    }
    api::UpdateActionResultRequest question;
    question.set_instance_name(to_.instance);
    *question.mutable_action_digest() = digest_of(one.asked);
    if (!question.mutable_action_result()->ParseFromString(one.content)) return {status::trouble, "no result to put"};
    const auto stub = api::ActionCache::NewStub(to_.channel());
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, one.asked.size, question.action_digest().hash());
        api::ActionResult ignored;
        return stub->UpdateActionResult(&call, question, &ignored);
    });
    return said.ok() ? done{status::stored, {}} : done{status::trouble, describe(said)};
}

done storage::look(const task& one) {
    std::vector<named_blob> blobs(one.content.size() / sizeof(named_blob));
    std::memcpy(blobs.data(), one.content.data(), blobs.size() * sizeof(named_blob));
    std::vector<named_blob> missing;
    const auto stub = api::ContentAddressableStorage::NewStub(to_.channel());
    for (std::size_t from = 0; from < blobs.size(); from += names_in_call) {
        api::FindMissingBlobsRequest question;
        question.set_instance_name(to_.instance);
        for (std::size_t i = from; i < std::min(from + names_in_call, blobs.size()); ++i) {
            api::Digest* const next = question.add_blob_digests();
            next->set_hash(std::string(blobs[i].hash, sizeof blobs[i].hash));
            next->set_size_bytes(blobs[i].size);
        }
        api::FindMissingBlobsResponse found;
        const grpc::Status said = insist([&] {
            grpc::ClientContext call;
            to_.prepare(call, one.asked.size);
            return stub->FindMissingBlobs(&call, question, &found);
        });
        if (!said.ok()) return {status::trouble, describe(said)};
        for (const api::Digest& each : found.missing_blob_digests()) {
            named_blob& made = missing.emplace_back();
            each.hash().copy(made.hash, sizeof made.hash);
            made.size = each.size_bytes();
        }
    }
    if (missing.size() > blobs.size()) return {status::trouble, "it lacks more blobs than it was asked for"};
    return {status::found, names_of(missing)};
}

done storage::read(const request& asked) {
    using google::bytestream::ByteStream;
    if (asked.hashed == 0) return {status::found, {}};
    google::bytestream::ReadRequest question;
    question.set_resource_name(path_of("blobs/", asked));
    const auto stub = ByteStream::NewStub(to_.channel());
    std::string content;
    bool is_too_large = false;
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, asked.hashed);
        content.clear();
        const auto stream = stub->Read(&call, question);
        google::bytestream::ReadResponse next;
        while (!is_too_large && stream->Read(&next)) {
            is_too_large = static_cast<std::int64_t>(content.size() + next.data().size()) > asked.size;
            if (!is_too_large) content += next.data();
        }
        if (is_too_large) call.TryCancel();
        return stream->Finish();
    });
    if (is_too_large) return {status::wrong, {}};
    if (!said.ok()) return answered(said);
    return {status::found, std::move(content)};
}

done storage::write(const task& one) {
    using google::bytestream::ByteStream;
    const std::string_view content = one.content;
    const auto stub = ByteStream::NewStub(to_.channel());
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, one.asked.size);
        google::bytestream::WriteResponse taken;
        const auto stream = stub->Write(&call, &taken);
        google::bytestream::WriteRequest next;
        next.set_resource_name(path_of(("uploads/" + random_uuid() + "/blobs/").c_str(), one.asked));
        for (std::size_t at = 0;; at += piece) {
            const std::string_view part = content.substr(at, piece);
            next.set_write_offset(static_cast<std::int64_t>(at));
            next.set_data(part.data(), part.size());
            next.set_finish_write(at + part.size() == content.size());
            // What it has already it needn't be told to the end.
            if (!stream->Write(next) || next.finish_write()) break;
            next.clear_resource_name();
        }
        stream->WritesDone();
        const grpc::Status ended = stream->Finish();
        // -1: somebody gave the same meanwhile.
        if (ended.ok() && taken.committed_size() != one.asked.size && taken.committed_size() != -1)
            return grpc::Status{grpc::StatusCode::DATA_LOSS, "it took " + std::to_string(taken.committed_size()) +
                                                                 " bytes of " + std::to_string(one.asked.size)};
        return ended;
    });
    if (said.error_code() == grpc::StatusCode::ALREADY_EXISTS || said.ok()) return {status::stored, {}};
    return {status::trouble, describe(said)};
}

std::vector<done> storage::read_together(std::span<const task> tasks) {
    std::vector<done> made(tasks.size());
    const auto one_by_one = [&] {
        for (std::size_t i = 0; i < tasks.size(); ++i) made[i] = read(tasks[i].asked);
    };
    api::BatchReadBlobsRequest question;
    question.set_instance_name(to_.instance);
    std::int64_t bytes = 0;
    for (const task& one : tasks) {
        *question.add_digests() = digest_of(one.asked);
        bytes += one.asked.hashed;
    }
    const auto stub = api::ContentAddressableStorage::NewStub(to_.channel());
    api::BatchReadBlobsResponse found;
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, bytes);
        return stub->BatchReadBlobs(&call, question, &found);
    });
    if (said.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
        reads_together_ = false;
        one_by_one();
        return made;
    }
    if (!said.ok()) return std::vector<done>(tasks.size(), done{status::trouble, describe(said)});
    std::map<std::string, api::BatchReadBlobsResponse::Response*> by_name;
    for (auto& one : *found.mutable_responses()) by_name[key_of(one.digest())] = &one;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const auto at = by_name.find(key_of(digest_of(tasks[i].asked)));
        if (at == by_name.end()) made[i] = read(tasks[i].asked); // it is said to be left out if the rest was too large
        else if (at->second->status().code() != 0) made[i] = answered(at->second->status());
        else if (static_cast<std::int64_t>(at->second->data().size()) > tasks[i].asked.size)
            made[i] = {status::wrong, {}};
        else made[i] = {status::found, at->second->data()};
    }
    return made;
}

std::vector<done> storage::write_together(std::span<const task> tasks) {
    api::BatchUpdateBlobsRequest question;
    question.set_instance_name(to_.instance);
    std::int64_t bytes = 0;
    for (const task& one : tasks) {
        auto* const next = question.add_requests();
        *next->mutable_digest() = digest_of(one.asked);
        next->set_data(one.content);
        bytes += one.asked.size;
    }
    const auto stub = api::ContentAddressableStorage::NewStub(to_.channel());
    api::BatchUpdateBlobsResponse taken;
    const grpc::Status said = insist([&] {
        grpc::ClientContext call;
        to_.prepare(call, bytes);
        return stub->BatchUpdateBlobs(&call, question, &taken);
    });
    std::vector<done> made(tasks.size(), done{status::stored, {}});
    if (said.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
        writes_together_ = false;
        for (std::size_t i = 0; i < tasks.size(); ++i) made[i] = write(tasks[i]);
        return made;
    }
    if (!said.ok()) return std::vector<done>(tasks.size(), done{status::trouble, describe(said)});
    // An answer is one of each blob; some servers leave the digest out, but none the order.
    for (int i = 0; i < taken.responses_size() && static_cast<std::size_t>(i) < made.size(); ++i) {
        if (taken.responses(i).status().code() == 0) continue;
        std::size_t which = static_cast<std::size_t>(i);
        for (std::size_t k = 0; k < tasks.size(); ++k) {
            if (key_of(digest_of(tasks[k].asked)) == key_of(taken.responses(i).digest())) which = k;
        }
        made[which] = {status::trouble, answered(taken.responses(i).status()).content};
        if (made[which].content.empty()) made[which].content = "it didn't take a blob";
    }
    return made;
}

} // namespace uk::registry::remote
