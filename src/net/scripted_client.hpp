// An HttpClient for the tests of other rooms: answers in the order given, and keeps what was asked.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "net/http_client.hpp"

namespace hookline::net {

class ScriptedClient final : public HttpClient {
public:
    /// Out of answers, every request finds the connection refused.
    Task<Reply> send(Request request) override {
        asked.push_back(std::move(request));
        if (on_send) {
            on_send(asked.back());
        }
        if (answers.empty()) {
            co_return tl::unexpected(NoResponse(false, Error(Errc::unavailable, "refused")));
        }
        Reply answer = std::move(answers.front());
        answers.pop_front();
        co_return answer;
    }

    std::deque<Reply> answers;
    std::vector<Request> asked;
    std::function<void(const Request&)> on_send;  // told before the answer, to look at clocks and the like
};

[[nodiscard]] inline Response scripted_answer(int status, std::string body, Fields fields = {}) {
    Response response(status);
    response.body = std::move(body);
    response.fields = std::move(fields);
    return response;
}

}  // namespace hookline::net
