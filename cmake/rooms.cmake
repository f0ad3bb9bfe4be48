# hookline_room(name SOURCES a.cpp b.cpp TESTS a_test.cpp NEEDS room… LIBRARIES target… TEST_LIBRARIES target…)
#
# One folder of src/ = one library hookline_<name>, one test program <name>_test, one set of warnings.
# NEEDS is the whole list of other rooms that its files may include: tools/check_rooms.py reads it and
# refuses any other #include, so that the arrows between rooms never turn back.
# Paths with a slash make nested rooms: hookline_room(services/github …) is target hookline_services_github.

# Left out for GCC 12: what raises false alarms inside std::string and coroutine frames once it optimises (GCC
# PR 105329, 105651, 105562).
set(HOOKLINE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-mismatched-new-delete -Wno-array-bounds
        -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -fpch-preprocess>
    $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)

add_library(hookline_settings INTERFACE)
target_compile_options(hookline_settings INTERFACE ${HOOKLINE_WARNINGS})
target_include_directories(hookline_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_options(hookline_settings INTERFACE -fuse-ld=lld)
if(HOOKLINE_SANITIZE)
  # The four left out double the compile time of Beast and find nothing that ASan does not.
  target_compile_options(hookline_settings INTERFACE -fsanitize=${HOOKLINE_SANITIZE})
  if(HOOKLINE_SANITIZE MATCHES "undefined")
    target_compile_options(hookline_settings INTERFACE -fno-sanitize=null,alignment,vptr,object-size
                           -fno-sanitize-recover=undefined
                           # Clang 14 cannot have it in coroutines ("Cannot represent a difference across sections").
                           $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  endif()
  string(REPLACE "fuzzer-no-link," "" link_sanitize "${HOOKLINE_SANITIZE}")
  target_link_options(hookline_settings INTERFACE -fsanitize=${link_sanitize})
endif()

function(hookline_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;TESTS;NEEDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target "hookline_${name}")
  add_library(${target} STATIC ${ROOM_SOURCES})
  set(needs)
  foreach(need ${ROOM_NEEDS})
    string(REPLACE "/" "_" need_target "hookline_${need}")
    list(APPEND needs ${need_target})
  endforeach()
  target_link_libraries(${target} PUBLIC hookline_settings hookline_boost ${needs} ${ROOM_LIBRARIES})
  if(NOT name STREQUAL "base")
    target_precompile_headers(${target} REUSE_FROM hookline_base)
  endif()

  if(HOOKLINE_TESTS AND ROOM_TESTS)
    string(REPLACE "/" "_" test "${name}_test")
    add_executable(${test} ${ROOM_TESTS})
    target_link_libraries(${test} PRIVATE ${target} hookline_testing ${ROOM_TEST_LIBRARIES})
    target_precompile_headers(${test} REUSE_FROM hookline_testing)
    add_test(NAME ${test} COMMAND ${test})
    set_tests_properties(${test} PROPERTIES TIMEOUT 300)
  endif()
endfunction()
