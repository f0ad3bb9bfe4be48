#include "app/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/text.hpp"

namespace hookline::app {

namespace {

/// A file descriptor that is closed when it leaves.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

tl::unexpected<Error> cannot(std::string_view do_what, const std::string& path) {
    return fail(Errc::storage, fmt::format("cannot {} {}: {}", do_what, path, std::strerror(errno)));
}

/// Written under another name and then linked into place: whoever dies in between leaves no half secret, and
/// of two who start at once one wins.
Result<void> write_new(const std::string& path, const Secret& secret) {
    const std::string draft = fmt::format("{}.{}", path, ::getpid());
    const Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.number() < 0) {
        return cannot("write", draft);
    }
    const std::string line = secret.reveal() + "\n";
    const bool is_written =
        ::write(file.number(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
        ::fsync(file.number()) == 0 && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const int reason = errno;
    ::unlink(draft.c_str());
    errno = reason;
    return is_written ? Result<void>() : cannot("write", path);
}

}  // namespace

Result<void> prepare_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
        return fail(Errc::storage, fmt::format("cannot make the data folder {}: {}", path, error.message()));
    }
    return ::chmod(path.c_str(), 0700) == 0 ? Result<void>() : cannot("protect the data folder", path);
}

Result<Secret> kept_secret(const std::string& path, const Secret& fresh) {
    if (::access(path.c_str(), F_OK) != 0) {
        if (auto written = write_new(path, fresh); !written) {
            return tl::unexpected(written.error());
        }
    }
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        return cannot("read", path);
    }
    std::array<char, 4096> bytes{};
    const ssize_t size = ::read(file.number(), bytes.data(), bytes.size());
    if (size < 0) {
        return cannot("read", path);
    }
    const std::string_view text = trim(std::string_view(bytes.data(), static_cast<std::size_t>(size)));
    if (text.empty()) {
        return fail(Errc::storage,
                    fmt::format("{} is empty; restore it from a backup, or delete it to have a "
                                "new one made",
                                path));
    }
    return Secret(std::string(text));
}

}  // namespace hookline::app
