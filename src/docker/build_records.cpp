#include "docker/build_records.hpp"

#include <fmt/format.h>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace hookline::docker {

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// A field is known by number and wire type together: one of another type is skipped like an unknown one.
constexpr std::uint32_t text_field(std::uint32_t number) {
    return protozero::tag_and_type(number, pbf_wire_type::length_delimited);
}
constexpr std::uint32_t number_field(std::uint32_t number) {
    return protozero::tag_and_type(number, pbf_wire_type::varint);
}

/// google.protobuf.Timestamp in Unix nanoseconds; 0 for a time that cannot be.
std::int64_t read_time(pbf_reader reader) {
    constexpr std::int64_t latest = 9'000'000'000;  // seconds: the year 2255, which still fits
    constexpr std::int64_t nanos_in_a_second = 1'000'000'000;
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case number_field(1):
                seconds = reader.get_int64();
                break;
            case number_field(2):
                nanos = reader.get_int32();
                break;
            default:
                reader.skip();
        }
    }
    const bool is_possible = seconds >= 0 && seconds <= latest && nanos >= 0 && nanos < nanos_in_a_second;
    return is_possible ? seconds * nanos_in_a_second + nanos : 0;
}

void read_entry(pbf_reader reader, std::map<std::string, std::string>& into) {
    std::string key;
    std::string value;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case text_field(1):
                key = reader.get_string();
                break;
            case text_field(2):
                value = reader.get_string();
                break;
            default:
                reader.skip();
        }
    }
    into[std::move(key)] = std::move(value);
}

std::map<std::string, std::string> read_exporter(pbf_reader reader) {
    std::map<std::string, std::string> attributes;
    while (reader.next(2, pbf_wire_type::length_delimited)) {
        read_entry(reader.get_message(), attributes);
    }
    return attributes;
}

void read_error(pbf_reader reader, BuildRecord& record) {
    record.has_failed = true;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case number_field(1):
                record.error_code = reader.get_int32();
                break;
            case text_field(2):
                record.error = reader.get_string();
                break;
            default:
                reader.skip();
        }
    }
}

BuildRecord read_record(pbf_reader reader) {
    BuildRecord record;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case text_field(1):
                record.ref = reader.get_string();
                break;
            case text_field(3):
                read_entry(reader.get_message(), record.attributes);
                break;
            case text_field(4):
                record.exporters.push_back(read_exporter(reader.get_message()));
                break;
            case text_field(5):
                read_error(reader.get_message(), record);
                break;
            case text_field(6):
                record.created = read_time(reader.get_message());
                break;
            case text_field(7):
                record.completed = read_time(reader.get_message());
                break;
            case text_field(9):
                read_entry(reader.get_message(), record.response);
                break;
            case number_field(15):
                record.cached = reader.get_int32();
                break;
            case number_field(16):
                record.total = reader.get_int32();
                break;
            case number_field(17):
                record.done = reader.get_int32();
                break;
            case text_field(18):  // the whole error is stored elsewhere; that there is one is said here
                record.has_failed = true;
                reader.skip();
                break;
            default:
                reader.skip();
        }
    }
    return record;
}

BuildStep read_step(pbf_reader reader) {
    BuildStep step;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case text_field(1):
                step.digest = reader.get_string();
                break;
            case text_field(3):
                step.name = reader.get_string();
                break;
            case text_field(7):
                step.error = reader.get_string();
                break;
            default:
                reader.skip();
        }
    }
    return step;
}

BuildLine read_line(pbf_reader reader) {
    BuildLine line;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case text_field(1):
                line.step = reader.get_string();
                break;
            case text_field(4):
                line.text = reader.get_string();
                break;
            default:
                reader.skip();
        }
    }
    return line;
}

tl::unexpected<Error> malformed(const protozero::exception& error) {
    return fail(Errc::malformed,
                fmt::format("what the engine says of a build is no protobuf: {}", error.what()));
}

}  // namespace

Result<BuildEvent> read_build_event(std::string_view bytes) try {
    BuildEvent event;
    pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case number_field(1): {
                const std::int32_t kind = reader.get_enum();
                event.kind = kind >= 0 && kind < static_cast<std::int32_t>(BuildEvent::Kind::other)
                                 ? static_cast<BuildEvent::Kind>(kind)
                                 : BuildEvent::Kind::other;
                break;
            }
            case text_field(2):
                event.record = read_record(reader.get_message());
                break;
            default:
                reader.skip();
        }
    }
    return event;
} catch (const protozero::exception& error) {
    return malformed(error);
}

Result<BuildStatus> read_build_status(std::string_view bytes) try {
    BuildStatus status;
    pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case text_field(1):
                status.steps.push_back(read_step(reader.get_message()));
                break;
            case text_field(3):
                status.lines.push_back(read_line(reader.get_message()));
                break;
            default:
                reader.skip();
        }
    }
    return status;
} catch (const protozero::exception& error) {
    return malformed(error);
}

std::string build_history_request(bool is_stored_alone) {
    std::string bytes;
    if (is_stored_alone) {
        protozero::pbf_writer(bytes).add_bool(3, true);
    }
    return bytes;
}

std::string build_status_request(const std::string& ref) {
    std::string bytes;
    protozero::pbf_writer(bytes).add_string(1, ref);
    return bytes;
}

}  // namespace hookline::docker
