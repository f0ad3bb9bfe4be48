// The server with TLS of its own, asked by our own client.
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/test_certificate.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"
#include "testing/raw_client.hpp"
#include "testing/recording_log.hpp"
#include "testing/stepped_clock.hpp"

namespace hookline::net {
namespace {

using namespace std::chrono_literals;

// Says how long a body was.
class MeasuringDoor final : public Door {
    struct Sink final : BodySink {
        void feed(std::string_view bytes) override { size += bytes.size(); }
        std::optional<Response> finish(Responder /*later*/) override {
            Response response(202);
            response.body = std::to_string(size);
            return response;
        }
        void aborted(int /*status*/) override {}
        std::size_t size = 0;
    };
    std::variant<Response, Admitted> admit(const RequestHead& /*head*/) override {
        return Admitted{std::make_unique<Sink>(), 25U << 20U};
    }
};

class HttpServerTlsTest : public testing::Test {
protected:
    HttpServerTlsTest()
        : folder_(std::filesystem::temp_directory_path() /
                  ("hookline-server-tls-" + std::to_string(::getpid()))) {
        std::filesystem::create_directory(folder_);
        const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const Certificate certificate = make_certificate(key.get(), "localhost", 3600);
        options_.tls_certificate = folder_ / "certificate.pem";
        options_.tls_key = folder_ / "key.pem";
        FILE* out = std::fopen(options_.tls_certificate.c_str(), "w");
        PEM_write_X509(out, certificate.get());
        std::fclose(out);
        out = std::fopen(options_.tls_key.c_str(), "w");
        PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
        options_.limits.tick = 5ms;
        ::setenv("SSL_CERT_FILE", options_.tls_certificate.c_str(), 1);
    }
    ~HttpServerTlsTest() override {
        ::unsetenv("SSL_CERT_FILE");
        std::filesystem::remove_all(folder_);
    }
    Result<std::unique_ptr<HttpServer>> start() {
        return start_http_server(options_,
                                 {server_clock_, log_, core_.get_executor(), nullptr, door_, budget_});
    }

    std::filesystem::path folder_;
    ServerOptions options_;
    SteppedClock server_clock_;
    RecordingLog log_;
    MeasuringDoor door_;
    BodyBudget budget_{64U << 20U};
    boost::asio::io_context core_;
    FakeClock clock_;
    Loop loop_;
};

TEST_F(HttpServerTlsTest, TakesDeliveriesOfAnySizeAndWaitsForNobody) {
    const auto server = start();
    ASSERT_TRUE(server) << server.error().detail;
    RawClient silent((*server)->port());
    Origin origin;
    origin.host = "localhost";
    origin.port = std::to_string((*server)->port());
    const auto client = make_http_client(loop_.executor(), clock_, origin, ClientOptions());
    for (const std::size_t size : {5UL, 16'384UL, 3'000'000UL, 7UL}) {
        Request request("POST", "/webhook/any");
        request.body.assign(size, 'x');
        const auto reply = loop_.run(client->send(request));
        ASSERT_TRUE(reply) << reply.error().error.detail;
        EXPECT_EQ(reply->body, std::to_string(size));
    }
    server_clock_.advance(10'001ms);
    EXPECT_TRUE(silent.at_end());  // it never began to shake hands
}

TEST_F(HttpServerTlsTest, APlainClientIsLetGo) {
    const auto server = start();
    ASSERT_TRUE(server);
    RawClient client((*server)->port());
    client.send(raw_request("GET", "/", "", ""));
    while (!client.at_end()) {
        EXPECT_EQ(client.read().status, 0);  // an alert of TLS is no answer
    }
}

TEST_F(HttpServerTlsTest, SaysWhatIsWrongWithItsFiles) {
    std::ofstream(folder_ / "other.pem") << "no key";
    options_.tls_key = folder_ / "other.pem";
    EXPECT_THAT(start().error().detail, testing::HasSubstr("other.pem is not the key of"));
    options_.tls_certificate = folder_ / "absent.pem";
    EXPECT_THAT(start().error().detail, testing::HasSubstr("absent.pem holds no usable certificate"));
    options_.tls_certificate.clear();
    EXPECT_EQ(start().error().detail, "TLS takes a certificate and its key: one of the two is missing");
}

}  // namespace
}  // namespace hookline::net
