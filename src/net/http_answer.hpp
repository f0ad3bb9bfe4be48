// A Response as bytes.
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"

namespace hookline::net {

struct AnswerForm {
    bool keeps_alive = true;
    bool is_http11 = true;
    bool is_head = false;   // the answer to HEAD: everything but the body
    std::string_view date;  // "Wed, 25 Nov 2026 21:46:02 GMT"
};

/// Appends status line, fields and body. Content-Length, Date and Connection are set here, whatever
/// `response` says; CR and LF in its fields become spaces.
void append_answer(std::string& out, const Response& response, const AnswerForm& form);

/// `{"error": why}` with that status.
[[nodiscard]] Response error_response(int status, std::string_view why);

}  // namespace hookline::net
