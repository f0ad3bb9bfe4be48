// The steps between the socket and the outbox, each alone, on the samples that the program ships.
#include <benchmark/benchmark.h>

#include "format/format.hpp"
#include "message/json.hpp"
#include "services/service.hpp"

namespace {

using namespace hookline;  // NOLINT(google-build-using-namespace): this file is a program

const services::ServiceAdapter& github() { return *services::find_adapter(event::Service::github); }

const services::Sample& sample(std::string_view name) {
    for (const services::Sample& known : github().samples()) {
        if (known.name == name) {
            return known;
        }
    }
    return github().samples().front();
}

event::Delivery delivery_of(std::string_view name) {
    const services::Sample& chosen = sample(name);
    event::Delivery delivery;
    delivery.event_type = chosen.event_type;
    delivery.payload = chosen.payload;
    return delivery;
}

void signature(benchmark::State& state) {
    const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
    const services::Key key{Secret("gh_benchmark")};
    for (auto _ : state) {
        HmacSha256 hmac(key.hmac);
        hmac.feed(body);
        benchmark::DoNotOptimize(hmac.finish());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(signature)->Arg(8 << 10)->Arg(26 << 10);

void parse(benchmark::State& state, const char* name) {
    const event::Delivery delivery = delivery_of(name);
    for (auto _ : state) {
        benchmark::DoNotOptimize(github().parse(delivery));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(delivery.payload.size()));
}
BENCHMARK_CAPTURE(parse, push, "push");
BENCHMARK_CAPTURE(parse, pull_request, "pr.opened");

void format_message(benchmark::State& state, const char* name) {
    const auto event = github().parse(delivery_of(name)).value();
    for (auto _ : state) {
        benchmark::DoNotOptimize(format::to_message(event));
    }
}
BENCHMARK_CAPTURE(format_message, push, "push");
BENCHMARK_CAPTURE(format_message, pull_request, "pr.opened");

void serialize_message(benchmark::State& state) {
    const auto message = format::to_message(github().parse(delivery_of("pr.opened")).value());
    for (auto _ : state) {
        benchmark::DoNotOptimize(message::serialize(message));
    }
}
BENCHMARK(serialize_message);

}  // namespace
