#include "base/iso_time.hpp"

#include <gtest/gtest.h>

namespace hookline {

TEST(IsoTime, ReadsEveryFormThatSendersUse) {
    struct Case {
        const char* text;
        const char* is;
    };
    for (const Case& c :
         {Case{"2021-09-01T22:49:34.317Z", "2021-09-01T22:49:34.317Z"},
          Case{"2021-09-01T22:49:34Z", "2021-09-01T22:49:34.000Z"},
          Case{"2021-09-01T22:49:34.123456789+02:00", "2021-09-01T20:49:34.123Z"},
          Case{"2022-02-06T13:48:17.055+0800", "2022-02-06T05:48:17.055Z"},
          Case{"2016-08-12 15:23:28 UTC", "2016-08-12T15:23:28.000Z"},
          Case{"2021-04-28 21:50:00 +0200", "2021-04-28T19:50:00.000Z"},
          Case{"1630536574", "2021-09-01T22:49:34.000Z"}, Case{"1.417566161e+09", "2014-12-03T00:22:41.000Z"},
          Case{"1630536574317", "2021-09-01T22:49:34.317Z"}}) {
        const auto time = parse_time(c.text);
        ASSERT_TRUE(time) << c.text;
        EXPECT_EQ(iso_time(*time), c.is) << c.text;
    }
}

TEST(IsoTime, RefusesTheRest) {
    for (const char* text : {"", "0001-01-01T00:00:00Z", "2021-13-01T00:00:00Z", "2021-02-30T00:00:00Z",
                             "yesterday", "2021-09-01T22:49:34+2", "nan", "-5", "1e300"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

}  // namespace hookline
