#include "services/custom/notice.hpp"

#include <algorithm>
#include <array>

#include "base/iso_time.hpp"
#include "base/text.hpp"
#include "services/custom/severity.hpp"

namespace hookline::services::custom {

namespace {

using event::Notice;
using Keys = std::span<const std::string_view>;

// Spelled without case, dashes and underscores. What stands first is looked for first.
constexpr std::array<std::string_view, 10> title_keys{
    "title",     "subject",     "headline",     "summary",  "alertname",
    "eventname", "displayname", "incidentname", "rulename", "monitorname"};
/// Names a thing rather than what happened: only where nothing better is there.
constexpr std::array<std::string_view, 6> weak_title_keys{"event", "eventtype", "alert",
                                                          "type",  "name",      "action"};
constexpr std::array<std::string_view, 15> text_keys{
    "message", "text",  "body",         "description", "msg",     "content",       "details", "detail",
    "reason",  "error", "errormessage", "info",        "comment", "statusmessage", "output"};
constexpr std::array<std::string_view, 12> severity_keys{
    "severity", "level", "priority", "criticality", "urgency",     "alertlevel",
    "status",   "state", "result",   "outcome",     "alertstatus", "newstate"};
constexpr std::array<std::string_view, 3> success_keys{"success", "ok", "passed"};
constexpr std::array<std::string_view, 15> url_keys{
    "url",      "link",        "htmlurl", "weburl",   "href",         "permalink", "detailsurl", "targeturl",
    "alerturl", "incidenturl", "joburl",  "buildurl", "dashboardurl", "uri",       "externalurl"};
constexpr std::array<std::string_view, 5> image_keys{"imageurl", "image", "screenshoturl", "thumbnailurl",
                                                     "screenshot"};
constexpr std::array<std::string_view, 13> time_keys{
    "timestamp", "time",      "occurredat", "eventtime", "triggeredat", "firedat",   "createdat",
    "startedat", "updatedat", "datetime",   "date",      "ts",          "@timestamp"};
constexpr std::array<std::string_view, 6> source_keys{"source", "service",     "servicename",
                                                      "app",    "application", "product"};
/// Objects in which services wrap what they say.
constexpr std::array<std::string_view, 20> wrappers{
    "data",   "payload", "event",   "alert",      "incident", "notification", "message",
    "object", "detail",  "details", "attributes", "resource", "record",       "issue",
    "check",  "monitor", "result",  "item",       "body",     "error"};
// A secret is nobody's business in a channel, an id nobody's to read.
constexpr std::array<std::string_view, 16> hidden_keys{
    "token",    "secret", "password", "passwd", "apikey",      "accesskey", "authorization", "signature",
    "checksum", "cookie", "session",  "hash",   "credentials", "version",   "fingerprint",   "privatekey"};

constexpr std::size_t most_places = 16;
constexpr std::size_t deepest_place = 3;
constexpr std::size_t most_keys = 60;

std::string plain(std::string_view key) {
    std::string result = to_lower_ascii(key);
    std::erase_if(result, [](char c) { return c == '-' || c == '_' || c == ' ' || c == '.'; });
    return result;
}

bool holds(Keys keys, std::string_view key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

/// One object of the payload with its keys in order.
struct Place {
    explicit Place(const Node& object) : node(object) {
        for (std::string& key : object.keys(most_keys)) {
            std::string spelling = plain(key);
            members.push_back({std::move(key), std::move(spelling)});
        }
    }
    struct Member {
        std::string key, spelling;
        bool is_used = false;
    };
    Node node;
    std::vector<Member> members;
};

/// The payload itself first, then the objects inside, the outer ones before the inner.
std::vector<Place> places_of(const Node& payload) {
    std::vector<Place> places;
    places.emplace_back(payload);
    std::size_t begin = 0;
    for (std::size_t depth = 0; depth < deepest_place; ++depth) {
        const std::size_t end = places.size();
        for (std::size_t at = begin; at < end; ++at) {
            for (std::size_t index = 0; index < places[at].members.size(); ++index) {
                const Place::Member& member = places[at].members[index];
                const Node inner = places[at].node[member.key];
                const bool is_place = inner.is_object() && holds(wrappers, member.spelling);
                if (is_place && places.size() < most_places) {
                    places[at].members[index].is_used = true;
                    places.emplace_back(inner);
                }
            }
        }
        begin = end;
    }
    return places;
}

class Finder {
public:
    explicit Finder(const Node& payload) : places_(places_of(payload)) {}

    /// The first member under one of `keys`, the outer places first, for which `take` returns true: it is
    /// used up.
    template <class Take>
    bool find(Keys keys, const Take& take) {
        for (Place& place : places_) {
            for (const std::string_view key : keys) {
                for (Place::Member& member : place.members) {
                    if (!member.is_used && member.spelling == key && take(place.node[member.key])) {
                        member.is_used = true;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    std::string text(Keys keys) {
        std::string result;
        find(keys, [&](const Node& node) {
            result = std::string(trim(node.text()));
            return !result.empty();
        });
        return result;
    }

    std::string url(Keys keys) {
        std::string result;
        find(keys, [&](const Node& node) {
            const std::string text = node.text();
            const bool is_url = text.starts_with("http://") || text.starts_with("https://");
            result = is_url ? text : std::string();
            return is_url;
        });
        return result;
    }

    std::vector<Place>& places() { return places_; }

private:
    std::vector<Place> places_;
};

/// "id", "user_id", "userId", "ID"; not "valid".
bool names_id(std::string_view key) {
    constexpr std::array<std::string_view, 8> endings{"_id",  "-id", "Id",   "ID",
                                                      "_ids", "Ids", "uuid", "guid"};
    return equals_ignoring_case(key, "id") ||
           std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view end) { return key.ends_with(end); });
}

bool is_hidden(const Place::Member& member) {
    return names_id(member.key) ||
           std::any_of(hidden_keys.begin(), hidden_keys.end(),
                       [&](std::string_view hidden) { return member.spelling.ends_with(hidden); });
}

/// A digest, a UUID, a key: nothing that a person reads.
bool is_machine_word(std::string_view text) {
    constexpr std::size_t shortest = 24;
    return text.size() >= shortest &&
           text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

/// "web, db" of a list of short texts.
std::string list_of(const Node& node) {
    constexpr std::size_t most_shown = 10;
    std::string result;
    for (const Node& item : node.items(most_shown)) {
        const std::string text = item.shown(longest_fact);
        if (text.empty() || is_machine_word(text)) {
            return {};
        }
        result += (result.empty() ? "" : ", ") + text;
    }
    return result;
}

void add_rest(Finder& finder, Notice& notice) {
    for (Place& place : finder.places()) {
        for (const Place::Member& member : place.members) {
            if (member.is_used || is_hidden(member)) {
                continue;
            }
            const Node node = place.node[member.key];
            const std::string value = node.shown(2 * longest_fact);
            if (!is_machine_word(value)) {
                add_fact(notice, spelled(member.key), value.empty() ? list_of(node) : value);
            }
        }
    }
}

Notice::Severity find_severity(Finder& finder) {
    Notice::Severity severity = Notice::Severity::none;
    finder.find(severity_keys, [&](const Node& node) {
        const auto found = severity_of(node.text(longest_title));
        severity = found.value_or(severity);
        return found.has_value();
    });
    if (severity != Notice::Severity::none) {
        return severity;
    }
    finder.find(success_keys, [&](const Node& node) {
        const std::string truth = node.shown(longest_title);
        if (truth == "yes" || truth == "no") {
            severity = truth == "yes" ? Notice::Severity::success : Notice::Severity::error;
        }
        return severity != Notice::Severity::none;
    });
    return severity;
}

/// The first line of a text, and what remains of the text below it.
void split_title(std::string& title, std::string& text) {
    title = std::string(trim(first_line(text)));
    const bool is_whole = code_points(title) <= longest_title;
    if (is_whole) {
        text =
            std::string(trim(std::string_view(text).substr(std::min(text.size(), first_line(text).size()))));
    }
}

/// "order.shipped" is a name for machines; said with spaces it is one for people.
std::string as_words(std::string_view name) {
    return name.find(' ') == std::string_view::npos ? spelled(name) : std::string(name);
}

/// The first letter large, and names that are written in capitals: "tracking url" is "Tracking URL".
std::string as_sentence(std::string_view words) {
    constexpr std::array<std::string_view, 10> capitals{"url", "ip",  "cpu", "api", "os",
                                                        "ssl", "dns", "tls", "ram", "ci"};
    std::string result;
    for (const std::string_view word : split(words, ' ')) {
        std::string shown(word);
        const bool is_name =
            std::find(capitals.begin(), capitals.end(), to_lower_ascii(word)) != capitals.end();
        const std::size_t large =
            is_name ? shown.size() : std::min<std::size_t>(result.empty() ? 1 : 0, shown.size());
        std::transform(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(large), shown.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        result += (result.empty() ? "" : " ") + shown;
    }
    return result;
}

}  // namespace

std::string spelled(std::string_view key) {
    std::string result;
    for (std::size_t at = 0; at < key.size(); ++at) {
        const char c = key[at];
        const bool is_capital = c >= 'A' && c <= 'Z';
        const bool follows_small = at > 0 && ((key[at - 1] >= 'a' && key[at - 1] <= 'z'));
        if (c == '_' || c == '-' || c == '.' || c == ':' || c == '/') {
            result += ' ';
        } else if (is_capital && follows_small) {
            result += ' ';
            const bool is_short_for = at + 1 < key.size() && key[at + 1] >= 'A' && key[at + 1] <= 'Z';
            result += is_short_for || at + 1 == key.size() ? c : static_cast<char>(c - 'A' + 'a');
        } else {
            result += c;
        }
    }
    return as_sentence(trim(result));
}

std::string first_text(std::initializer_list<Node> nodes) {
    for (const Node& node : nodes) {
        std::string text(trim(node.text()));
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

void set_time(event::Event& event, std::initializer_list<Node> times) {
    for (const Node& node : times) {
        if (const auto time = node.time()) {
            event.time = *time;
            return;
        }
    }
}

void add_fact(Notice& notice, std::string_view name, std::string value) {
    const std::string_view text = trim(value);
    if (!text.empty() && !trim(name).empty() && notice.facts.size() < most_facts) {
        notice.facts.push_back({std::string(name), shorten(text, longest_fact)});
    }
}

void set_notice(event::Event& event, Notice notice) {
    event.name = "notice";
    event.action = word_of(notice.severity);
    event.title = shorten(trim(first_line(trim(event.title))), longest_title);
    event.message = notice.text;
    event.notice = std::move(notice);
}

void parse_json(const Node& payload, event::Event& event) {
    Finder finder(payload);
    Notice notice;
    notice.severity = find_severity(finder);
    event.title = finder.text(title_keys);
    notice.text = finder.text(text_keys);
    if (event.title.empty()) {
        event.title = as_words(finder.text(weak_title_keys));
    }
    if (event.title.empty()) {
        split_title(event.title, notice.text);
    }
    if (notice.text == event.title) {
        notice.text.clear();
    }
    event.url = finder.url(url_keys);
    notice.image_url = finder.url(image_keys);
    finder.find(time_keys, [&](const Node& node) {
        const auto time = node.time();
        event.time = time.value_or(event.time);
        return time.has_value();
    });
    notice.source = shorten(finder.text(source_keys), 80);
    if (notice.source.find("://") != std::string::npos) {
        add_fact(notice, "Source", std::move(notice.source));
        notice.source.clear();
    }
    add_rest(finder, notice);
    set_notice(event, std::move(notice));
}

}  // namespace hookline::services::custom
