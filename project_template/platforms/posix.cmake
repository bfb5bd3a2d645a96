# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
#
# The firmware as a process of this machine.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

# What the project's options say has the last word, then the board's file, then the port's.
file(GLOB ZC_BOARD_DIR ${CMAKE_CURRENT_SOURCE_DIR}/boards/*)
if(EXISTS ${ZC_BOARD_DIR}/board.conf)
  set(ZC_POSIX_CONF ${ZC_BOARD_DIR}/board.conf)
endif()
set(link)
if(EXISTS ${ZC_BOARD_DIR}/link.c)
  set(link LINK ${ZC_BOARD_DIR}/link.c)
endif()
include(${ZC_MODULE_DIR}/ports/posix/posix.cmake)

add_executable(firmware ${ZC_APP_SOURCES} ${ZC_MODEL_SOURCES} ${ZC_MODEL_OBJECTS})
target_include_directories(firmware PRIVATE ${ZC_APP_INCLUDES})
target_compile_definitions(firmware PRIVATE ${ZC_APP_DEFINITIONS})
set_property(SOURCE ${ZC_MODEL_SOURCES} APPEND PROPERTY COMPILE_OPTIONS ${ZC_MODEL_OPTIONS})
target_compile_options(firmware PRIVATE -Wall -Wextra -Werror)
target_link_libraries(firmware PRIVATE m)
file(GLOB extensions CONFIGURE_DEPENDS ${ZC_EXTENSIONS_DIR}/*)
zc_posix_add(firmware EXTENSIONS ${extensions} ${link} CRT_DIR ${ZC_CRT_DIR})

foreach(target firmware firmware_runtime)
  target_compile_definitions(${target} PRIVATE ${ZC_DEFINITIONS})
  if(NOT ZC_WARNING_AS_ERROR)
    target_compile_options(${target} PRIVATE -Wno-error)
  endif()
endforeach()
