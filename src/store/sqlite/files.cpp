#include "store/sqlite/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace hookline::store {

namespace {

// statfs(2): f_type of file systems that another machine serves.
constexpr std::array<std::uint32_t, 4> network_file_systems{0x6969 /* NFS */, 0x517b /* SMB */,
                                                            0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */};

std::string reason_of(int error) { return std::strerror(error); }

Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (folder.empty() || std::filesystem::exists(folder, error)) {
        return {};
    }
    if (!std::filesystem::create_directories(folder, error) && error) {
        return fail(Errc::unavailable,
                    fmt::format("the folder {} cannot be made: {}", folder.string(), error.message()));
    }
    if (::chmod(folder.c_str(), 0700) != 0) {
        return fail(Errc::unavailable, fmt::format("the folder {} cannot be closed to others: {}",
                                                   folder.string(), reason_of(errno)));
    }
    return {};
}

}  // namespace

Result<void> prepare_file(const std::string& database_path) {
    const auto folder = std::filesystem::path(database_path).parent_path();
    if (auto made = make_folder(folder); !made) {
        return made;
    }
    // SQLite gives its companions (-wal, -shm) the mode of the file itself.
    const int file = ::open(database_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be opened: {}", database_path, reason_of(errno)));
    }
    struct statfs system {};
    const bool is_known = ::fstatfs(file, &system) == 0;
    const bool is_closed_to_others = ::fchmod(file, 0600) == 0;
    const int error = errno;
    ::close(file);
    if (is_known && std::find(network_file_systems.begin(), network_file_systems.end(),
                              static_cast<std::uint32_t>(system.f_type)) != network_file_systems.end()) {
        return fail(Errc::unsupported,
                    fmt::format("{} lies on a network file system, which cannot keep a database whole; put "
                                "HOOKLINE_DATA_DIR on a local disk",
                                database_path));
    }
    if (!is_closed_to_others) {
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be closed to others: {}", database_path, reason_of(error)));
    }
    return {};
}

std::uint64_t file_identity(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

Result<LockFile> LockFile::take(const std::string& database_path) {
    const std::string path = database_path + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(Errc::unavailable, fmt::format("{} cannot be opened: {}", path, reason_of(errno)));
    }
    LockFile lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> owner{};
        const auto size = ::read(file, owner.data(), owner.size() - 1);
        const std::string process(owner.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        return fail(Errc::conflict,
                    fmt::format("another Hookline (process {}) uses {}; stop it, or name another "
                                "folder in HOOKLINE_DATA_DIR",
                                process.empty() ? "unknown" : process, database_path));
    }
    const std::string process = std::to_string(::getpid());
    // Only for the sentence above: without it the lock holds as well.
    if (::ftruncate(file, 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(file, process.data(), process.size(), 0);
    }
    return lock;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace hookline::store
