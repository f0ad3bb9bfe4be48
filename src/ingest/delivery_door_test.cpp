// Deliveries over real sockets: server, door and GitHub's adapter are the real ones, the journal is not.
#include "ingest/delivery_door.hpp"

#include <boost/asio/io_context.hpp>

#include "ingest/testing/packed.hpp"
#include "services/service.hpp"
#include "testing/fixed_random.hpp"
#include "testing/raw_client.hpp"
#include "testing/recording_log.hpp"
#include "testing/stepped_clock.hpp"

namespace hookline::ingest {
namespace {

using namespace std::chrono_literals;

// Keeps what it is given and answers as the test says. Stores nothing durably, needs no thread.
class FakeJournal final : public store::Journal {
public:
    using Journal::append;
    void append(event::Delivery delivery, Done done, Wake wake) override {
        const std::lock_guard lock(mutex_);
        if (answer.has_value()) {
            deliveries_.push_back(std::move(delivery));
        }
        done(answer);
        if (wake) {
            wake();
        }
    }
    std::vector<event::Delivery> deliveries() {
        const std::lock_guard lock(mutex_);
        return deliveries_;
    }
    Result<store::Appended> answer = store::Appended{EventId(42), false, false};

private:
    std::mutex mutex_;
    std::vector<event::Delivery> deliveries_;
};

class RecordingMetrics final : public Metrics {
public:
    void count(std::string_view name, const Labels& labels, double amount) override {
        std::string key(name);
        for (const auto& [label, value] : labels) {
            key += fmt::format(" {}={}", label, value);
        }
        const std::lock_guard lock(mutex_);
        counts_[key] += amount;
    }
    void observe(std::string_view, double, const Labels&) override {}
    void set(std::string_view, double, const Labels&) override {}
    double of(std::string_view outcome) {
        const std::lock_guard lock(mutex_);
        return counts_[fmt::format("hookline_deliveries_total service=github outcome={}", outcome)];
    }

private:
    std::mutex mutex_;
    std::map<std::string, double> counts_;
};

const services::ServiceAdapter& github() { return *services::find_adapter(event::Service::github); }

const std::string secret = "gh_secret_of_one";
const std::string small = R"({"zen": "Design for failure."})";

store::Endpoint endpoint(std::int64_t number, const std::string& with_secret) {
    store::Endpoint made;
    made.id = EndpointId(100 + number);
    made.made_with = HookId(number);
    made.secret = Secret(with_secret);
    return made;
}

class DeliveryDoorTest : public testing::Test {
protected:
    DeliveryDoorTest() { endpoints_.push_back(endpoint(1, secret)); }

    std::uint16_t start() {
        door_ = std::make_unique<DeliveryDoor>(
            DoorParts{clock_, log_, metrics_, journal_, budget_,
                      [](event::Service service) -> const services::ServiceAdapter* {
                          return service == event::Service::github ? &github() : nullptr;
                      },
                      per_second_,
                      [this](EndpointId refused) {
                          last_refused_ = refused.value;
                          ++refusals_;
                      }},
            random_);
        door_->refresh(endpoints_);
        net::ServerOptions options;
        options.limits.tick = 5ms;
        auto started =
            net::start_http_server(options, {clock_, log_, core_.get_executor(), nullptr, *door_, budget_});
        EXPECT_TRUE(started);
        server_ = std::move(*started);
        return server_->port();
    }

    std::string fields(std::string_view body, const std::string& with_secret = secret,
                       std::string_view type = "application/json") {
        const auto headers = github().sign("push", "delivery-1", body, Secret(with_secret));
        std::string lines = fmt::format("Content-Type: {}\r\n", type);
        for (const auto& [name, value] : headers.all()) {
            if (name != "Content-Type") {
                lines += fmt::format("{}: {}\r\n", name, value);
            }
        }
        return lines;
    }
    RawAnswer ask(std::string_view bytes) {
        RawClient client(port_ == 0 ? port_ = start() : port_);
        client.send(bytes);
        return client.read();
    }
    RawAnswer deliver(std::string_view body, std::string_view path = "/webhook/github/hook_001") {
        return ask(raw_request("POST", path, fields(body), body));
    }

