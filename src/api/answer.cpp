#include "api/answer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace hookline::api {

namespace {

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid_argument:
        case Errc::malformed:
            return 400;
        case Errc::unauthorized:
            return 401;
        case Errc::forbidden:
            return 403;
        case Errc::not_found:
            return 404;
        case Errc::conflict:
            return 409;
        case Errc::too_large:
            return 413;
        case Errc::unsupported:
            return 422;
        case Errc::unavailable:
        case Errc::timeout:
        case Errc::cancelled:
        case Errc::storage:
            return 503;
        case Errc::internal:
            return 500;
    }
    return 500;
}

}  // namespace

net::Response text_answer(int status, std::string_view content_type, std::string text) {
    net::Response response(status);
    response.fields.emplace_back("Content-Type", std::string(content_type));
    response.body = std::move(text);
    return response;
}

net::Response json_answer(int status, const boost::json::value& value) {
    return text_answer(status, "application/json", boost::json::serialize(value) + "\n");
}

net::Response error_answer(int status, std::string_view what) {
    boost::json::object object;
    object["error"] = what;
    return json_answer(status, object);
}

net::Response error_answer(const Error& error) {
    net::Response response = error_answer(status_of(error.code), error.detail);
    if (response.status == 503) {
        response.fields.emplace_back("Retry-After", "5");
    }
    return response;
}

}  // namespace hookline::api
