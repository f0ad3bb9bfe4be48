// What a service's sender can reach after its proof: any payload becomes a message that Discord takes, or an
// error. Built once for each service (HOOKLINE_FUZZ_SERVICE). An input is the event's type in the service's
// words, a line end, the payload; without a type the payload tells it, where the service puts it there. Run:
// tools/fuzz.sh
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "base/text.hpp"
#include "format/format.hpp"
#include "message/limits.hpp"
#include "services/announced.hpp"
#include "services/service.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using namespace hookline;
namespace json = boost::json;

const services::ServiceAdapter& adapter() {
    static const services::ServiceAdapter& known =
        *services::find_adapter(*event::parse_service(HOOKLINE_FUZZ_SERVICE));
    return known;
}

event::Delivery delivery_of(std::string_view input) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    event::Delivery delivery;
    delivery.service = adapter().service();
    delivery.event_type = input.substr(0, end);
    delivery.payload = input.substr(std::min(end + 1, input.size()));
    const auto envelope = adapter().envelope(event::Headers(), delivery.payload);
    if (delivery.event_type.empty() && envelope) {
        delivery.event_type = envelope->event_type;
    }
    return delivery;
}

void require(bool holds, std::string_view what) {
    if (!holds) {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
        std::abort();
    }
}

void require_sound(const message::Message& message) {
    for (const std::string& fault : message::broken_limits(message)) {
        require(false, fault);
    }
    for (const message::Embed& embed : message.embeds) {
        require(!trim(embed.title).empty(), "an embed without a title");
        for (const message::EmbedField& field : embed.fields) {
            require(!trim(field.name).empty() && !trim(field.value).empty(), "an empty field");
        }
    }
}

/// One of the values below `value`, each as likely as the other.
json::value& any_value(json::value& value, std::minstd_rand& random) {
    std::vector<json::value*> all{&value};
    for (std::size_t at = 0; at < all.size() && all.size() < 10'000; ++at) {
        if (json::object* object = all[at]->if_object()) {
            for (auto& member : *object) {
                all.push_back(&member.value());
            }
        } else if (json::array* array = all[at]->if_array()) {
            for (json::value& item : *array) {
                all.push_back(&item);
            }
        }
    }
    return *all[random() % all.size()];
}

/// What nobody would send in good faith, and what stands elsewhere in the same payload.
json::value strange_value(json::value& payload, std::minstd_rand& random) {
    switch (random() % 10) {
        case 0:
            return nullptr;
        case 1:
            return "";
        case 2:
            return json::string(1 + random() % 6'000, static_cast<char>(' ' + random() % 95));
        case 3:
            return static_cast<std::int64_t>(random()) - (1U << 30U);
        case 4:
            return random() % 2 == 0 ? json::value(INT64_MIN) : json::value(UINT64_MAX);
        case 5:
            return json::array(random() % 8, any_value(payload, random));
        case 6:
            return json::object();
        case 7:
            return "\u202E@everyone [x](https://evil.example) ```\n# **\n<@1>";
        default:
            return any_value(payload, random);
    }
}

void change(json::value& payload, std::minstd_rand& random) {
    json::value replacement = strange_value(payload, random);
    json::value& place = any_value(payload, random);
    if (json::object* object = place.if_object();
        object != nullptr && !object->empty() && random() % 2 == 0) {
        object->erase(object->begin() + static_cast<std::ptrdiff_t>(random() % object->size()));
        return;
    }
    place = std::move(replacement);
}

}  // namespace

/// Most inputs stay JSON, else the fuzzer would only ever try its parser.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
    std::minstd_rand random(seed);
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.find('\n');
    if (line == std::string_view::npos || random() % 8 == 0) {
        return LLVMFuzzerMutate(data, size, most);
    }
    boost::system::error_code error;
    json::value payload = json::parse(json::string_view(input.data() + line + 1, size - line - 1), error);
    if (error) {
        return LLVMFuzzerMutate(data, size, most);
    }
    for (unsigned left = 1 + random() % 4; left > 0; --left) {
        change(payload, random);
    }
    const std::string changed = std::string(input.substr(0, line + 1)) + json::serialize(payload);
    if (changed.size() > most) {
        return LLVMFuzzerMutate(data, size, most);
    }
    std::copy(changed.begin(), changed.end(), data);
    return changed.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(size == 0 ? "" : reinterpret_cast<const char*>(data), size);
    const auto event = adapter().parse(delivery_of(input));
    if (!event) {
        return 0;
    }
    (void)services::silent_by_default(*event);
    require_sound(format::to_message(*event));
    require_sound(format::plain_message(*event));
    return 0;
}
