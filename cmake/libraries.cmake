# The libraries Hookline stands on, all from Debian 12 (see tools/install.sh).
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(NGHTTP2 REQUIRED IMPORTED_TARGET libnghttp2)
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)  # headers alone
# Not by pkg-config: its -pthread as a compiler flag would make the precompiled header of room base another one.
find_library(RE2_LIBRARY re2 REQUIRED)
find_package(date REQUIRED)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

# Boost 1.81's own CMake files are only whole with every component installed: the headers and the two
# compiled libraries are named here instead. Asio, its SSL part, Beast, JSON and URL are compiled once, in
# src/base/boost.cpp and src/net/boost.cpp, not in every file that includes them.
find_package(Boost 1.81 REQUIRED)
add_library(hookline_boost INTERFACE)
target_include_directories(hookline_boost SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_definitions(hookline_boost INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
    BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_libraries(hookline_boost INTERFACE Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
