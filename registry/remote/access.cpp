#include "registry/remote/access.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <sstream>

#include "registry/fetch/cache_channel.hpp"
#include "registry/remote/execution.pb.h"

namespace uk::registry::remote {

namespace api = build::bazel::remote::execution::v2;

namespace {

constexpr std::int64_t slowest = 64 << 10; // bytes a second
constexpr int largest_message = 16 << 20; // bytes, of an answer

std::string content_of(const std::string& file) {
    std::ifstream in{file};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

bool is_this_machine(std::string_view host) {
    const std::string_view name =
        host.substr(0, host.rfind(':') == std::string_view::npos ? host.size() : host.rfind(':'));
    return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

bool has_port(std::string_view host) { return host.substr(host.rfind(']') + 1).find(':') != std::string_view::npos; }

} // namespace

std::string random_uuid() {
    std::random_device random;
    std::string made = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    for (char& c : made) {
        constexpr std::string_view digits = "0123456789abcdef";
        if (c == 'x') c = digits[random() % 16];
        if (c == 'y') c = digits[8 + random() % 4];
    }
    return made;
}

std::string describe(const grpc::Status& what) {
    static constexpr std::array names{
        "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
        "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
        "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
        "DATA_LOSS", "UNAUTHENTICATED"};
    constexpr std::size_t longest = 300;
    const auto code = static_cast<std::size_t>(what.error_code());
    std::string text = "it answered " + std::string{code < names.size() ? names[code] : "an unknown status"};
    const std::string said = what.error_message();
    if (!said.empty()) text += ": " + said.substr(0, longest);
    std::ranges::replace_if(text, [](unsigned char c) { return c < 32 || c > 126; }, ' ');
    return text;
}

access::access(const std::string& url, std::chrono::seconds silence, const char* token_variable)
    : silence_{silence}, invocation_{random_uuid()} {
    const auto after = url.find("://");
    const std::string scheme = url.substr(0, after);
    std::string rest = after == std::string::npos ? "" : url.substr(after + 3);
    while (rest.ends_with('/')) rest.pop_back();
    const auto slash = rest.find('/');
    std::string host = rest.substr(0, slash);
    if (slash != std::string::npos) instance = rest.substr(slash + 1);
    if (host.find('@') != std::string::npos) problem = "a URL with a name or a password isn't used";
    else if (host.empty() || (scheme != "grpc" && scheme != "grpcs")) problem = "its URL is none of gRPC";
    else if (scheme == "grpc" && !is_this_machine(host)) problem = "it must be grpcs (grpc of this machine alone)";
    if (problem.empty()) token_ = cache_protocol::read_token(token_variable, problem);
    if (!problem.empty()) return;
    if (!has_port(host)) host += ":443";

    grpc::ChannelArguments how;
    how.SetMaxReceiveMessageSize(largest_message);
    how.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    how.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
               static_cast<int>(silence.count()) * 1000); // for one attempt to connect
    how.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
    how.SetServiceConfigJSON("{}");
    how.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
    if (is_this_machine(host)) how.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    std::shared_ptr<grpc::ChannelCredentials> as;
    if (scheme == "grpcs") {
        const std::string own = cache_protocol::text_of("SSL_CERT_FILE");
        const std::string trusted = content_of(own.empty() ? "/etc/ssl/certs/ca-certificates.crt" : own);
        as = grpc::SslCredentials({trusted, "", ""});
    } else {
        as = grpc::InsecureChannelCredentials();
    }
    channel_ = grpc::CreateCustomChannel("dns:///" + host, as, how);
}

void access::prepare_endless(grpc::ClientContext& call, const std::string& action) const {
    api::RequestMetadata who;
    who.mutable_tool_details()->set_tool_name("uk");
    who.set_tool_invocation_id(invocation_);
    who.set_action_id(action);
    call.AddMetadata("build.bazel.remote.execution.v2.requestmetadata-bin", who.SerializeAsString());
    if (!token_.empty()) call.AddMetadata("authorization", "Bearer " + token_);
}

void access::prepare(grpc::ClientContext& call, std::int64_t bytes, const std::string& action) const {
    prepare_endless(call, action);
    call.set_deadline(std::chrono::system_clock::now() + silence_ + std::chrono::seconds{bytes / slowest});
}

} // namespace uk::registry::remote
