#include "event/service.hpp"

namespace hookline::event {

std::string_view name_of(Service service) {
    return service_names.at(static_cast<std::size_t>(service)).second;
}

std::optional<Service> parse_service(std::string_view name) {
    for (const auto& [service, known] : service_names) {
        if (name == known) {
            return service;
        }
    }
    return std::nullopt;
}

std::string_view display_name(Service service) {
    switch (service) {
        case Service::github:
            return "GitHub";
        case Service::gitlab:
            return "GitLab";
        case Service::ci:
            return "CI";
        case Service::jenkins:
            return "Jenkins";
        case Service::circleci:
            return "CircleCI";
        case Service::docker:
            return "Docker";
        case Service::custom:
            return "Custom";
    }
    return "";
}

}  // namespace hookline::event
