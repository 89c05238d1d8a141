# dbr_settings: standard, sanitizers, hardening. dbr_warnings: for our own code only; -Werror comes from the dev preset,
# not from the sanitizers': instrumented code makes GCC 12 warn falsely inside its own headers.
set(DBR_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")
option(DBR_WERROR "Warnings are errors" OFF)

add_library(dbr_settings INTERFACE)
target_compile_features(dbr_settings INTERFACE cxx_std_20)
target_include_directories(dbr_settings INTERFACE ${PROJECT_SOURCE_DIR}/include)
if(DBR_SANITIZE)
  target_compile_options(dbr_settings INTERFACE -fsanitize=${DBR_SANITIZE} -fno-sanitize-recover=all
                                                -fno-omit-frame-pointer)
  target_link_options(dbr_settings INTERFACE -fsanitize=${DBR_SANITIZE})
endif()

add_library(dbr_warnings INTERFACE)
target_compile_options(dbr_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                              -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
                                              # Designated initialisers leave the rest at its default on purpose.
                                              -Wno-missing-field-initializers)
if(DBR_WERROR)
  target_compile_options(dbr_warnings INTERFACE -Werror)
endif()

# Precompiled headers, in the presets asan and tsan: the others go without, and so prove that every file includes what it
# uses. One set for all rooms and one for all tests, each compiled with its owner's flags. The base room, which defines
# spdlog's macros, and its test come before the owners and go without.
option(DBR_PRECOMPILE "Precompiled headers" OFF)
function(dbr_precompile target owner)
  if(NOT DBR_PRECOMPILE OR CMAKE_CXX_COMPILER_LAUNCHER)
    return() # ccache keeps nothing that was compiled with them
  endif()
  if(target STREQUAL owner)
    # Without JSON: loading it costs each file more than it saves the few that use it.
    target_precompile_headers(${target} PRIVATE ${ARGN} <algorithm> <array> <charconv> <chrono> <filesystem> <functional>
      <map> <memory> <mutex> <optional> <set> <span> <stdexcept> <string> <string_view> <thread> <vector> <fmt/format.h>
      <tl/expected.hpp>)
  elseif(TARGET ${owner})
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# One static library a room. ROOMS are the rooms it may include (design: rooms to its right), LIBRARIES third party
# that its public headers need, PRIVATE what only its sources need.
function(dbr_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;LIBRARIES;PRIVATE" ${ARGN})
  add_library(dbr_${name} STATIC ${ARG_SOURCES})
  list(TRANSFORM ARG_ROOMS PREPEND dbr_)
  target_link_libraries(dbr_${name} PUBLIC dbr_settings ${ARG_ROOMS} ${ARG_LIBRARIES} PRIVATE dbr_warnings ${ARG_PRIVATE})
  dbr_precompile(dbr_${name} dbr_async)
endfunction()

# One test program a room: unit_<name>. LABELS concurrent: it also runs under TSan.
add_custom_target(concurrent_tests)
function(dbr_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(unit_${name} ${ARG_SOURCES})
  target_include_directories(unit_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(unit_${name} PRIVATE dbr_warnings ${ARG_LINK} GTest::gtest_main)
  dbr_precompile(unit_${name} unit_async <gtest/gtest.h>)
  if("concurrent" IN_LIST ARG_LABELS)
    add_dependencies(concurrent_tests unit_${name})
  endif()
  # The program as one test: a process for each case would cost more than the cases, above all under the sanitizers.
  add_test(NAME unit_${name} COMMAND unit_${name} --gtest_brief=1)
  set_tests_properties(unit_${name} PROPERTIES LABELS "unit;${ARG_LABELS}" TIMEOUT 600)
endfunction()
