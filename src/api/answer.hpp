// Answers of the API in one form each.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace hookline::api {

[[nodiscard]] net::Response json_answer(int status, const boost::json::value& value);
[[nodiscard]] net::Response text_answer(int status, std::string_view content_type, std::string text);
/// {"error": "…"}
[[nodiscard]] net::Response error_answer(int status, std::string_view what);
[[nodiscard]] net::Response error_answer(const Error& error);

}  // namespace hookline::api
