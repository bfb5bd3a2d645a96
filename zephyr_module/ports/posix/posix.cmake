# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# The runtime as a program of this machine.
#
#   add_executable(firmware src/main.c src/kernels.c src/plan.c src/weights.c)
#   include(<zephyr_module>/ports/posix/posix.cmake)
#   zc_posix_add(firmware [ACCELERATORS <folder>...])
#
# gives the target the libraries, zc_link_serve(), and the providers of this port. An accelerator's
# folder holds device/*.c; those named zephyr*.c are its driver's registration on Zephyr, left out.

get_filename_component(ZC_POSIX_DIR "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
get_filename_component(ZC_MODULE_DIR "${ZC_POSIX_DIR}/../.." ABSOLUTE)

set(ZC_PACKET_SIZE 8192 CACHE STRING "Largest RPC packet in bytes, with its framing's header")
set(ZC_ARENA_SIZE 262144 CACHE STRING "Memory for the host's tensors in bytes")
set(ZC_RECORD_BUFFER_SIZE 65536 CACHE STRING "Memory for records in bytes")
set(ZC_MAX_SELECTED 32 CACHE STRING "Most counters selected at once")
set(ZC_MAX_PROVIDERS 16 CACHE STRING "Most counter providers")
set(ZC_MAX_OPAQUE 4096 CACHE STRING "Most opaque bytes in a record")
set(ZC_MAX_TENSORS 32 CACHE STRING "Most tensors of an RPC session")
set(ZC_MAX_EVALUATORS 4 CACHE STRING "Most time evaluators of an RPC session")

function(zc_posix_add target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "ACCELERATORS")

  file(GLOB sources CONFIGURE_DEPENDS
    ${ZC_MODULE_DIR}/lib/counters/*.c
    ${ZC_MODULE_DIR}/lib/runtime/*.c
    ${ZC_MODULE_DIR}/lib/wire/*.c
    ${ZC_POSIX_DIR}/*.c
    ${ZC_POSIX_DIR}/providers/*.c)
  foreach(accelerator IN LISTS ARG_ACCELERATORS)
    file(GLOB drivers CONFIGURE_DEPENDS ${accelerator}/device/*.c)
    list(FILTER drivers EXCLUDE REGEX "/zephyr[^/]*\\.c$")
    list(APPEND sources ${drivers})
  endforeach()

  # One library, so that its warnings are errors whatever the generated sources need.
  add_library(${target}_runtime OBJECT ${sources})
  set_target_properties(${target}_runtime PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  target_compile_options(${target}_runtime PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
  target_include_directories(${target}_runtime PUBLIC
    ${ZC_MODULE_DIR}/include ${ZC_POSIX_DIR}/include)
  foreach(option PACKET_SIZE ARENA_SIZE RECORD_BUFFER_SIZE MAX_SELECTED MAX_PROVIDERS MAX_OPAQUE
                 MAX_TENSORS MAX_EVALUATORS)
    target_compile_definitions(${target}_runtime PUBLIC CONFIG_ZC_${option}=${ZC_${option}})
  endforeach()

  target_link_libraries(${target} PRIVATE ${target}_runtime)
endfunction()