    SteppedClock clock_;
    RecordingLog log_;
    RecordingMetrics metrics_;
    FakeJournal journal_;
    FixedRandom random_;
    net::BodyBudget budget_{64U << 20U};
    std::vector<store::Endpoint> endpoints_;
    std::int64_t per_second_ = 0;
    std::atomic<std::int64_t> last_refused_{0};
    std::atomic<int> refusals_{0};
    boost::asio::io_context core_;
    std::unique_ptr<DeliveryDoor> door_;
    std::unique_ptr<net::HttpServer> server_;
    std::uint16_t port_ = 0;
};

TEST_F(DeliveryDoorTest, AProvenDeliveryIsStoredThenAcknowledged) {
    const RawAnswer answer = deliver(small);
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, R"({"event": 42})");
    EXPECT_TRUE(answer.has("content-type: application/json\r\n"));
    const auto stored = journal_.deliveries();
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].endpoint, EndpointId(101));
    EXPECT_EQ(stored[0].event_type, "push");
    EXPECT_EQ(stored[0].delivery_id, "delivery-1");
    EXPECT_EQ(stored[0].payload, small);
    EXPECT_EQ(stored[0].received_at, clock_.now());
    EXPECT_EQ(metrics_.of("accepted"), 1);
}

TEST_F(DeliveryDoorTest, AnswersByWhatTheJournalSays) {
    journal_.answer = store::Appended{EventId(7), true, false};
    EXPECT_EQ(deliver(small).body, R"({"event": 7, "duplicate": true})");
    EXPECT_EQ(metrics_.of("duplicate"), 1);
    journal_.answer = store::Appended{EventId(7), true, true};
    EXPECT_EQ(deliver(small).body, R"({"event": 7, "duplicate": true})");
    EXPECT_EQ(metrics_.of("conflicting"), 1);
    EXPECT_THAT(log_.lines(),
                testing::ElementsAre("warn [ingest] a delivery id came again with another body; "
                                     "the first one is kept hook=hook_001 event=7"));
    clock_.advance(1000ms);
    journal_.answer = fail(Errc::unavailable, "the disk is full");
    const RawAnswer refused = deliver(small);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.body, R"({"error": "the delivery could not be stored; nothing was acknowledged"})");
    EXPECT_TRUE(refused.has("retry-after: 5\r\n"));
    EXPECT_EQ(metrics_.of("unavailable"), 1);
    EXPECT_EQ(log_.lines().back(), "error [ingest] a delivery could not be stored error=the disk is full");
}

TEST_F(DeliveryDoorTest, APingIsStoredAndAnsweredInItsOwnWay) {
    const auto headers = github().sign("ping", "id", small, Secret(secret));
    std::string lines = "Content-Type: application/json\r\n";
    for (const auto& [name, value] : headers.all()) {
        lines += name == "Content-Type" ? "" : fmt::format("{}: {}\r\n", name, value);
    }
    const RawAnswer answer = ask(raw_request("POST", "/webhook/github/hook_001", lines, small));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"pong": true})");
    EXPECT_EQ(journal_.deliveries().size(), 1U);
}

