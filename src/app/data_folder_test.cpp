#include "app/data_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hookline::app {

namespace {

class DataFolder : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("hookline_data_" + std::to_string(::getpid()));
        ASSERT_TRUE(prepare_folder(folder_.string()));
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static unsigned mode(const std::filesystem::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0);
        return status.st_mode & 0777U;
    }

    std::filesystem::path folder_;
};

}  // namespace

TEST_F(DataFolder, IsForItsOwnerAlone) {
    EXPECT_EQ(mode(folder_), 0700U);
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    ASSERT_TRUE(prepare_folder(folder_.string()));
    EXPECT_EQ(mode(folder_), 0700U);
}

TEST_F(DataFolder, KeepsTheFirstSecretForGood) {
    const std::string path = (folder_ / "secret.key").string();
    const auto first = kept_secret(path, Secret("one"));
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->reveal(), "one");
    EXPECT_EQ(mode(path), 0600U);
    const auto second = kept_secret(path, Secret("two"));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->reveal(), "one");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "no draft is left";
}

TEST_F(DataFolder, AnEmptySecretIsAnErrorAndStays) {
    const std::filesystem::path path = folder_ / "secret.key";
    std::ofstream(path) << "\n";
    const auto secret = kept_secret(path.string(), Secret("new"));
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().detail,
              path.string() + " is empty; restore it from a backup, or delete it to have a new one made");
    EXPECT_EQ(std::filesystem::file_size(path), 1U);
}

}  // namespace hookline::app
