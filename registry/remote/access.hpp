// Where a server of the Remote Execution API is, who asks it, and what every call to it carries.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

namespace uk::registry::remote {

class access {
  public:
    /// `url`: grpcs://HOST[:PORT][/INSTANCE], or grpc:// of this machine alone. `token_variable` names the environment's variable with the name of
    /// a file with a token. Connects to nobody yet. `problem` says afterwards why it can't be used, if so.
    access(const std::string& url, std::chrono::seconds silence, const char* token_variable);

    std::string problem; ///< one line
    std::string instance; ///< may be empty

    const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
    std::chrono::seconds silence() const { return silence_; }
    /// Headers; and a deadline for a call that carries so many bytes. `action`: hexadecimal digits, or none.
    void prepare(grpc::ClientContext& call, std::int64_t bytes, const std::string& action = {}) const;
    /// The same without a deadline.
    void prepare_endless(grpc::ClientContext& call, const std::string& action) const;

  private:
    const std::chrono::seconds silence_;
    std::string token_, invocation_;
    std::shared_ptr<grpc::Channel> channel_;
};

/// A random UUID (RFC 9562, version 4).
std::string random_uuid();

/// `it answered UNAVAILABLE: …` as one printable line.
std::string describe(const grpc::Status& what);

} // namespace uk::registry::remote
