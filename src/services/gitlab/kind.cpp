#include "services/gitlab/kind.hpp"

#include "base/text.hpp"

namespace hookline::services::gitlab {

std::string kind_of_header(std::string_view header) {
    std::string kind = to_lower_ascii(trim(header));
    constexpr std::string_view suffix = " hook";
    if (kind.ends_with(suffix)) {
        kind.resize(kind.size() - suffix.size());
    }
    std::replace(kind.begin(), kind.end(), ' ', '_');
    return kind;
}

std::string header_of_kind(std::string_view kind) {
    std::string header;
    for (const std::string_view word : split(kind, '_')) {
        if (word.empty()) {
            continue;
        }
        header += word;
        char& first = header[header.size() - word.size()];
        if (first >= 'a' && first <= 'z') {
            first = static_cast<char>(first - 'a' + 'A');
        }
        header += ' ';
    }
    return header + "Hook";
}

}  // namespace hookline::services::gitlab
