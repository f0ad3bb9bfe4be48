#include "net/ip_address.hpp"

namespace hookline::net {
namespace {

AddressList list(std::string_view text) { return AddressList::parse(text).value(); }
IpAddress ip(std::string_view text) { return parse_ip_address(text).value(); }

TEST(IpAddress, ReadsWhatProxiesWrite) {
    EXPECT_EQ(to_string(ip("192.0.2.1")), "192.0.2.1");
    EXPECT_EQ(to_string(ip("192.0.2.1:4711")), "192.0.2.1");
    EXPECT_EQ(to_string(ip("[2001:db8::1]:80")), "2001:db8::1");
    EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    EXPECT_EQ(ip("2001:db8::1:2").network(), ip("2001:db8::9").network());
    EXPECT_TRUE(ip("127.9.9.9").is_loopback());
    EXPECT_TRUE(ip("::1").is_loopback());
    EXPECT_FALSE(ip("10.0.0.1").is_loopback());
}

TEST(IpAddress, RefusesWhatIsNone) {
    for (const std::string_view text : {"", "1.2.3", "1.2.3.4.5", "300.1.1.1", "[::1", "gg::", "unknown",
                                        "1.2.3.4/8", "0x7f.0.0.1", "017.0.0.1"}) {
        EXPECT_FALSE(parse_ip_address(text)) << text;
    }
}

TEST(IpAddress, KnowsWhatIsPublic) {
    for (const std::string_view text :
         {"8.8.8.8", "1.1.1.1", "140.82.121.4", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::8.8.8.8",
          "2002:808:808::1", "::ffff:8.8.8.8", "172.32.0.1", "100.128.0.1"}) {
        EXPECT_TRUE(is_public(ip(text))) << text;
    }
    for (const std::string_view text : {"0.0.0.0",
                                        "10.1.2.3",
                                        "100.64.0.1",
                                        "127.0.0.1",
                                        "169.254.169.254",
                                        "172.16.0.1",
                                        "172.31.255.255",
                                        "192.168.1.1",
                                        "192.0.0.8",
                                        "192.0.2.1",
                                        "198.18.0.1",
                                        "198.51.100.9",
                                        "203.0.113.9",
                                        "224.0.0.1",
                                        "239.255.255.250",
                                        "240.0.0.1",
                                        "255.255.255.255",
                                        "::",
                                        "::1",
                                        "fe80::1",
                                        "fc00::1",
                                        "fd00:ec2::254",
                                        "ff02::1",
                                        "2001:db8::1",
                                        "::ffff:127.0.0.1",
                                        "::ffff:10.0.0.1",
                                        "64:ff9b::10.0.0.1",
                                        "2002:a00:1::1",
                                        "2002:7f00:1::",
                                        "2001:0:102:304::1",
                                        "::127.0.0.1",
                                        "64:ff9b:1::1",
                                        "100::1",
                                        "5f00::1"}) {
        EXPECT_FALSE(is_public(ip(text))) << text;
    }
}

TEST(AddressList, KnowsNetworksOfBothKinds) {
    const AddressList trusted = list("10.0.0.0/8, 192.0.2.7 fd00::/8");
    EXPECT_TRUE(trusted.contains(ip("10.255.0.1")));
    EXPECT_TRUE(trusted.contains(ip("192.0.2.7")));
    EXPECT_TRUE(trusted.contains(ip("fd12::1")));
    EXPECT_FALSE(trusted.contains(ip("11.0.0.1")));
    EXPECT_FALSE(trusted.contains(ip("192.0.2.8")));
    EXPECT_FALSE(trusted.contains(ip("fe00::1")));
    EXPECT_FALSE(list("").contains(ip("127.0.0.1")));
    EXPECT_TRUE(list("0.0.0.0/0").contains(ip("8.8.8.8")));
    EXPECT_FALSE(list("0.0.0.0/0").contains(ip("2001:db8::1")));
}

TEST(AddressList, NamesTheEntryThatIsNone) {
    for (const std::string_view entry :
         {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "proxy.example", "::/129"}) {
        const auto refused = AddressList::parse(fmt::format("127.0.0.1, {}", entry));
        ASSERT_FALSE(refused) << entry;
        EXPECT_EQ(refused.error().detail,
                  fmt::format("\"{}\" is neither an address nor a network like 10.0.0.0/8", entry));
    }
}

TEST(ClientBehind, BelievesOnlyWhatTrustedProxiesAppended) {
    const AddressList trusted = list("10.0.0.0/8");
    const auto client = [&](std::string_view peer, std::string_view forwarded) {
        return to_string(client_behind(ip(peer), forwarded, trusted));
    };
    EXPECT_EQ(client("192.0.2.1", "198.51.100.9"), "192.0.2.1");  // a stranger says so
    EXPECT_EQ(client("10.0.0.1", "198.51.100.9"), "198.51.100.9");
    EXPECT_EQ(client("10.0.0.1", "1.1.1.1, 198.51.100.9"), "198.51.100.9");  // 1.1.1.1 was made up
    EXPECT_EQ(client("10.0.0.1", "198.51.100.9, 10.0.0.2"), "198.51.100.9");
    EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
    EXPECT_EQ(client("10.0.0.1", "unknown"), "10.0.0.1");
    EXPECT_EQ(client("10.0.0.1", "[2001:db8::5]:443"), "2001:db8::5");
}

}  // namespace
}  // namespace hookline::net
