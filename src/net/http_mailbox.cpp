#include "net/http_mailbox.hpp"

#include <boost/asio/post.hpp>

#include "net/http_server.hpp"

namespace hookline::net {

void Mailbox::put(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr) {
        return;
    }
    letters_.push_back(std::move(letter));
}

void Mailbox::wake() {
    const std::lock_guard lock(mutex_);
    if (context_ != nullptr && !letters_.empty() && !is_woken_) {
        is_woken_ = true;
        boost::asio::post(*context_, drain_);
    }
}

std::vector<Mailbox::Letter> Mailbox::take() {
    std::vector<Letter> letters;
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
    is_woken_ = false;
    return letters;
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    letters_.clear();
}

void Responder::send(Response response) const {
    put(std::move(response));
    wake();
}

void Responder::put(Response response) const { mailbox_->put({slot_, request_, std::move(response)}); }

void Responder::wake() const { mailbox_->wake(); }

}  // namespace hookline::net
