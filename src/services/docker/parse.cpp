#include "services/docker/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/crypto.hpp"
#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "services/builds.hpp"
#include "services/docker/engine.hpp"

namespace hookline::services::docker {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_name = 300;

bool is_docker_hub(const Node& payload) {
    return payload["push_data"].is_object() && !payload["repository"]["repo_name"].text(1).empty();
}

bool is_registry(const Node& payload) { return payload["events"].items(1).size() == 1; }

std::string digest_of(const std::string& text) { return to_hex(sha256(text)).substr(0, 32); }

void set_actor(std::string name, event::Event& event) {
    if (!trim(name).empty()) {
        event.actor = event::Actor{std::move(name), "", "", false};
    }
}

void parse_docker_hub(const Node& payload, event::Event& event) {
    const Node push = payload["push_data"];
    const Node repository = payload["repository"];
    event::Image image;
    image.repository = repository["repo_name"].text(longest_name);
    image.tag = push["tag"].text(longest_name);
    image.url = repository["repo_url"].text();
    set_actor(push["pusher"].text(longest_name), event);
    constexpr std::string_view of_names = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    if (event.actor && event.actor->login.find_first_not_of(of_names) == std::string::npos) {
        event.actor->url = "https://hub.docker.com/u/" + event.actor->login;
    }
    // Old senders write 1.417566161e+09.
    const auto time = push["pushed_at"].time();
    event.time = time ? *time : parse_time(push["pushed_at"].shown()).value_or(event.time);
    event.name = "image";
    event.action = "pushed";
    event.title = image.tag.empty() ? image.repository : image.repository + ":" + image.tag;
    event.message = repository["description"].text();
    event.url = image.url;
    event.image = std::move(image);
}

struct Act {
    std::string_view word;  // the registry's
    std::string_view action;
};
constexpr std::array acts{
    Act{"push", "pushed"},
    Act{"delete", "deleted"},
    Act{"pull", "pulled"},
    Act{"mount", "mounted"},
};

/// A manifest is an image; layers and configurations are its parts, told by it. What was deleted is told
/// without a type.
bool is_image(const Node& told) {
    const Node target = told["target"];
    const std::string type = target["mediaType"].text(longest_name);
    const bool is_known = type.find("manifest") != std::string::npos ||
                          type.find("image.index") != std::string::npos || !target["tag"].text(1).empty();
    return is_known || (type.empty() && told["action"].text() == "delete");
}

event::Image image_of(const Node& target) {
    event::Image image;
    image.repository = target["repository"].text(longest_name);
    image.tag = target["tag"].text(longest_name);
    image.digest = target["digest"].text(longest_id);
    image.media_type = target["mediaType"].text(longest_name);
    return image;
}

/// Layers of the same push that come along tell its size.
std::int64_t size_of_layers(const std::vector<Node>& events, std::string_view repository) {
    constexpr std::int64_t largest = std::int64_t{1} << 50;
    std::int64_t sum = 0;
    for (const Node& told : events) {
        if (!is_image(told) && told["action"].text() == "push" &&
            told["target"]["repository"].text(longest_name) == repository) {
            sum += std::clamp<std::int64_t>(told["target"]["size"].integer_or(0), 0, largest);
        }
    }
    return sum;
}

std::string reference_of(const event::Image& image) {
    constexpr std::size_t shown = 12;  // of a digest's 64 digits, as Docker does
    if (!image.tag.empty()) {
        return image.repository + ":" + image.tag;
    }
    const std::string hex = image.digest.substr(image.digest.find(':') + 1).substr(0, shown);
    return hex.empty() ? image.repository : image.repository + "@" + hex;
}

/// The other images that the same befell, each once, are the items of a notice.
void add_others(std::vector<event::Image> images, event::Event& event) {
    std::set<std::string> known{reference_of(*event.image)};
    event::Notice notice;
    for (const event::Image& image : images) {
        event::Notice::Item item;
        item.title = reference_of(image);
        if (!item.title.empty() && known.insert(item.title).second) {
            notice.items.push_back(std::move(item));
        }
    }
    if (!notice.items.empty()) {
        notice.item_count = static_cast<std::int64_t>(notice.items.size());
        event.notice = std::move(notice);
    }
}

/// Unrelated events share an envelope: told is the act that matters most, a push before a deletion before
/// all else, with every image that it befell.
void parse_registry(const Node& payload, event::Event& event) {
    const auto events = payload["events"].items();
    const auto is_told = [&](std::string_view word, const Node& told) {
        return told["action"].text() == word && is_image(told);
    };
    const auto* const act = std::find_if(acts.begin(), acts.end(), [&](const Act& known) {
        return std::any_of(events.begin(), events.end(),
                           [&](const Node& told) { return is_told(known.word, told); });
    });
    if (act == acts.end()) {
        return;
    }
    std::vector<event::Image> others;
    for (const Node& told : events) {
        if (!is_told(act->word, told)) {
            continue;
        }
        event::Image image = image_of(told["target"]);
        if (event.image) {
            others.push_back(std::move(image));
            continue;
        }
        event.time = told["timestamp"].time().value_or(event.time);
        set_actor(told["actor"]["name"].text(longest_name), event);
        event.title = image.tag.empty() ? image.repository : image.repository + ":" + image.tag;
        const auto layers = size_of_layers(events, image.repository);
        image.size = layers > 0 ? std::optional(layers) : std::nullopt;
        event.image = std::move(image);
    }
    add_others(std::move(others), event);
    event.name = "image";
    event.action = act->action;
}

}  // namespace

Envelope envelope_of(const Node& payload) {
    Envelope envelope;
    envelope.event_type = "unknown";
    if (is_engine(payload)) {
        return envelope_of_engine(payload);
    }
    if (is_build(payload)) {
        return envelope_of_build(payload);
    }
    if (is_docker_hub(payload)) {
        const Node push = payload["push_data"];
        envelope.event_type = "dockerhub";
        const std::string time = push["pushed_at"].shown(longest_id);
        if (!time.empty()) {
            envelope.delivery_id =
                digest_of(fmt::format("{}\n{}\n{}", payload["repository"]["repo_name"].text(longest_name),
                                      push["tag"].text(longest_name), time));
        }
    } else if (is_registry(payload)) {
        envelope.event_type = "registry";
        std::string ids;
        for (const Node& told : payload["events"].items()) {
            const std::string id = told["id"].text(longest_id);
            if (id.empty()) {
                return envelope;  // one without an id: nothing says that the delivery is the same
            }
            ids += id + "\n";
        }
        envelope.delivery_id = digest_of(ids);
    }
    return envelope;
}

Result<event::Event> parse(const event::Delivery& delivery) {
    auto document = Document::parse(delivery.payload);
    if (!document) {
        return fail(document.error().code, "the payload is " + document.error().detail);
    }
    const Node payload = document->root();
    if (!payload.is_object()) {
        return fail(Errc::malformed,
                    fmt::format("the payload of “{}” is no JSON object", delivery.event_type));
    }
    event::Event event;
    event.id = delivery.id;
    event.service = delivery.service;
    event.is_test = delivery.is_test;
    event.provider_name = delivery.event_type;
    event.time = delivery.received_at;
    if (is_engine(payload)) {
        parse_engine(payload, event);
    } else if (is_build(payload)) {
        parse_build(payload, event);
    } else if (is_docker_hub(payload)) {
        parse_docker_hub(payload, event);
    } else if (is_registry(payload)) {
        parse_registry(payload, event);
    }
    return event;
}

}  // namespace hookline::services::docker