TEST_F(DeliveryDoorTest, EveryRefusalOfAStrangerIsTheSame) {
    endpoints_.push_back(endpoint(2, "another"));
    endpoints_.back().deleted_at = clock_.now();
    const std::string right = fields(small);
    const auto with = [](std::string_view path, std::string_view lines) {
        return raw_request("POST", path, lines, small);
    };
    const std::string wrong = fields(small, "wrong");
    const std::string signature = right.substr(right.find("sha256="), 71);
    std::string twice = right + "X-Hub-Signature-256: " + signature + "\r\n";
    std::string sha1_only = right;
    sha1_only.replace(sha1_only.find("-256"), 4, "");
    for (const std::string& request :
         {with("/webhook/github/hook_001", wrong), with("/webhook/github/hook_002", fields(small, "another")),
          with("/webhook/github/hook_999", right), with("/webhook/github/nonsense", right),
          with("/webhook/github/%2e%2e", right), with("/webhook/github/hook_001", twice),
          with("/webhook/github/hook_001", sha1_only), with("/webhook/github", wrong),
          with("/webhook/github/hook_001", "Content-Type: application/json\r\nX-GitHub-Event: push\r\n"),
          with("/webhook/github/hook_001/" + secret, "Content-Type: application/json\r\n"),
          raw_request("POST", "/webhook/github/hook_001", right, small + " "),
          raw_request("POST", "/webhook/github/hook_001", fields(small), "")}) {
        const RawAnswer answer = ask(request);
        EXPECT_EQ(answer.status, 401) << request;
        EXPECT_EQ(
            answer.body,
            R"({"error": "the proof is missing or wrong: check the URL and the secret at the sender"})");
        EXPECT_FALSE(answer.has("connection: close"));
    }
    EXPECT_TRUE(journal_.deliveries().empty());
    EXPECT_EQ(metrics_.of("unauthorized"), 12);
}

TEST_F(DeliveryDoorTest, TellsWhichEndpointRefusedAndNotTooOften) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(ask(raw_request("POST", "/webhook/github/hook_001", fields(small, "wrong"), small)).status,
                  401);
    }
    EXPECT_EQ(last_refused_, 101);
    EXPECT_GE(refusals_, 1);
    EXPECT_LE(refusals_, 2) << "once a second";
}

TEST_F(DeliveryDoorTest, LogsNoSecretsAndNotTooMuch) {
    for (const std::string_view path :
         {"/webhook/github/hook_001/s3cr3t", "/webhook/github/hook_001?token=s3cr3t", "/webhook/s3cr3t"}) {
        ask(raw_request("POST", path, fields(small, "s3cr3t"), small));
    }
    clock_.advance(1000ms);
    ask(raw_request("POST", "/webhook/github/hook_001", fields(small, "s3cr3t"), small));
    EXPECT_THAT(log_.lines(),
                testing::ElementsAre(
                    "info [ingest] a delivery without proof was refused service=github client=127.0.0.1",
                    "info [ingest] a delivery without proof was refused service=github client=127.0.0.1 "
                    "others_before=1"));
}

TEST_F(DeliveryDoorTest, TheSignatureIsFedWhateverThePieces) {
    const std::string body = R"({"text": ")" + std::string(300'000, 'x') + R"("})";
    port_ = start();
    RawClient client(port_);
    const std::string request = raw_request("POST", "/webhook/github/hook_001", fields(body), body);
    for (std::size_t at = 0; at < request.size(); at += 7001) {
        client.send(request.substr(at, 7001));
    }
    EXPECT_EQ(client.read().status, 202);
    std::string chunked =
        "POST /webhook/github/hook_001 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" +
        fields(small) + "\r\n";
    for (const char byte : small) {
        chunked += fmt::format("1\r\n{}\r\n", byte);
    }
    client.send(chunked + "0\r\n\r\n");
    EXPECT_EQ(client.read().status, 202);
    EXPECT_EQ(journal_.deliveries().at(0).payload, body);
    EXPECT_EQ(journal_.deliveries().at(1).payload, small);
}

TEST_F(DeliveryDoorTest, DuringARotationBothSecretsCount) {
    endpoints_[0].previous_secret = Secret("old");
    endpoints_[0].previous_until = clock_.now() + 24h;
    const auto status = [&](std::string_view path, const std::string& with_secret) {
        return ask(raw_request("POST", path, fields(small, with_secret), small)).status;
    };
    for (const std::string_view path : {"/webhook/github/hook_001", "/webhook/github"}) {
        EXPECT_EQ(status(path, secret), 202);
        EXPECT_EQ(status(path, "old"), 202);
    }
    clock_.advance(24h);
    for (const std::string_view path : {"/webhook/github/hook_001", "/webhook/github"}) {
        EXPECT_EQ(status(path, secret), 202);
        EXPECT_EQ(status(path, "old"), 401);
    }
}

