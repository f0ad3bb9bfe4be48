#include "runner/reporter.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "docker/engine.hpp"
#include "net/deadline.hpp"

namespace hookline::runner {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds longest_answer(4'000);
constexpr std::chrono::milliseconds engine_patience(2'000);
/// Between tries: a daemon that is being restarted is back within these.
constexpr std::array pauses{Milliseconds(200), Milliseconds(600), Milliseconds(1'200)};
constexpr int tries_of_start = 2;
constexpr int tries_of_end = 4;

net::ClientOptions options_for(std::chrono::milliseconds patience) {
    net::ClientOptions options;
    options.user_agent = "hookline";
    options.connect_timeout = patience;
    options.request_timeout = patience;
    options.connections = 1;
    return options;
}

/// What was answered with `status`; empty: it was taken.
std::string complaint(const Target& target, const net::Response& answer) {
    boost::system::error_code error;
    const json::value said = json::parse(answer.body, error);
    const json::object* const object = error ? nullptr : said.if_object();
    if (answer.status / 100 == 2) {
        const json::value* const events = object != nullptr ? object->if_contains("events") : nullptr;
        const bool is_for_nobody = events != nullptr && events->is_array() && events->get_array().empty();
        return is_for_nobody ? "no hook hears of builds yet; `!hook docker on` in a channel makes one"
                             : std::string();
    }
    if (answer.status == 401) {
        return fmt::format("{} does not take this {}", target.shown,
                           target.is_daemon ? "admin token" : "secret");
    }
    const json::value* const what = object != nullptr ? object->if_contains("error") : nullptr;
    constexpr std::size_t longest = 200;
    return fmt::format("{} answered {}{}", target.shown, answer.status,
                       what != nullptr && what->is_string()
                           ? ": " + shorten(std::string_view(what->get_string()), longest)
                           : std::string());
}

bool is_worth_another(int status) { return status == 429 || status >= 500; }

/// What an engine says of an image (Docker Engine API, "Inspect an image").
struct Inspected {
    MadeImage image;
    std::optional<TimePoint> made, tagged;
};
std::optional<Inspected> read_image(const std::string& text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    const json::object* const object = error ? nullptr : value.if_object();
    const json::value* const id = object != nullptr ? object->if_contains("Id") : nullptr;
    if (id == nullptr || !id->is_string()) {
        return std::nullopt;
    }
    const auto member = [](const json::object& in, json::string_view name) -> const json::value* {
        return in.if_contains(name);
    };
    const auto time = [&](const json::object& in, json::string_view name) {
        const json::value* const found = member(in, name);
        return found != nullptr && found->is_string() ? parse_time(std::string_view(found->get_string()))
                                                      : std::nullopt;
    };
    Inspected inspected;
    inspected.image.id = std::string(id->get_string());
    const json::value* const size = member(*object, "Size");
    inspected.image.size = size != nullptr && size->is_int64() ? size->get_int64() : 0;
    const json::value* const root = member(*object, "RootFS");
    const json::value* const layers =
        root != nullptr && root->is_object() ? member(root->get_object(), "Layers") : nullptr;
    if (layers != nullptr && layers->is_array()) {
        inspected.image.layers = static_cast<std::int64_t>(layers->get_array().size());
    }
    inspected.made = time(*object, "Created");
    const json::value* const about = member(*object, "Metadata");
    inspected.tagged =
        about != nullptr && about->is_object() ? time(about->get_object(), "LastTagTime") : std::nullopt;
    return inspected;
}

}  // namespace

Reporter::Reporter(Target target)
    : target_(std::move(target)), has_more_(context_.get_executor()), done_(::eventfd(0, EFD_CLOEXEC)) {}

Reporter::~Reporter() {
    context_.stop();
    if (thread_.joinable()) {
        thread_.join();
    }
    if (done_ >= 0) {
        ::close(done_);
    }
}

void Reporter::tell_start(json::object report) {
    start_ = std::move(report);
    thread_ = std::thread([this] {
        boost::asio::co_spawn(context_, work(), [this](const std::exception_ptr& bug) {
            if (bug) {
                trouble_ = "it could not be told what became of it";
            }
            constexpr std::uint64_t one = 1;
            static_cast<void>(::write(done_, &one, sizeof(one)) == 0);
        });
        context_.run();
    });
}

void Reporter::tell_end(json::object report, std::optional<ImageQuestion> question) {
    boost::asio::post(context_, [this, report = std::move(report), question = std::move(question)]() mutable {
        end_ = std::move(report);
        question_ = std::move(question);
        has_more_.wake();
    });
}

std::string Reporter::finish() {
    thread_.join();
    if (trouble_.empty()) {
        return {};
    }
    return fmt::format("{}: {}",
                       was_start_taken_ ? "the end of this run is not told" : "nothing is told of this run",
                       trouble_);
}

void Reporter::abandon() { thread_.detach(); }

Task<void> Reporter::work() {
    client_ =
        net::make_http_client(context_.get_executor(), clock_, target_.origin, options_for(longest_answer));
    const bool was_taken = co_await send(*start_, tries_of_start);
    was_start_taken_ = was_taken && trouble_.empty();  // … and told to somebody
    while (!end_) {
        co_await has_more_.wait();
    }
    if (question_) {
        ImageQuestion question = std::move(*question_);
        const auto image = co_await ask(std::move(question));
        if (image) {
            add_image((*end_)["build"].as_object(), *image);
        }
    }
    // Who has not answered at the start is not waited for at the end.
    const int tries = was_taken ? tries_of_end : 1;
    if (may_try_again_) {
        co_await send(*end_, tries);
    }
}

/// What was sent already is known again by its key and status, so that it may be sent again.
Task<bool> Reporter::send(const json::object& report, int tries) {
    for (int at = 0; at < tries; ++at) {
        if (at > 0) {
            co_await clock_.sleep_for(pauses.at(static_cast<std::size_t>(at - 1)));
        }
        net::Request request("POST", target_.path);
        request.fields.emplace_back("Content-Type", "application/json");
        if (!target_.authorization.empty()) {
            request.fields.emplace_back("Authorization", target_.authorization);
        }
        request.body = json::serialize(report);
        const auto answer = co_await client_->send(std::move(request));
        if (!answer) {
            trouble_ = fmt::format("{} does not answer ({})", target_.shown, answer.error().error.detail);
            continue;
        }
        trouble_ = complaint(target_, *answer);
        may_try_again_ = answer->status / 100 == 2 || is_worth_another(answer->status);
        if (!is_worth_another(answer->status)) {
            co_return answer->status / 100 == 2;
        }
    }
    co_return false;
}

Task<std::optional<MadeImage>> Reporter::ask(ImageQuestion question) {
    const auto client =
        net::make_http_client(context_.get_executor(), clock_, question.engine, options_for(engine_patience));
    docker::Engine engine(*client, {});
    const bool is_known = !question.id.empty();
    std::string name = is_known ? question.id : question.tag;
    const auto look = [](docker::Engine& of, std::string reference) -> Task<Result<std::string>> {
        const auto version = co_await of.greet();
        if (!version) {
            co_return tl::unexpected(version.error());
        }
        co_return co_await of.image(std::move(reference));
    };
    const SteadyPoint deadline = clock_.steady() + engine_patience;
    const auto said = co_await net::with_deadline(look(engine, std::move(name)), clock_, deadline);
    const auto found = said && *said ? read_image(**said) : std::nullopt;
    if (!found) {
        co_return std::nullopt;
    }
    // A tag may be an older image's, where a build leaves none in the engine (buildx without --load).
    const auto is_new = [&](const std::optional<TimePoint>& time) {
        return time && *time >= question.not_before;
    };
    const bool is_it = is_known || is_new(found->made) || is_new(found->tagged);
    co_return is_it ? std::optional(found->image) : std::nullopt;
}

}  // namespace hookline::runner
