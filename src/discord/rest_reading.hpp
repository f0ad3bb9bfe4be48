// Reads the answers of Discord's REST API. What is not there reads as 0, "" or nothing; callers decide
// whether they can do without it.
#pragma once

#include <boost/json/fwd.hpp>

#include "discord/rest.hpp"

namespace hookline::discord {

[[nodiscard]] SeenMessage read_message(const boost::json::object& object);
[[nodiscard]] SeenThread read_thread(const boost::json::object& object);
[[nodiscard]] User read_user(const boost::json::object& object);
[[nodiscard]] Application read_application(const boost::json::object& object);
[[nodiscard]] Webhook read_webhook(const boost::json::object& object);

}  // namespace hookline::discord
