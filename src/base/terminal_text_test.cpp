#include "base/terminal_text.hpp"

#include <gtest/gtest.h>

namespace hookline {
namespace {

TEST(TerminalText, SequencesAreNoText) {
    const struct {
        std::string_view line, text;
    } cases[] = {
        {"", ""},
        {"plain\ttext", "plain\ttext"},
        {"\x1b[31;1mred\x1b[0m", "red"},
        {"\x1b[38;2;1;2;3mtrue\x1b[m, \x1b[?25lhidden, \x1b[2 qcursor", "true, hidden, cursor"},
        {"\x1b]0;title\atext", "text"},
        {"\x1b]8;;https://a.example/b\x1b\\link\x1b]8;;\x1b\\", "link"},
        {"\x1bPq#0~\x1b\\picture, \x1b_apc\x1b\\, \x1b^pm\x1b\\, \x1bXsos\x1b\\", "picture, , , "},
        {"\x1b(Bletters\x1b)0 \x1b=keys \x1b#8", "letters keys "},
        {"\x1b\x1b[1mtwice", "twice"},
        {"\x1b]0;title\x1b[1mbold", "bold"},
        {"ends\x1b", "ends"},
        {"ends\x1b[", "ends"},
        {"ends\x1b[31", "ends"},
        {"ends\x1b(", "ends"},
        {"ends\x1b]", "ends"},
        {"ends\x1b]8;;https://cut", "ends"},
        {"\x1b[3\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
        {"\x1b\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
        {"\x1b[3\tm", "\tm"},
    };
    for (const auto& [line, text] : cases) {
        EXPECT_EQ(without_terminal_escapes(line), text) << line;
    }
}

TEST(TerminalText, AStringWithoutAnEndIsBounded) {
    const std::string line = "\x1b]" + std::string(longest_terminal_string, 'x') + "text";
    EXPECT_EQ(without_terminal_escapes(line), "text");
}

}  // namespace
}  // namespace hookline
