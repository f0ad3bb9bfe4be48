// The database as a file: made for its owner alone, held by one daemon at a time.
#pragma once

#include <string>

#include "base/result.hpp"

namespace hookline::store {

/// Keeps other daemons away from a database: a lock on "PATH.lock" that dies with the process, however it
/// ends. SQLite's own locks let several programs write in turn; two dispatchers would say everything twice.
class LockFile {
public:
    [[nodiscard]] static Result<LockFile> take(const std::string& database_path);
    LockFile(LockFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// Makes the folder (0700) and the file (0600) where they are missing. A folder that was there keeps its
/// mode. Refuses network file systems: they keep neither locks nor the shared memory that WAL needs.
[[nodiscard]] Result<void> prepare_file(const std::string& database_path);

/// Which file a path names now: the same number as long as nobody deletes or replaces it; 0: there is none.
[[nodiscard]] std::uint64_t file_identity(const std::string& path);

}  // namespace hookline::store
