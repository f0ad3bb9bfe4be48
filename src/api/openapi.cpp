// The OpenAPI 3.1 document, made from the same rows that the router goes by.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/api.hpp"
#include "api/route.hpp"
#include "base/text.hpp"

namespace hookline::api {

namespace json = boost::json;

namespace {

/// Answers by name. A property whose type is a list may be null.
constexpr std::string_view schemas = R"json({
"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
"Destination": {"type": "object", "properties": {
    "kind": {"enum": ["terminal", "discord_channel", "discord_webhook", "discord_user"]},
    "channel": {"type": ["string", "null"]}, "guild": {"type": ["string", "null"]},
    "held": {"type": ["string", "null"], "description": "why it takes nothing at present"}}},
"Hook": {"type": "object", "required": ["id", "service", "path"], "properties": {
    "id": {"type": "string", "examples": ["hook_001"]}, "service": {"type": "string"},
    "path": {"type": "string", "description": "where its service delivers"},
    "destination": {"$ref": "#/components/schemas/Destination"},
    "events": {"type": "array", "items": {"type": "string"}},
    "repos": {"type": "array", "items": {"type": "string"}},
    "style": {"enum": ["compact", "normal", "full"]},
    "live": {"type": ["boolean", "null"], "description": "null: as is usual for the service and the channel"},
    "threads": {"type": ["boolean", "null"], "description": "null: as is usual for the channel"},
    "enabled": {"type": "boolean"}, "paused": {"type": "boolean"},
    "created_at": {"type": "string", "format": "date-time"},
    "connected_at": {"type": ["string", "null"], "format": "date-time"},
    "deleted_at": {"type": ["string", "null"], "format": "date-time"},
    "secret": {"type": "string", "description": "only in the answer that made the hook"}}},
"Hooks": {"type": "object", "properties": {
    "hooks": {"type": "array", "items": {"$ref": "#/components/schemas/Hook"}}}},
"Outcome": {"type": "object", "properties": {
    "hook": {"type": "string"}, "reason": {"type": "string"}, "message": {"type": ["integer", "null"]},
    "kind": {"enum": ["sent", "folded", "filtered", "muted", "not_announced", "hook_off", "parked",
                      "not_understood"]},
    "at": {"type": "string", "format": "date-time"}}},
"Event": {"type": "object", "required": ["id"], "properties": {
    "id": {"type": "integer"}, "service": {"type": "string"}, "event_type": {"type": "string"},
    "delivery_id": {"type": "string"}, "endpoint": {"type": ["string", "null"]},
    "received_at": {"type": "string", "format": "date-time"},
    "processed": {"type": "boolean"}, "test": {"type": "boolean"},
    "payload": {"description": "only of a single event"},
    "outcomes": {"type": "array", "items": {"$ref": "#/components/schemas/Outcome"}}}},
"Events": {"type": "object", "properties": {
    "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}}},
"Message": {"type": "object", "required": ["id"], "properties": {
    "id": {"type": "integer"}, "destination": {"type": "integer"}, "hook": {"type": ["string", "null"]},
    "event": {"type": ["integer", "null"]},
    "state": {"enum": ["waiting", "sent", "parked", "deleted"]}, "error": {"type": ["string", "null"]},
    "revision": {"type": "integer"}, "discord_channel": {"type": ["string", "null"]},
    "discord_message": {"type": ["string", "null"]},
    "created_at": {"type": "string", "format": "date-time"},
    "sent_at": {"type": ["string", "null"], "format": "date-time"}}},
"Messages": {"type": "object", "properties": {
    "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}}}},
"Reply": {"type": "object", "required": ["ok", "message"], "properties": {
    "ok": {"type": "boolean", "description": "false: the words were refused, and the message says why"},
    "message": {"type": "object"}, "only_you": {"type": ["object", "null"]},
    "hook": {"type": ["string", "null"]}}},
"Sent": {"type": "object", "required": ["status"], "properties": {
    "status": {"type": "integer", "description": "of the answer that the service would have got"},
    "answer": {}}},
"Told": {"type": "object", "required": ["events"], "properties": {
    "events": {"type": "array", "items": {"type": "integer"},
               "description": "one for each endpoint whose hooks hear of it; none: no hook does"}}},
"Status": {"type": "object", "properties": {
    "version": {"type": "string"}, "time": {"type": "string", "format": "date-time"},
    "started_at": {"type": "string", "format": "date-time"}, "gateway": {"type": "string"},
    "events": {"type": "integer"}, "unprocessed": {"type": "integer"}, "waiting": {"type": "integer"},
    "parked": {"type": "integer"}, "held": {"type": "array", "items": {"type": "object"}},
    "channels": {"type": "array", "items": {"type": "object"}}}}
})json";

json::object reference(std::string_view name) {
    json::object schema;
    schema["$ref"] = "#/components/schemas/" + std::string(name);
    return schema;
}

json::object typed(const Parameter& parameter) {
    json::object schema;
    schema["type"] = parameter.type;
    if (parameter.type == "array") {
        json::object items;
        items["type"] = "string";
        schema["items"] = std::move(items);
    }
    return schema;
}

json::object in_json(json::object schema) {
    json::object media;
    media["schema"] = std::move(schema);
    json::object content;
    content["application/json"] = std::move(media);
    return content;
}

json::array parameters_of(const Route& route) {
    json::array list;
    for (const std::string_view part : split(route.path, '/')) {
        if (part.starts_with('{')) {
            json::object schema;
            schema["type"] = "string";
            json::object parameter;
            parameter["name"] = part.substr(1, part.size() - 2);
            parameter["in"] = "path";
            parameter["required"] = true;
            parameter["schema"] = std::move(schema);
            list.push_back(std::move(parameter));
        }
    }
    for (const Parameter& row : route.query) {
        json::object parameter;
        parameter["name"] = row.name;
        parameter["in"] = "query";
        parameter["description"] = row.meaning;
        parameter["schema"] = typed(row);
        list.push_back(std::move(parameter));
    }
    return list;
}

json::object body_of(const Route& route) {
    json::object properties;
    json::array required;
    for (const Parameter& row : route.body) {
        json::object property = typed(row);
        property["description"] = row.meaning;
        properties[row.name] = std::move(property);
        if (row.is_required) {
            required.emplace_back(row.name);
        }
    }
    json::object schema;
    schema["type"] = "object";
    schema["additionalProperties"] = false;
    schema["properties"] = std::move(properties);
    schema["required"] = std::move(required);
    json::object body;
    body["content"] = in_json(std::move(schema));
    return body;
}

json::object answers_of(const Route& route) {
    json::object fine;
    fine["description"] = route.summary;
    if (!route.answer.empty()) {
        fine["content"] = in_json(reference(route.answer));
    }
    json::object wrong;
    wrong["description"] = "What is wrong";
    wrong["content"] = in_json(reference("Error"));
    json::object answers;
    answers["2XX"] = std::move(fine);
    answers["default"] = std::move(wrong);
    return answers;
}

json::object operation_of(const Route& route) {
    json::object operation;
    operation["summary"] = route.summary;
    operation["parameters"] = parameters_of(route);
    if (!route.body.empty()) {
        operation["requestBody"] = body_of(route);
    }
    operation["responses"] = answers_of(route);
    if (!route.needs_token) {
        operation["security"] = json::array();
    }
    return operation;
}

}  // namespace

std::string openapi_document(std::string_view version) {
    json::object paths;
    for (const Route* route : all_routes()) {
        json::value& path = paths[route->path];
        if (!path.is_object()) {
            path = json::object();
        }
        std::string method = to_lower_ascii(route->method);
        path.get_object()[method] = operation_of(*route);
    }
    json::object info;
    info["title"] = "Hookline";
    info["version"] = version;
    info["description"] = "What the hookline program and other programs may ask of a running daemon.";
    json::object document;
    document["openapi"] = "3.1.0";
    document["info"] = std::move(info);
    document["security"] = json::parse(R"([{"admin": []}])");
    document["paths"] = std::move(paths);
    json::object components;
    components["schemas"] = json::parse(schemas);
    components["securitySchemes"] = json::parse(R"({"admin": {"type": "http", "scheme": "bearer"}})");
    document["components"] = std::move(components);
    return json::serialize(document) + "\n";
}

}  // namespace hookline::api