TEST_F(DeliveryDoorTest, TheUrlOfAServiceFindsTheEndpoint) {
    for (std::int64_t number = 2; number <= 70; ++number) {
        endpoints_.push_back(endpoint(number, fmt::format("secret-{}", number)));
    }
    const auto status = [&](const std::string& with_secret, std::string_view body = small) {
        return ask(raw_request("POST", "/webhook/github", fields(body, with_secret), body)).status;
    };
    EXPECT_EQ(status("secret-70"), 202);
    EXPECT_EQ(status("secret-7"), 202);
    EXPECT_EQ(status("secret-6"), 401);  // the 65th from the newest
    EXPECT_EQ(journal_.deliveries().at(1).endpoint, EndpointId(107));
    std::string large = R"({"text": ")" + std::string((1U << 20U) - 12, 'x') + R"("})";
    ASSERT_EQ(large.size(), 1U << 20U);
    EXPECT_EQ(status("secret-70", large), 202);
    large += " ";
    EXPECT_EQ(status("secret-70", large), 413);
}

TEST_F(DeliveryDoorTest, AFreshDirectoryCountsAtOnce) {
    EXPECT_EQ(deliver(small).status, 202);
    door_->refresh({});
    EXPECT_EQ(deliver(small).status, 401);
    door_->refresh(endpoints_);
    EXPECT_EQ(deliver(small).status, 202);
}

TEST_F(DeliveryDoorTest, TheSignatureIsOverWhatWasSent) {
    const auto send = [&](const std::string& body, std::string_view type, std::string_view more) {
        return ask(raw_request("POST", "/webhook/github/hook_001",
                               fields(body, secret, type) + std::string(more), body));
    };
    constexpr std::string_view json = "application/json; charset=utf-8";
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    EXPECT_EQ(send(packed(small, Packing::gzip), json, "Content-Encoding: gzip\r\n").status, 202);
    EXPECT_EQ(send(packed(small, Packing::zlib), json, "Content-Encoding: deflate\r\n").status, 202);
    EXPECT_EQ(send("payload=%7B%22zen%22%3A+%22Design+for+failure.%22%7D", form, "").status, 202);
    EXPECT_EQ(send(packed("payload=%7B%22zen%22%3A+%22Design+for+failure.%22%7D", Packing::gzip), form,
                   "Content-Encoding: gzip\r\n")
                  .status,
              202);
    for (const event::Delivery& delivery : journal_.deliveries()) {
        EXPECT_EQ(delivery.payload, small);
    }
    EXPECT_EQ(journal_.deliveries().size(), 4U);
    const std::string bomb = packed(std::string(26U << 20U, ' '), Packing::gzip);
    EXPECT_EQ(send(bomb, json, "Content-Encoding: gzip\r\n").body,
              R"({"error": "the body unpacks to more than is allowed"})");
    EXPECT_EQ(metrics_.of("too_large"), 1);
    EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(DeliveryDoorTest, SaysWhatIsWrongWithAProvenBody) {
    const auto error = [&](std::string_view body) {
        const RawAnswer answer = deliver(body);
        EXPECT_EQ(answer.status, 400);
        return answer.body;
    };
    EXPECT_EQ(error("{\n  \"a\": }"),
              R"({"error": "the body is not JSON: a syntax error at line 2, column 8"})");
    EXPECT_EQ(error("[1]"), R"({"error": "the body must be a JSON object, but it is an array"})");
    EXPECT_EQ(error(" "), R"({"error": "the body is empty"})");
    std::string no_event = fields(small);
    no_event.erase(no_event.find("X-GitHub-Event"), 22);
    const RawAnswer answer = ask(raw_request("POST", "/webhook/github/hook_001", no_event, small));
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, testing::HasSubstr("X-GitHub-Event"));
    EXPECT_EQ(metrics_.of("malformed"), 4);
    EXPECT_TRUE(journal_.deliveries().empty());
}

