#include "streams/relayed.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hookline::streams {

namespace json = boost::json;

namespace {

constexpr std::size_t most_headers = 100;
constexpr std::size_t longest_header = 8192;

bool is_relayed(const json::object& object) {
    return object.contains("body") && object.contains("timestamp") && object.contains("query");
}

void add_headers(const json::object& object, event::Headers& headers) {
    for (const auto& [name, value] : object) {
        if (value.is_string() && name != "body" && name != "rawBody" && headers.all().size() < most_headers &&
            value.get_string().size() <= longest_header) {
            headers.add(name, value.get_string());
        }
    }
}

}  // namespace

Relayed unwrap(const std::string& data) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 100;  // docs/contract.md, section 3
    options.allow_invalid_utf8 = true;
    const json::value document = json::parse(data, error, {}, options);
    Relayed relayed;
    if (error) {
        relayed.payload = json::serialize(json::object{{"message", data}});
        return relayed;
    }
    const json::object* const object = document.if_object();
    if (object == nullptr || !is_relayed(*object)) {
        relayed.payload = data;
        return relayed;
    }
    add_headers(*object, relayed.headers);
    const json::value& body = object->at("body");
    relayed.payload = body.is_string() ? std::string(body.get_string()) : json::serialize(body);
    return relayed;
}

}  // namespace hookline::streams
