#include <algorithm>
#include <array>

#include "services/ci/ci.hpp"
#include "services/circleci/circleci.hpp"
#include "services/custom/custom.hpp"
#include "services/docker/docker.hpp"
#include "services/github/github.hpp"
#include "services/gitlab/gitlab.hpp"
#include "services/jenkins/jenkins.hpp"
#include "services/service.hpp"

namespace hookline::services {

std::span<const ServiceAdapter* const> all_adapters() {
    // One line a service.
    static const std::array<const ServiceAdapter*, 7> adapters{
        &github::adapter(),    //
        &gitlab::adapter(),    //
        &ci::adapter(),        //
        &jenkins::adapter(),   //
        &circleci::adapter(),  //
        &docker::adapter(),    //
        &custom::adapter(),    //
    };
    return adapters;
}

const ServiceAdapter* find_adapter(event::Service service) {
    const auto adapters = all_adapters();
    const auto found = std::find_if(adapters.begin(), adapters.end(), [&](const ServiceAdapter* adapter) {
        return adapter->service() == service;
    });
    return found != adapters.end() ? *found : nullptr;
}

}  // namespace hookline::services
