// Samples with every value replaced by what nobody would send in good faith: a message all the same, within
// Discord's limits, and nothing of the payload acts as markup.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <regex>
#include <set>

#include "format/format.hpp"
#include "format/testing/readable.hpp"
#include "format/testing/unreadable.hpp"
#include "message/limits.hpp"
#include "services/service.hpp"

namespace hookline::format {
namespace {

namespace json = boost::json;

/// Each service's samples are tried on their own, so that one of them can be chosen with --gtest_filter.
class Hostile : public testing::TestWithParam<const services::ServiceAdapter*> {};

std::string service_name(const testing::TestParamInfo<const services::ServiceAdapter*>& info) {
    return std::string(event::name_of(info.param->service()));
}

INSTANTIATE_TEST_SUITE_P(Services, Hostile,
                         testing::ValuesIn(services::all_adapters().begin(), services::all_adapters().end()),
                         service_name);

/// Changes every value below `value` for which `change` returns true; keys that decide what a payload is
/// stay.
template <class Change>
void each_leaf(json::value& value, std::string_view key, const Change& change) {
    static const std::set<std::string_view> deciding{"action", "state", "conclusion", "ref_type",
                                                     "status", "phase", "type",       "event"};
    if (json::object* object = value.if_object()) {
        for (auto& member : *object) {
            each_leaf(member.value(), member.key(), change);
        }
    } else if (json::array* array = value.if_array()) {
        for (json::value& item : *array) {
            each_leaf(item, key, change);
        }
    } else if (deciding.count(key) == 0) {
        change(value);
    }
}

bool is_one_line(const message::Message& message) {
    const message::Embed& embed = message.embeds.at(0);
    return embed.fields.empty() && embed.thumbnail.empty() && embed.image.empty() &&
           embed.description.find('\n') == std::string::npos;
}

/// One for each style; none where the payload is not understood.
using Messages = std::vector<message::Message>;

Messages messages_of(const services::ServiceAdapter& adapter, const services::Sample& sample,
                     const json::value& payload) {
    event::Delivery delivery;
    delivery.service = adapter.service();
    delivery.event_type = sample.event_type;
    delivery.payload = json::serialize(payload);
    const auto event = adapter.parse(delivery);
    EXPECT_TRUE(event) << sample.name;
    if (!event) {
        return {};
    }
    const message::Message plain = plain_message(*event);
    EXPECT_TRUE(message::broken_limits(plain).empty()) << sample.name << "\n" << readable(plain);
    EXPECT_EQ(plain.content.find('\n'), std::string::npos) << plain.content;
    Enrichment enrichment;
    const std::string text = event->title + event->message;
    enrichment.files.assign(3, {text, -1, INT64_MAX});
    enrichment.stages.assign(50, {text, text, event::Conclusion::failure, std::chrono::seconds(-1)});
    enrichment.stopped_at = enrichment.error = text;
    Messages messages;
    for (const Style style : {Style::compact, Style::normal, Style::full}) {
        const message::Message enriched = to_message(*event, enrichment, style);
        EXPECT_TRUE(message::broken_limits(enriched).empty()) << sample.name << "\n" << readable(enriched);
        messages.push_back(to_message(*event, {}, style));
    }
    EXPECT_TRUE(is_one_line(messages.front())) << sample.name << "\n" << readable(messages.front());
    return messages;
}

void expect_sound(const Messages& messages, std::string_view what) {
    ASSERT_FALSE(messages.empty()) << what;
    for (const message::Message& message : messages) {
        const auto faults = message::broken_limits(message);
        EXPECT_TRUE(faults.empty()) << what << ": " << (faults.empty() ? "" : faults.front()) << "\n"
                                    << readable(message);
        EXPECT_EQ(message.allowed_mentions, message::AllowedMentions{});
        ASSERT_FALSE(message.embeds.empty());
        for (const message::EmbedField& field : message.embeds.front().fields) {
            EXPECT_FALSE(field.name.empty() || field.value.empty()) << what;
        }
    }
}

/// Where the payload itself holds nothing ugly.
void expect_readable(const Messages& messages, std::string_view what) {
    expect_sound(messages, what);
    for (const message::Message& message : messages) {
        EXPECT_EQ(unreadable_part(message), "") << what << "\n" << readable(message);
    }
}

const std::vector<std::string>& attacks() {
    static const std::vector<std::string> list{
        "@everyone @here <@1234567890123456789> <@&1234567890123456789> <#12345> </cmd:123> <t:1:R>",
        "[github.com](https://evil.example) <https://evil.example> discord.gg/abc",
        "``` ` `` **b** __u__ ~~s~~ ||x|| > # -# * _ \\",
        "\n\n\n# heading\n> quote\n- list\n```\nfence",
        "javascript:alert(1)",
        "https://user:pass@evil.example/" + std::string(5'000, 'a'),
        "http://exa mple.org/(a)[b]<c>",
        std::string(9'000, 'x'),
        std::string(1'500, '`') + std::string(1'500, '*') + std::string(1'500, '['),
        "\u202Etxt.exe\u202C \u2066x\u2069 \u200B\u200D\u00AD\uFEFF",
        "a" + std::string("\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301") + "\u0000",
        "👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽",
        "   \t  ",
        "",
        "null",
        "{{template}} ${x} %s %n {} {0}",
        std::string("\0\x01\x1b[31mred\x7f", 11),
        "refs/heads/" + std::string(5'000, 'b'),
    };
    return list;
}

/// What is fenced is code, over all of its lines.
std::string without_blocks(std::string text) {
    constexpr std::string_view fence = "```";
    std::size_t begin = 0;
    while ((begin = text.find(fence, begin)) != std::string::npos) {
        const std::size_t end = text.find(fence, begin + fence.size());
        if (end == std::string::npos) {
            break;
        }
        text.erase(begin, end + fence.size() - begin);
    }
    return text;
}

/// Whether a closer look is worth its time.
bool may_act(std::string_view text) {
    constexpr std::array<std::string_view, 8> signs{"@everyone", "@here",          "<@",          "<#", "</",
                                                    "<t:",       "](https://evil", "](javascript"};
    return std::any_of(signs.begin(), signs.end(),
                       [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

TEST_P(Hostile, EveryTextOfAPayloadMayBeAnAttack) {
    // Outside code and with its escapes taken away, none of these may be left to act.
    static const std::regex escaped(R"(\\.|`[^`\n]*`)");
    static const std::regex acts(R"(@everyone|@here|<@&?\d|<#\d|</|<t:|\]\(https://evil|\]\(javascript)");
    for (const services::Sample& sample : GetParam()->samples()) {
        const json::value original = json::parse(sample.payload);
        for (const std::string& attack : attacks()) {
            json::value payload = original;
            each_leaf(payload, "", [&](json::value& leaf) {
                if (leaf.is_string()) {
                    leaf = attack;
                }
            });
            Messages messages = messages_of(*GetParam(), sample, payload);
            expect_sound(messages, sample.name);
            for (message::Message& message : messages) {
                message.embeds.front().footer.clear();  // Discord shows it and the author as they are
                message.embeds.front().author_name.clear();
                const std::string whole = without_blocks(readable(message));
                if (!may_act(whole)) {
                    continue;
                }
                const std::string text = std::regex_replace(whole, escaped, "·");
                std::smatch found;
                EXPECT_FALSE(std::regex_search(text, found, acts)) << found.str() << " in\n"
                                                                   << readable(message);
            }
        }
    }
}

TEST_P(Hostile, AMegabyteIsCutNotCarriedAlong) {
    for (const services::Sample& sample : GetParam()->samples()) {
        static const std::set<std::string_view> chosen{
            "push",         "pr.opened", "comment.created", "pipeline.failed",
            "image.pushed", "notice",    "stage.failed"};
        if (chosen.count(sample.name) == 0) {
            continue;
        }
        json::value payload = json::parse(sample.payload);
        int grown = 0;
        each_leaf(payload, "", [&](json::value& leaf) {
            const bool is_text =
                leaf.is_string() && leaf.get_string().size() > 20 && !leaf.get_string().starts_with("http");
            if (is_text && grown < 12) {
                leaf = std::string(1'000'000, 'x') + "\n" + std::string(100'000, 'y');
                ++grown;
            }
        });
        const Messages messages = messages_of(*GetParam(), sample, payload);
        expect_sound(messages, sample.name);
        for (const message::Message& message : messages) {
            EXPECT_LT(readable(message).size(), 7'500U) << sample.name;
        }
    }
}

/// The value that comes `countdown` places into a walk over the tree, or null when the walk ends before.
json::value* nth_value(json::value& value, std::size_t& countdown) {
    if (countdown-- == 0) {
        return &value;
    }
    json::value* found = nullptr;
    if (json::object* object = value.if_object()) {
        for (auto member = object->begin(); member != object->end() && found == nullptr; ++member) {
            found = nth_value(member->value(), countdown);
        }
    } else if (json::array* array = value.if_array()) {
        for (auto item = array->begin(); item != array->end() && found == nullptr; ++item) {
            found = nth_value(*item, countdown);
        }
    }
    return found;
}

/// Takes away what stood in the same words in an earlier payload of the service: the project, the people. It
/// was tried there, by the same code, and would be most of the work here.
void leave_only_news(json::value& payload, std::set<std::string>& known) {
    std::vector<std::string> old;
    for (const auto& member : payload.get_object()) {
        if (member.value().is_object() &&
            !known.insert(std::string(member.key()) + json::serialize(member.value())).second) {
            old.emplace_back(member.key());
        }
    }
    for (const std::string& key : old) {
        payload.get_object().erase(key);
    }
}

TEST_P(Hostile, EveryValueMayBeMissingOrOfAnotherType) {
    std::set<std::string> known;
    std::set<std::string_view> seen;
    for (const services::Sample& sample : GetParam()->samples()) {
        if (!seen.insert(sample.event_type).second) {
            continue;
        }
        json::value payload = json::parse(sample.payload);
        leave_only_news(payload, known);
        for (std::size_t n = 1;; ++n) {
            std::size_t countdown = n;
            json::value* place = nth_value(payload, countdown);
            if (place == nullptr) {
                break;
            }
            json::value kept = *place;
            const json::value other = kept.is_string() ? json::value(-7) : json::value("x");
            for (const json::value& wrong : {json::value(nullptr), other}) {
                *place = wrong;
                expect_readable(messages_of(*GetParam(), sample, payload), sample.name);
            }
            *place = std::move(kept);
        }
    }
}

TEST_P(Hostile, AllValuesAtOnceMayBeNothing) {
    const std::vector<json::value> nothings{nullptr, 0,     -1,   INT64_MIN, INT64_MAX,     UINT64_MAX,
                                            1e308,   false, true, "",        json::array(), json::object()};
    for (const services::Sample& sample : GetParam()->samples()) {
        for (const json::value& nothing : nothings) {
            json::value payload = json::parse(sample.payload);
            each_leaf(payload, "", [&](json::value& leaf) { leaf = nothing; });
            expect_readable(messages_of(*GetParam(), sample, payload), sample.name);
            for (auto& member : payload.get_object()) {
                member.value() = nothing;
            }
            expect_readable(messages_of(*GetParam(), sample, payload), sample.name);
        }
        expect_readable(messages_of(*GetParam(), sample, json::object()), sample.name);
    }
}

/// The object that comes `countdown` objects into a walk over the tree, or null.
json::object* nth_object(json::value& value, std::size_t& countdown) {
    json::object* found = nullptr;
    if (json::object* object = value.if_object()) {
        if (countdown-- == 0) {
            return object;
        }
        for (auto member = object->begin(); member != object->end() && found == nullptr; ++member) {
            found = nth_object(member->value(), countdown);
        }
    } else if (json::array* array = value.if_array()) {
        for (auto item = array->begin(); item != array->end() && found == nullptr; ++item) {
            found = nth_object(*item, countdown);
        }
    }
    return found;
}

TEST_P(Hostile, KeysMayBeMissing) {
    for (const services::Sample& sample : GetParam()->samples()) {
        const json::value original = json::parse(sample.payload);
        for (std::size_t every = 2; every <= 5; ++every) {
            json::value payload = original;
            std::size_t key = every;
            for (std::size_t n = 0;; ++n) {
                std::size_t countdown = n;
                json::object* object = nth_object(payload, countdown);
                if (object == nullptr) {
                    break;
                }
                for (auto member = object->begin(); member != object->end();) {
                    member = ++key % every == 0 ? object->erase(member) : member + 1;
                }
            }
            expect_readable(messages_of(*GetParam(), sample, payload), sample.name);
        }
    }
}

TEST_P(Hostile, NestingIsOneMoreWrongType) {
    json::value nested = "x";
    for (int depth = 0; depth < 20; ++depth) {
        nested = json::value{json::object{{"name", json::array{std::move(nested)}}}};
    }
    for (const services::Sample& sample : GetParam()->samples()) {
        const json::value original = json::parse(sample.payload);
        for (const auto& member : original.get_object()) {
            json::value payload = original;
            payload.get_object()[member.key()] = nested;
            expect_readable(messages_of(*GetParam(), sample, payload), sample.name);
        }
    }
}

}  // namespace
}  // namespace hookline::format
