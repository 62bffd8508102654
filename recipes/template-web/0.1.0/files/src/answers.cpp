#include "answers.hpp"

#include <uk/print.hpp>
#include <uk/time.hpp>

namespace http = uk::http;

uk::result<void> answers::operator()(const http::request& request, http::response& response) {
    ++requests_;
    if (request.path() == "/hello") return hello(request, response);
    if (request.path() == "/api/status") return status(response);
    return http::files(site_, request, response);
}

/// /hello?name=Ada
uk::result<void> answers::hello(const http::request& request, http::response& response) {
    char place[64], text[100];
    const auto name = http::decode_value(http::find_parameter(request.query(), "name").value_or("world"), place);
    if (!name) return response.fail(400);
    return response.send("text/plain; charset=utf-8", uk::print_to(text, "hello, {}\n", *name));
}

/// /api/status
uk::result<void> answers::status(http::response& response) {
    using namespace std::chrono;
    char text[100];
    const auto up = duration_cast<milliseconds>(clock_.now().time_since_epoch()).count();
    UK_TRY(response.field("Cache-Control", "no-store"));
    return response.send("application/json",
                         uk::print_to(text, "{{\"requests\": {}, \"up_ms\": {}}}\n", requests_, up));
}
