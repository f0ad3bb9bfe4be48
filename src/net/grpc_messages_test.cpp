// Messages of a gRPC call out of its bytes, and what a call ends with.
#include "net/grpc_messages.hpp"

#include <gtest/gtest.h>

namespace hookline::net {
namespace {

/// All messages of `bytes`, said in pieces of `step`, joined by "|"; or why not.
std::string read(std::string_view bytes, std::size_t step, std::size_t limit = 100) {
    GrpcMessages messages(limit);
    std::string text;
    while (!bytes.empty()) {
        messages.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        for (;;) {
            const auto message = messages.next();
            if (!message) {
                text += message.error().detail + "|";
                if (message.error().code == Errc::too_large) {
                    continue;
                }
                return text;
            }
            if (!*message) {
                break;
            }
            text += **message + "|";
        }
    }
    return text + (messages.has_begun() ? "…" : "");
}

TEST(GrpcMessages, AreTheSameInWhateverPiecesTheyCome) {
    const std::string bytes = grpc_frame("one") + grpc_frame("") + grpc_frame(std::string(100, 'x'));
    const std::string all = "one||" + std::string(100, 'x') + "|";
    for (const std::size_t step : {1U, 2U, 5U, 8U, 1000U}) {
        EXPECT_EQ(read(bytes, step), all);
        EXPECT_EQ(read(bytes + grpc_frame("cut").substr(0, 6), step), all + "…");
    }
    EXPECT_EQ(grpc_frame("\x18\x01"), std::string("\0\0\0\0\x02\x18\x01", 7));
}

TEST(GrpcMessages, OneThatIsTooLargeIsRefusedBeforeItComesAndPassedOver) {
    const std::string header("\0\x06\x40\0\0", 5);  // 100 MiB
    const std::string refused = "one|a message of 104857600 bytes is larger than what is read (100)|";
    EXPECT_EQ(read(grpc_frame("one") + header, 1000), refused + "…");
    const std::string bytes = grpc_frame("one") + header + std::string(100UL << 20U, 'x') + grpc_frame("two");
    EXPECT_EQ(read(bytes, 1UL << 20U), refused + "two|");
    EXPECT_EQ(read(bytes, 300UL << 20U), refused + "two|");
}

TEST(GrpcMessages, OneThatIsPackedIsRefused) {
    EXPECT_EQ(read(std::string("\1\0\0\0\1x", 6), 1), "a message is compressed though not asked for|");
}

TEST(GrpcFailure, IsWhatTheTrailersSay) {
    const auto failure = [](int http, const Fields& fields) {
        const auto error = grpc_failure(http, fields);
        return error ? std::string(name_of(error->code)) + ": " + error->detail : "";
    };
    EXPECT_EQ(failure(200, {{"grpc-status", "0"}}), "");
    EXPECT_EQ(failure(200, {{"grpc-status", "12"}, {"grpc-message", "unknown method%20x %C3%A4 %"}}),
              "unsupported: it answered with gRPC status 12: unknown method x ä %");
    EXPECT_EQ(failure(200, {{"grpc-status", "5"}}), "not_found: it answered with gRPC status 5: ");
    EXPECT_EQ(failure(200, {{"grpc-status", "14"}}), "unavailable: it answered with gRPC status 14: ");
    EXPECT_EQ(failure(404, {}), "unsupported: it answered 404 without a status of gRPC");
    EXPECT_EQ(failure(200, {{"grpc-status", "well"}}),
              "unavailable: it answered 200 without a status of gRPC");
}

}  // namespace
}  // namespace hookline::net
