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
    if (letters_.size() == 1) {
        boost::asio::post(*context_, drain_);
    }
}

std::vector<Mailbox::Letter> Mailbox::take() {
    std::vector<Letter> letters;
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
    return letters;
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    letters_.clear();
}

void Responder::send(Response response) const { mailbox_->put({slot_, request_, std::move(response)}); }

}  // namespace hookline::net
