# The few functions that every folder uses.
include(GNUInstallDirs)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# What every target of ours is compiled with.
add_library(uk_flags INTERFACE)
target_compile_features(uk_flags INTERFACE cxx_std_23)
# -Wno-restrict, -Wno-maybe-uninitialized: GCC 12 sees trouble in std::string and std::optional that is not there (GCC bugs
# 105329, 80635).
target_compile_options(uk_flags INTERFACE -Wall -Wextra -Wshadow=local -Wno-missing-field-initializers -Wno-restrict -Wno-maybe-uninitialized
                                          -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
target_include_directories(uk_flags INTERFACE ${CMAKE_SOURCE_DIR})

# uk_library(folder SOURCES … LINK …): the library uk_<folder>, alias uk::<folder>.
function(uk_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_library(uk_${name} STATIC ${arg_SOURCES})
  add_library(uk::${name} ALIAS uk_${name})
  target_link_libraries(uk_${name} PUBLIC uk_flags ${arg_LINK})
endfunction()

# uk_test(name SOURCES … LINK …): one GoogleTest program, out/<preset>/bin/<name>, known to ctest.
function(uk_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE uk_flags ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE UK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
