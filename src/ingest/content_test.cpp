#include "ingest/content.hpp"

#include "ingest/testing/packed.hpp"

namespace hookline::ingest {
namespace {

std::string read(std::string_view type, std::string_view encoding = "") {
    const auto content = read_content(type, encoding);
    if (!content) {
        return content.error().detail;
    }
    static constexpr std::array<std::string_view, 3> codings{"", " gzip", " deflate"};
    return fmt::format("{}{}", content->shape == Shape::json ? "json" : "form",
                       codings.at(static_cast<std::size_t>(content->coding)));
}

TEST(Content, UnderstandsWhatServicesSend) {
    EXPECT_EQ(read("application/json"), "json");
    EXPECT_EQ(read("Application/JSON; charset=utf-8"), "json");
    EXPECT_EQ(read("application/json;charset=UTF-8"), "json");
    EXPECT_EQ(read("application/json; charset=\"utf-8\"; v=1"), "json");
    EXPECT_EQ(read("application/vnd.docker.distribution.events.v2+json"), "json");
    EXPECT_EQ(read("application/x-www-form-urlencoded", "identity"), "form");
    EXPECT_EQ(read("application/json", "GZIP"), "json gzip");
    EXPECT_EQ(read("application/json", "x-gzip"), "json gzip");
    EXPECT_EQ(read("application/json", "deflate"), "json deflate");
}

TEST(Content, SaysWhatItUnderstandsInstead) {
    const std::string types =
        "send application/json, or application/x-www-form-urlencoded with a field payload";
    EXPECT_EQ(read(""), "Content-Type is missing; " + types);
    for (const std::string_view type : {"text/plain", "multipart/form-data; boundary=x", "application/xml",
                                        "application/jsonp", "json", "text/x+json"}) {
        EXPECT_EQ(read(type), "this Content-Type is not understood; " + types) << type;
    }
    EXPECT_EQ(read("application/json; charset=iso-8859-1"), "this charset is not understood; send UTF-8");
    EXPECT_EQ(read("application/json; charset="), "this charset is not understood; send UTF-8");
    for (const std::string_view encoding : {"br", "zstd", "gzip, gzip", "gzip,deflate", "none"}) {
        EXPECT_EQ(read("application/json", encoding),
                  "this Content-Encoding is not understood; send gzip, deflate or none");
    }
}

TEST(Unpack, TakesGzipAndBothKindsOfDeflate) {
    const std::string text = "{\"a\": 1}";
    EXPECT_EQ(unpack(packed(text, Packing::gzip), Coding::gzip, 100).value(), text);
    EXPECT_EQ(unpack(packed(text, Packing::zlib), Coding::deflate, 100).value(), text);
    EXPECT_EQ(unpack(packed(text, Packing::bare), Coding::deflate, 100).value(), text);
    EXPECT_EQ(
        unpack(packed("{\"a\"", Packing::gzip) + packed(": 1}", Packing::gzip), Coding::gzip, 100).value(),
        text);
}

TEST(Unpack, StopsAtTheLimit) {
    const std::string exactly = packed(std::string(1000, 'x'), Packing::gzip);
    EXPECT_EQ(unpack(exactly, Coding::gzip, 1000).value().size(), 1000U);
    EXPECT_EQ(unpack(exactly, Coding::gzip, 999).error().code, Errc::too_large);
    const std::string bomb = packed(std::string(100U << 20U, '\0'), Packing::gzip);
    EXPECT_LT(bomb.size(), 500'000U);
    EXPECT_EQ(unpack(bomb, Coding::gzip, 25U << 20U).error().code, Errc::too_large);
}

TEST(Unpack, RefusesWhatIsDamaged) {
    const std::string whole = packed("{\"a\": 1}", Packing::gzip);
    for (const std::string& bytes :
         {std::string(), std::string("{\"a\": 1}"), whole.substr(0, whole.size() - 1), whole.substr(0, 12),
          whole + "x", std::string(1000, '\0')}) {
        const auto result = unpack(bytes, Coding::gzip, 1000);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().detail, "the body does not unpack: it is damaged or incomplete");
    }
    std::string wrong_sum = whole;
    wrong_sum[wrong_sum.size() - 6] ^= 1;
    EXPECT_FALSE(unpack(wrong_sum, Coding::gzip, 1000));
    EXPECT_FALSE(unpack(packed("a", Packing::zlib) + "x", Coding::deflate, 1000));
}

TEST(Form, HasOneFieldPayload) {
    const auto payload = [](std::string_view form) {
        const auto result = payload_of_form(form);
        return result ? *result : result.error().detail;
    };
    EXPECT_EQ(payload("payload=%7B%22a%22%3A+1%7D"), "{\"a\": 1}");
    EXPECT_EQ(payload("a=b&payload={}&c"), "{}");
    EXPECT_EQ(payload("payload="), "");
    EXPECT_EQ(payload("{\"a\":1}"), "the form has no field payload; JSON is sent as application/json");
    EXPECT_EQ(payload(""), "the form has no field payload; JSON is sent as application/json");
    EXPECT_EQ(payload("xpayload=a"), "the form has no field payload; JSON is sent as application/json");
    EXPECT_EQ(payload("payload=a&payload=a"), "the form has two fields payload");
    EXPECT_EQ(payload("payload=%7"), "the form's field payload is not percent-encoded text");
    EXPECT_EQ(payload(std::string(5000, '&')), "the form has too many fields");
}

}  // namespace
}  // namespace hookline::ingest
