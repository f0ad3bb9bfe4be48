// The services that Hookline hears from (docs/contract.md, section 3).
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace hookline::event {

enum class Service { github, gitlab, ci, jenkins, circleci, docker, custom };

inline constexpr std::array<std::pair<Service, std::string_view>, 7> service_names{
    {{Service::github, "github"},
     {Service::gitlab, "gitlab"},
     {Service::ci, "ci"},
     {Service::jenkins, "jenkins"},
     {Service::circleci, "circleci"},
     {Service::docker, "docker"},
     {Service::custom, "custom"}}};

[[nodiscard]] std::string_view name_of(Service service);
[[nodiscard]] std::optional<Service> parse_service(std::string_view name);
/// As its makers write it: "GitHub", "GitLab", "CI", "Docker".
[[nodiscard]] std::string_view display_name(Service service);

}  // namespace hookline::event
