#include "services/proof.hpp"

#include <gtest/gtest.h>

namespace hookline::services {
namespace {

event::Headers authorization(std::string_view value) {
    event::Headers headers;
    headers.add("authorization", value);
    return headers;
}

std::string shown(const event::Headers& headers, std::string_view url_secret = "") {
    return shown_secret(Credentials{headers, url_secret, TimePoint{}}).reveal();
}

bool holds(std::string_view shown_text, const std::vector<std::string>& secrets) {
    std::vector<std::unique_ptr<Key>> keys;
    std::vector<const Key*> pointers;
    for (const std::string& secret : secrets) {
        keys.push_back(std::make_unique<Key>(Secret(secret)));
        pointers.push_back(keys.back().get());
    }
    const auto check = check_secret(Secret(std::string(shown_text)), pointers);
    check->feed("whatever the body is");
    return check->holds();
}

TEST(Proof, TheSecretIsShownInTheUrlOrInAuthorization) {
    EXPECT_EQ(shown({}, "s3cret"), "s3cret");
    EXPECT_EQ(shown(authorization("Bearer s3cret")), "s3cret");
    EXPECT_EQ(shown(authorization("bearer   s3cret ")), "s3cret");
    EXPECT_EQ(shown(authorization("Basic aG9vazpww6Rzcw==")), "päss");  // hook:päss
    EXPECT_EQ(shown(authorization("Basic OmE6Yg==")), "a:b");           // :a:b
}

TEST(Proof, WhatHasAnotherFormShowsNothing) {
    for (const char* value : {"", "Bearer", "Bearer ", "s3cret", "Basic", "Basic !!!",
                              "Basic aG9vaw==", "Digest s3cret", "Bearers3cret", "Basic aG9vazpww6Rzcw"}) {
        EXPECT_EQ(shown(authorization(value)), "") << value;
    }
    EXPECT_EQ(shown(authorization("Bearer " + std::string(5'000, 'a'))), "");
    event::Headers twice = authorization("Bearer s3cret");
    twice.add("Authorization", "Bearer s3cret");
    EXPECT_EQ(shown(twice), "");
}

TEST(Proof, WithASecretInTheUrlAuthorizationIsSomebodyElsesBusiness) {
    EXPECT_EQ(shown(authorization("Basic aG9vazpww6Rzcw=="), "s3cret"), "s3cret");
}

TEST(Proof, OnlyAKeyIsProof) {
    EXPECT_TRUE(holds("s3cret", {"s3cret"}));
    EXPECT_TRUE(holds("s3cret", {"the new one", "s3cret"}));
    EXPECT_FALSE(holds("s3cre", {"s3cret"}));
    EXPECT_FALSE(holds("S3cret", {"s3cret"}));
    EXPECT_FALSE(holds("", {"s3cret"}));
    EXPECT_FALSE(holds("", {""}));
    EXPECT_FALSE(holds("s3cret", {}));
    EXPECT_FALSE(no_proof()->holds());
}

}  // namespace
}  // namespace hookline::services