TEST_F(DeliveryDoorTest, RefusesByTheHeadAlone) {
    const std::string head_of_large =
        "POST /webhook/github/hook_001 HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: application/json\r\nContent-Length: 26214401\r\n\r\n";
    const struct {
        std::string request;
        int status;
        std::string_view body;
    } cases[] = {
        {raw_request("GET", "/webhook/github/hook_001", "", ""), 405, R"({"error": "a delivery is a POST"})"},
        {raw_request("OPTIONS", "/webhook/github/hook_001", "WebHook-Request-Origin: a.example\r\n", ""), 405,
         R"({"error": "a delivery is a POST"})"},
        {raw_request("PUT", "/webhook/github", fields(small), small), 405,
         R"({"error": "a delivery is a POST"})"},
        {raw_request("POST", "/webhook/nosuch/hook_001", fields(small), small), 404,
         R"({"error": "no such path: deliveries go to /webhook/SERVICE/HOOK"})"},
        {raw_request("POST", "/webhook/github/hook_001/", fields(small), small), 404,
         R"({"error": "no such path: deliveries go to /webhook/SERVICE/HOOK"})"},
        {raw_request("POST", "/webhook/github/hook_001", fields(small, secret, "text/plain"), small), 415,
         R"({"error": "this Content-Type is not understood; send application/json, or )"
         R"(application/x-www-form-urlencoded with a field payload"})"},
        {raw_request("POST", "/webhook/github/hook_001", fields(small) + "Content-Encoding: br\r\n", small),
         415, R"({"error": "this Content-Encoding is not understood; send gzip, deflate or none"})"},
        {raw_request("POST", "/webhook/github/hook_001", fields(small) + "Content-Type: text/plain\r\n",
                     small),
         415, R"({"error": "Content-Type or Content-Encoding is given twice"})"},
        {head_of_large, 413, R"({"error": "the body is too large"})"},
    };
    for (const auto& [request, status, body] : cases) {
        const RawAnswer answer = ask(request);
        EXPECT_EQ(answer.status, status) << request;
        EXPECT_EQ(answer.body, body) << request;
        EXPECT_EQ(answer.has("allow: post\r\n"), status == 405);
    }
    EXPECT_TRUE(journal_.deliveries().empty());
    EXPECT_EQ(metrics_.of("unsupported"), 3);
    EXPECT_EQ(metrics_.of("too_large"), 1);
}

TEST_F(DeliveryDoorTest, ALimitCountsOnlyProvenDeliveries) {
    per_second_ = 2;
    endpoints_.push_back(endpoint(2, "another"));
    for (int index = 0; index < 5; ++index) {
        EXPECT_EQ(ask(raw_request("POST", "/webhook/github/hook_001", fields(small, "wrong"), small)).status,
                  401);
    }
    EXPECT_EQ(deliver(small).status, 202);
    EXPECT_EQ(deliver(small).status, 202);
    const RawAnswer refused = deliver(small);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.body, R"({"error": "too many deliveries for this hook; nothing was stored"})");
    EXPECT_TRUE(refused.has("retry-after: 1\r\n"));
    EXPECT_EQ(ask(raw_request("POST", "/webhook/github/hook_002", fields(small, "another"), small)).status,
              202);
    clock_.advance(500ms);
    EXPECT_EQ(deliver(small).status, 202);
    EXPECT_EQ(metrics_.of("throttled"), 1);
}

TEST_F(DeliveryDoorTest, ExactlyTheLimitIsTaken) {
    std::string body = R"({"text": ")" + std::string(body_limit - 12, 'x') + R"("})";
    ASSERT_EQ(body.size(), body_limit);
    EXPECT_EQ(deliver(body).status, 202);
    EXPECT_EQ(journal_.deliveries().at(0).payload.size(), body_limit);
    EXPECT_EQ(budget_.used(), 0U);
}

}  // namespace
}  // namespace hookline::ingest
