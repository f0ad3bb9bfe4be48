// TLS against certificates made here; what must not be trusted is not.
#include <gmock/gmock.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "net/http_client.hpp"
#include "net/scripted_server.hpp"
#include "net/test_certificate.hpp"
#include "testing/fake_clock.hpp"
#include "testing/loop.hpp"

namespace hookline::net {

namespace {

class TlsTest : public testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() / ("hookline-tls-" + std::to_string(::getpid()));
        std::filesystem::create_directory(folder);
    }
    void TearDown() override {
        ::unsetenv("SSL_CERT_FILE");
        std::filesystem::remove_all(folder);
    }

    /// A server with a certificate for `host`; trusted through SSL_CERT_FILE if `is_trusted`.
    void serve(const std::string& host, long seconds, bool is_trusted, int newest_version = TLS1_3_VERSION) {
        const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const Certificate certificate = make_certificate(key.get(), host, seconds);
        SSL_CTX_use_certificate(context.native_handle(), certificate.get());
        SSL_CTX_use_PrivateKey(context.native_handle(), key.get());
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), newest_version);
        SSL_CTX_set_security_level(context.native_handle(), 0);
        FILE* key_out = std::fopen((folder / "key.pem").c_str(), "w");
        PEM_write_PrivateKey(key_out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(key_out);
        const auto file = folder / "trusted.pem";
        FILE* out = std::fopen(file.c_str(), "w");
        if (is_trusted) {
            PEM_write_X509(out, certificate.get());
        }
        std::fclose(out);
        ::setenv("SSL_CERT_FILE", file.c_str(), 1);
        server = ScriptedServer::start(
            loop.executor(), std::vector<Play>{{take_request(), say(ok), take_request(), say(ok)}}, &context);
        client = make_http_client(loop.executor(), clock, server->origin("localhost"), ClientOptions());
    }
    /// A server that wants to see the client's certificate too: Docker's "tlsverify".
    void serve_to_known_clients() {
        serve("localhost", 3600, true);
        context.load_verify_file((folder / "trusted.pem").string());
        context.set_verify_mode(boost::asio::ssl::verify_peer |
                                boost::asio::ssl::verify_fail_if_no_peer_cert);
        ::unsetenv("SSL_CERT_FILE");
    }
    /// Asks with `certificate` and `key`, trusting the server's own certificate.
    std::string answer_with(const std::string& certificate, const std::string& key) {
        serve_to_known_clients();
        Origin origin = server->origin("localhost");
        origin.tls = TlsFiles{folder / "trusted.pem", folder / certificate, folder / key};
        client = make_http_client(loop.executor(), clock, origin, ClientOptions());
        return error_of_request();
    }

    std::string error_of_request() {
        Request request("POST", "/");
        const auto reply = loop.run(client->send(request));
        if (reply) {
            return "answered";
        }
        EXPECT_FALSE(reply.error().may_have_arrived);
        EXPECT_TRUE(server->received.empty());
        return reply.error().error.detail;
    }

    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::filesystem::path folder;
    Loop loop;
    FakeClock clock;
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
    std::shared_ptr<ScriptedServer> server;
    std::unique_ptr<HttpClient> client;
};

}  // namespace

TEST_F(TlsTest, TrustsACertificateOfTheSystemForThisHostAndKeepsTheConnection) {
    serve("localhost", 3600, true);
    EXPECT_EQ(error_of_request(), "answered");
    EXPECT_EQ(error_of_request(), "answered");
    EXPECT_EQ(server->connections, 1U);
}

TEST_F(TlsTest, RefusesAnotherHostsCertificate) {
    serve("elsewhere.example", 3600, true);
    EXPECT_EQ(error_of_request(), "no secure connection to localhost: hostname mismatch");
}

TEST_F(TlsTest, RefusesAnUnknownIssuer) {
    serve("localhost", 3600, false);
    EXPECT_EQ(error_of_request(), "no secure connection to localhost: self-signed certificate");
}

TEST_F(TlsTest, RefusesAnExpiredCertificate) {
    serve("localhost", -3600, true);
    EXPECT_EQ(error_of_request(), "no secure connection to localhost: certificate has expired");
}

TEST_F(TlsTest, CertificatesOfOnesOwn) {
    EXPECT_EQ(answer_with("trusted.pem", "key.pem"), "answered");
    EXPECT_THAT(answer_with("absent.pem", "key.pem"), testing::HasSubstr("absent.pem cannot be used: "));
    EXPECT_THAT(answer_with("trusted.pem", "trusted.pem"),
                testing::AllOf(testing::HasSubstr("the key in "), testing::HasSubstr("trusted.pem")));
}

TEST_F(TlsTest, RefusesAnythingOlderThanTls12) {
    serve("localhost", 3600, true, TLS1_1_VERSION);
    EXPECT_TRUE(error_of_request().starts_with("no secure connection to localhost: ")) << error_of_request();
}

}  // namespace hookline::net
