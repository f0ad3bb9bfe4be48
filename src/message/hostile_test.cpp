// Thousands of hostile texts, the same in every run: whatever goes in, what comes out is whole, within every
// limit, and holds no link, mention or markup that Hookline did not write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "base/text.hpp"
#include "message/json.hpp"
#include "message/limits.hpp"
#include "message/markdown.hpp"
#include "message/reading.hpp"

namespace hookline::message {

namespace {

const std::vector<std::string>& fragments() {
    static const std::vector<std::string> all{"a",
                                              "word",
                                              " ",
                                              "  ",
                                              "\n",
                                              "\r\n",
                                              "\t",
                                              "\\",
                                              "\\\\",
                                              "*",
                                              "**",
                                              "***",
                                              "_",
                                              "__",
                                              "~~",
                                              "|",
                                              "||",
                                              "`",
                                              "``",
                                              "```",
                                              "````",
                                              "```py\n",
                                              "[",
                                              "]",
                                              "(",
                                              ")",
                                              "](",
                                              "](https://evil.example)",
                                              "[x](https://evil.example)",
                                              "[a](<javascript:alert(1)>)",
                                              "<",
                                              ">",
                                              "> ",
                                              ">>> ",
                                              "# ",
                                              "## ",
                                              "-# ",
                                              "- ",
                                              "1. ",
                                              "* ",
                                              "@everyone",
                                              "@here",
                                              "@",
                                              "<@123456789012345678>",
                                              "<@&1>",
                                              "<#1>",
                                              "</cmd x:1>",
                                              "<id:customize>",
                                              "<t:1700000000:R>",
                                              "<:x:123>",
                                              "<a:x:123>",
                                              ":tada:",
                                              ":",
                                              "https://evil.example/a_b",
                                              "http://",
                                              "https",
                                              "://",
                                              "<https://evil.example>",
                                              "discord.gg/abc",
                                              "mailto:a@b.example",
                                              "\u202E",
                                              "\u2066",
                                              "\u200B",
                                              "\u200D",
                                              "\u00AD",
                                              "\uFEFF",
                                              "\U000E0041",
                                              "\uE000",
                                              "\x1B[31m",
                                              "\x1B]8;;x\x07",
                                              "\x07",
                                              std::string(1, '\0'),
                                              "\xC3",
                                              "\xED\xA0\x80",
                                              "\xF0\x9F",
                                              "\u0301",
                                              "\u0301\u0302\u0303\u0304\u0305\u0306",
                                              "👩‍👩‍👧‍👦",
                                              "🇩🇪",
                                              "🇩",
                                              "👍🏽",
                                              "\uFE0F",
                                              "각",
                                              "\u1100\u1161",
                                              "مرحبا",
                                              "snake_case_",
                                              "x",
                                              "0",
                                              "1234567890",
                                              "{{template}}",
                                              "%n",
                                              "…",
                                              "\u2800",
                                              "\u3164",
                                              "|a|b|\n|-|-|\n"};
    return all;
}

class Hostile {
public:
    explicit Hostile(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    std::string text() {
        constexpr std::array<std::size_t, 4> sizes{4, 20, 100, 1000};
        const std::size_t parts = below(sizes[below(20) == 0 ? 3 : below(3)] + 1);
        std::string result;
        for (std::size_t i = 0; i < parts; ++i) {
            const std::string& fragment = fragments()[below(fragments().size())];
            const std::size_t times = below(40) == 0 ? below(100) : 1;
            for (std::size_t j = 0; j < times; ++j) {
                result += fragment;
            }
        }
        return result;
    }
    /// Either raw, as a careless caller would, or built of pieces.
    std::string markdown() {
        if (below(3) == 0) {
            return text();
        }
        Markdown md;
        for (std::size_t i = below(12); i > 0; --i) {
            piece(md);
        }
        return below(2) == 0 ? md.str() : md.cut_to(below(1200));
    }
    Message message() {
        Message message;
        message.content = markdown();
        for (std::size_t i = below(4) == 0 ? below(13) : below(3); i > 0; --i) {
            Embed embed;
            embed.title = below(2) == 0 ? text() : escape(text());
            embed.url = below(2) == 0 ? "https://x.example/" : text();
            embed.description = markdown();
            embed.author_name = text();
            embed.author_url = text();
            embed.footer = text();
            embed.thumbnail = text();
            for (std::size_t j = below(30); j > 0; --j) {
                embed.fields.push_back({text(), markdown(), below(2) == 0});
            }
            message.embeds.push_back(std::move(embed));
        }
        for (std::size_t i = below(30); i > 0; --i) {
            message.buttons.push_back({text(), below(2) == 0 ? "https://x.example/" : text()});
        }
        message.hides_previews = below(2) == 0;
        return message;
    }

private:
    void piece(Markdown& md) {
        switch (below(10)) {
            case 0:
                md.bold(text());
                break;
            case 1:
                md.italic(text());
                break;
            case 2:
                md.code(text());
                break;
            case 3:
                md.block(text(), text());
                break;
            case 4:
                md.quote(text());
                break;
            case 5:
                md.link(text(), "https://ours.example/");
                break;
            case 6:
                md.code_link(text(), "https://ours.example/");
                break;
            case 7:
                md.lines(text()).newline();
                break;
            case 8:
                md.and_more(below(50), 3);
                break;
            default:
                md.text(text());
        }
    }
    std::mt19937 engine_;
};

/// A second reader, by regular expressions and without the first one's knowledge of escapes inside links:
/// what the most generous client could take for a link.
void expect_only_our_links(const std::string& markdown) {
    static const std::regex link(R"(\]\(([^)]*)\))");
    for (std::sregex_iterator match(markdown.begin(), markdown.end(), link), end; match != end; ++match) {
        EXPECT_EQ((*match)[1].str(), "https://ours.example/") << markdown;
    }
}

std::string outside_code(const std::string& markdown) {
    std::string rest;
    for (const Token& token : read_markdown(markdown)) {
        const bool is_code = token.kind == Token::Kind::code || token.kind == Token::Kind::fence;
        rest += is_code ? std::string_view(" ") : token.raw;
    }
    return rest;
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
        ++count;
    }
    return count;
}

}  // namespace

TEST(Hostile, FitKeepsEveryLimitWhateverGoesIn) {
    Hostile hostile(20);
    for (int i = 0; i < 40; ++i) {
        const Message message = fit(hostile.message());
        ASSERT_THAT(broken_limits(message), testing::IsEmpty()) << "round " << i;
        ASSERT_EQ(serialize(fit(message)), serialize(message))
            << "round " << i << ": what fits is left alone";
    }
}

TEST(Hostile, NothingOfAStrangerBecomesALinkOrAMention) {
    Hostile hostile(21);
    static const std::regex mention(R"((^|[^\\])(<@|<#|<:|<a:|<t:|</|<id:|<https?:|@everyone|@here))");
    for (int i = 0; i < 400; ++i) {
        Markdown md;
        md.text(hostile.text())
            .markup(" ")
            .bold(hostile.text())
            .markup(" ")
            .link(hostile.text(), "https://ours.example/");
        md.newline().lines(hostile.text()).newline().code(hostile.text()).markup(" ").quote(hostile.text());
        const std::string markdown = outside_code(md.cut_to(200 + hostile.below(3000)));
        ASSERT_TRUE(is_utf8(markdown));
        expect_only_our_links(markdown);
        std::smatch found;
        static const std::regex ours("<https://ours.example/>");
        const std::string cleared = std::regex_replace(markdown, ours, "");
        ASSERT_FALSE(std::regex_search(cleared, found, mention)) << found.str() << " in " << markdown;
        ASSERT_EQ(count_of(markdown, "://evil"), count_of(markdown, "\\://evil")) << markdown;
    }
}

TEST(Hostile, ATextAloneIsNothingButText) {
    Hostile hostile(22);
    for (int i = 0; i < 400; ++i) {
        const std::string escaped = escape(hostile.text(), hostile.below(2) == 0);
        for (const Token& token : read_markdown(escaped)) {
            const bool is_text = token.kind == Token::Kind::word || token.kind == Token::Kind::space ||
                                 token.kind == Token::Kind::newline || token.kind == Token::Kind::escape;
            ASSERT_TRUE(is_text) << '"' << token.raw << "\" in " << escaped;
        }
        EXPECT_EQ(escaped.find("\x1B"), std::string::npos);
    }
}

TEST(Hostile, NoCutLeavesAHalf) {
    Hostile hostile(23);
    for (int i = 0; i < 400; ++i) {
        Markdown md;
        md.block(hostile.text())
            .link("ours", "https://ours.example/")
            .newline()
            .bold(hostile.text())
            .newline();
        md.quote(hostile.text()).code(hostile.text()).and_more(hostile.below(9), 2);
        const std::size_t limit = hostile.below(1500);
        const std::string cut = md.cut_to(limit);
        ASSERT_LE(code_points(cut), limit);
        ASSERT_TRUE(is_utf8(cut));
        ASSERT_FALSE(has_open_fence(cut)) << cut;
        ASSERT_EQ(count_of(cut, "[ours"), count_of(cut, "[ours](https://ours.example/)")) << cut;
        for (const Token& token : read_markdown(cut)) {
            ASSERT_FALSE(token.kind == Token::Kind::word &&
                         token.raw.find_first_of("*`") != std::string_view::npos)
                << "an open mark in " << cut;
        }
    }
}

}  // namespace hookline::message
