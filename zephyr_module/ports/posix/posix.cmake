# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# The runtime as a program of this machine.
#
#   add_executable(firmware src/main.c src/kernels.c src/plan.c src/weights.c)
#   include(<zephyr_module>/ports/posix/posix.cmake)
#   zc_posix_add(firmware [EXTENSIONS <folder>...] [LINK <file>] [CRT_DIR <folder>])
#
# gives the target the libraries, zc_link_serve(), and the providers that have a posix.c. An
# extension's folder holds device/*.c; those named zephyr*.c are its driver's registration on
# Zephyr, left out. The link driver is the file LINK, else the one of link/ whose variable
# CONFIG_ZC_LINK_<NAME> is set, else link/pty.c. With CRT_DIR, the C runtime of TVM 0.18 in that
# folder takes the place of this module's own; the project then needs the languages C and CXX.
#
# Limits are variables named as in Kconfig, such as CONFIG_ZC_PACKET_SIZE. Those that are not set
# before this file is included come from the files that ZC_POSIX_CONF lists, then from posix.conf, then
# from the defaults in lib/**/Kconfig.

get_filename_component(ZC_POSIX_DIR "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
get_filename_component(ZC_MODULE_DIR "${ZC_POSIX_DIR}/../.." ABSOLUTE)

include(${ZC_POSIX_DIR}/config.cmake)
foreach(file IN LISTS ZC_POSIX_CONF ITEMS ${ZC_POSIX_DIR}/posix.conf)
  zc_config_from_conf(${file})
endforeach()
set(ZC_POSIX_NUMBERS)
zc_config_from_kconfig(${ZC_MODULE_DIR}/lib ZC_POSIX_NUMBERS)

include(${ZC_MODULE_DIR}/lib/crt_shim/crt.cmake)

# TVM's own sources, in a library apart, as they answer to other warnings.
function(zc_posix_add_crt target crt_dir)
  zc_crt_sources(${crt_dir}
    SERVER ${CONFIG_ZC_CRT_SERVER} GRAPH_EXECUTOR "${CONFIG_ZC_CRT_GRAPH_EXECUTOR}"
    AOT_LAYERS "${CONFIG_ZC_CRT_AOT_LAYERS}")
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
  foreach(number IN LISTS ZC_POSIX_NUMBERS)
    target_compile_definitions(${target} PUBLIC ${number}=${${number}})
  endforeach()
endfunction()

# C files of a folder, without those that register a driver on Zephyr.
function(zc_posix_drivers folder output)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.c)
  list(FILTER files EXCLUDE REGEX "/zephyr[^/]*\\.c$")
  set(${output} ${files} PARENT_SCOPE)
endfunction()

function(zc_posix_link output)
  set(chosen ${ZC_POSIX_DIR}/link/pty.c)
  file(GLOB files CONFIGURE_DEPENDS ${ZC_POSIX_DIR}/link/*.c)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    string(TOUPPER ${name} name)
    if(CONFIG_ZC_LINK_${name})
      set(chosen ${file})
    endif()
  endforeach()
  set(${output} ${chosen} PARENT_SCOPE)
endfunction()

function(zc_posix_add target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "CRT_DIR;LINK" "EXTENSIONS")

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
    ${ZC_MODULE_DIR}/drivers/hwcnt/hwcnt.c
    ${ZC_MODULE_DIR}/ports/common/*.c
    ${ZC_POSIX_DIR}/*.c)
  if(NOT ARG_LINK)
    zc_posix_link(ARG_LINK)
  endif()
  list(APPEND sources ${ARG_LINK})
  file(GLOB providers CONFIGURE_DEPENDS ${ZC_MODULE_DIR}/drivers/hwcnt/*/posix.c)
  list(TRANSFORM providers REPLACE "/posix\\.c$" "")
  list(TRANSFORM ARG_EXTENSIONS APPEND /device)
  foreach(folder IN LISTS providers ARG_EXTENSIONS)
    zc_posix_drivers(${folder} drivers)
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
