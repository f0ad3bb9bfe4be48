// A member's own form of a message: a text, or an embed whose parts are templates, given as TOML.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/service.hpp"
#include "language/program.hpp"
#include "message/message.hpp"
#include "rules/facts.hpp"

namespace hookline::rules {

class Form {
public:
    Form(Form&&) noexcept;
    Form& operator=(Form&&) noexcept;
    ~Form();

    /// `source` is a template, or a TOML block with title, url, color, description, author, footer,
    /// thumbnail, image, content and [[fields]] (name, value, inline). Errors are whole sentences with the
    /// line they are about.
    [[nodiscard]] static Result<Form> compile(std::string_view source, event::Service service);

    struct Made {
        message::Message message;  // not yet cut to Discord's limits; empty where there is trouble
        std::string trouble;       // why it could not be made: a sentence with its line
    };
    [[nodiscard]] Made make(const Facts& facts) const;

    [[nodiscard]] const std::string& source() const;
    /// Fields that there are not, a sentence each: they print nothing.
    [[nodiscard]] std::vector<std::string> unknown() const;

private:
    struct Parts;
    explicit Form(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// "#e74c3c", "e74c3c", "0xe74c3c", a number, or one of red, orange, yellow, green, blue, purple, grey.
[[nodiscard]] std::optional<std::uint32_t> parse_color(std::string_view text);

}  // namespace hookline::rules
