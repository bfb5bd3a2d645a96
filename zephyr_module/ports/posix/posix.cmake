# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# The runtime as a program of this machine.
#
#   add_executable(firmware src/main.c src/kernels.c src/plan.c src/weights.c)
#   include(<zephyr_module>/ports/posix/posix.cmake)
#   zc_posix_add(firmware [EXTENSIONS <folder>...] [CRT_DIR <folder>])
#
# gives the target the libraries, zc_link_serve(), and the providers of this port. An accelerator's
# folder holds device/*.c; those named zephyr*.c are its driver's registration on Zephyr, left out.
# With CRT_DIR, the C runtime of TVM 0.18 in that folder takes the place of this module's own; the
# project then needs the languages C and CXX.

get_filename_component(ZC_POSIX_DIR "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
get_filename_component(ZC_MODULE_DIR "${ZC_POSIX_DIR}/../.." ABSOLUTE)

set(ZC_PACKET_SIZE 8192 CACHE STRING "Largest RPC packet in bytes, with its framing's header")
set(ZC_ARENA_SIZE 262144 CACHE STRING "Memory for the host's tensors in bytes")
set(ZC_RECORD_BUFFER_SIZE 65536 CACHE STRING "Memory for records in bytes")
set(ZC_MAX_SELECTED 32 CACHE STRING "Most counters selected at once")
set(ZC_MAX_PROVIDERS 16 CACHE STRING "Most counter providers")
set(ZC_MAX_OPAQUE 4096 CACHE STRING "Most opaque bytes in a record")
set(ZC_MAX_TENSORS 32 CACHE STRING "Most tensors and time evaluators of an RPC session")
set(ZC_CRT_HEAP_SIZE 2097152 CACHE STRING "Memory for the C runtime in bytes")
set(ZC_CRT_SERVER 1 CACHE STRING "Serve TVM RPC; without it the application has the link")
set(ZC_CRT_GRAPH_EXECUTOR 1 CACHE STRING "Run models of the graph executor in the firmware")
set(ZC_CRT_GRAPH_SIZE 0 CACHE STRING "Longest graph that a host gives to the graph executor")
set(ZC_CRT_MAX_ARGS 10 CACHE STRING "Most tensors an operator takes and gives, plus one")
set(ZC_CRT_MAX_FUNCTION_NAME 120 CACHE STRING "Longest name of a function, plus two")
set(ZC_CRT_MAX_PARAM_NAME 80 CACHE STRING "Longest name of a parameter")
set(ZC_CRT_MAX_NDIM 6 CACHE STRING "Most dimensions of a tensor")
set(ZC_CRT_EXTRA_NAMES 64 CACHE STRING "Room for names of an application's functions")

include(${ZC_MODULE_DIR}/lib/crt_shim/crt.cmake)

set(ZC_POSIX_OPTIONS PACKET_SIZE ARENA_SIZE RECORD_BUFFER_SIZE MAX_SELECTED MAX_PROVIDERS MAX_OPAQUE
  MAX_TENSORS CRT_HEAP_SIZE CRT_GRAPH_SIZE CRT_MAX_ARGS CRT_MAX_FUNCTION_NAME CRT_MAX_PARAM_NAME
  CRT_MAX_NDIM CRT_EXTRA_NAMES)

# TVM's own sources, in a library apart, as they answer to other warnings.
function(zc_posix_add_crt target crt_dir)
  zc_crt_sources(${crt_dir} SERVER ${ZC_CRT_SERVER} GRAPH_EXECUTOR ${ZC_CRT_GRAPH_EXECUTOR})
  add_library(${target}_crt OBJECT ${ZC_CRT_SOURCES})
  set_target_properties(${target}_crt PROPERTIES CXX_STANDARD 14)
  target_compile_options(${target}_crt PRIVATE -w -ffunction-sections
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
  target_include_directories(${target}_crt PUBLIC ${ZC_CRT_INCLUDES})
  target_link_options(${target} PRIVATE ${ZC_CRT_LINK_OPTIONS})
  target_link_libraries(${target} PRIVATE ${target}_crt)
  target_sources(${target}_runtime PRIVATE
    ${ZC_CRT_SHIM_SOURCES} ${ZC_POSIX_DIR}/crt/memory.c ${ZC_POSIX_DIR}/crt/restart.c)
  # Headers that are not ours.
  target_include_directories(${target}_runtime SYSTEM PUBLIC ${ZC_CRT_INCLUDES})
  zc_posix_configure(${target}_crt)
endfunction()

function(zc_posix_configure target)
  foreach(option IN LISTS ZC_POSIX_OPTIONS)
    target_compile_definitions(${target} PUBLIC CONFIG_ZC_${option}=${ZC_${option}})
  endforeach()
endfunction()

function(zc_posix_add target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "CRT_DIR" "EXTENSIONS")

  set(runtime)
  if(NOT ARG_CRT_DIR)
    set(runtime
      ${ZC_MODULE_DIR}/lib/exec/*.c ${ZC_MODULE_DIR}/lib/rpc/*.c ${ZC_MODULE_DIR}/lib/wire/*.c)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS
    ${ZC_MODULE_DIR}/lib/cbor/*.c
    ${ZC_MODULE_DIR}/lib/counters/*.c
    ${ZC_MODULE_DIR}/lib/counters/standalone/*.c
    ${ZC_MODULE_DIR}/lib/error/*.c
    ${ZC_MODULE_DIR}/lib/functions/*.c
    ${runtime}
    ${ZC_POSIX_DIR}/*.c
    ${ZC_POSIX_DIR}/providers/*.c)
  foreach(accelerator IN LISTS ARG_EXTENSIONS)
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
  zc_posix_configure(${target}_runtime)
  if(ARG_CRT_DIR)
    target_compile_definitions(${target}_runtime PRIVATE CONFIG_ZC_RUNTIME_CRT=1)
    zc_posix_add_crt(${target} ${ARG_CRT_DIR})
  endif()

  target_link_libraries(${target} PRIVATE ${target}_runtime)
endfunction()
