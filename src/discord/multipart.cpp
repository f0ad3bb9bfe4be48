#include "discord/multipart.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hookline::discord {

namespace json = boost::json;

namespace {

constexpr std::size_t most_files = 10;  // Discord, "Uploading Files"

/// Only what Discord keeps in names, so that nothing can end the header that it stands in.
std::string safe_name(std::string_view name) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    std::string safe(name.substr(0, 100));
    std::replace_if(
        safe.begin(), safe.end(), [allowed](char c) { return allowed.find(c) == allowed.npos; }, '_');
    return safe.empty() ? "file" : safe;
}

std::string safe_type(const std::string& type) {
    const bool is_safe =
        !type.empty() && std::all_of(type.begin(), type.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
    return is_safe ? type : "application/octet-stream";
}

}  // namespace

Body body_of(json::object body, const std::vector<message::File>& files, Random& random,
             std::string_view holder) {
    if (files.empty()) {
        return Body{"application/json", json::serialize(body)};
    }
    const std::size_t count = std::min(files.size(), most_files);
    json::object& message = holder.empty() ? body : body.at(holder).as_object();
    json::array& attachments = message["attachments"].emplace_array();
    for (std::size_t i = 0; i < count; ++i) {
        attachments.push_back(
            json::object{{"id", std::to_string(i)}, {"filename", safe_name(files[i].name)}});
    }
    const std::string boundary = "hookline-" + random.token(32);
    std::string bytes = fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: "
        "application/json\r\n\r\n{}\r\n",
        boundary, json::serialize(body));
    for (std::size_t i = 0; i < count; ++i) {
        bytes += fmt::format(
            "--{}\r\nContent-Disposition: form-data; name=\"files[{}]\"; filename=\"{}\"\r\nContent-Type: "
            "{}\r\n\r\n",
            boundary, i, safe_name(files[i].name), safe_type(files[i].content_type));
        bytes.append(files[i].bytes).append("\r\n");
    }
    bytes += fmt::format("--{}--\r\n", boundary);
    return Body{"multipart/form-data; boundary=" + boundary, std::move(bytes)};
}

}  // namespace hookline::discord
