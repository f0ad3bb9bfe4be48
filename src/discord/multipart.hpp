// Files beside a JSON body (Discord, "Uploading Files").
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "message/message.hpp"

namespace hookline::discord {

struct Body {
    std::string content_type;
    std::string bytes;
};

/// JSON alone, or, with files, multipart/form-data with them; `body`, or the object of it that `holder`
/// names, then gets its list of attachments.
[[nodiscard]] Body body_of(boost::json::object body, const std::vector<message::File>& files, Random& random,
                           std::string_view holder = {});

}  // namespace hookline::discord
