// How answers from other threads reach the ingest thread of their connection: many letters, one wake.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <mutex>
#include <vector>

#include "net/http.hpp"

namespace hookline::net {

class Mailbox {
public:
    struct Letter {
        std::uint32_t slot;
        std::uint64_t request;
        Response response;
    };

    /// `drain` runs on `context` when there are letters; it takes them.
    Mailbox(boost::asio::io_context& context, std::function<void()> drain)
        : context_(&context), drain_(std::move(drain)) {}
    /// From any thread. After close() the letter is dropped. It lies there until the next wake().
    void put(Letter letter);
    /// From any thread.
    void wake();
    [[nodiscard]] std::vector<Letter> take();
    /// Before `context` dies.
    void close();

private:
    std::mutex mutex_;
    std::vector<Letter> letters_;
    bool is_woken_ = false;
    boost::asio::io_context* context_;
    std::function<void()> drain_;
};

}  // namespace hookline::net
