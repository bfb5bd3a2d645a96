# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
#
# The firmware as a process of this machine.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

foreach(option PACKET_SIZE ARENA_SIZE RECORD_BUFFER_SIZE CRT_HEAP_SIZE CRT_GRAPH_SIZE CRT_MAX_ARGS
               CRT_MAX_FUNCTION_NAME CRT_MAX_PARAM_NAME CRT_MAX_NDIM)
  if(DEFINED CONFIG_ZC_${option})
    # The port's own default would replace a plain variable.
    set(ZC_${option} ${CONFIG_ZC_${option}} CACHE STRING "" FORCE)
  endif()
endforeach()
if(ZC_RUNTIME STREQUAL crt AND NOT CONFIG_ZC_CRT_GRAPH_EXECUTOR)
  set(ZC_CRT_GRAPH_EXECUTOR 0 CACHE STRING "" FORCE)
endif()
if(CONFIG_ZC_CRT_SERVER STREQUAL n)
  set(ZC_CRT_SERVER 0 CACHE STRING "" FORCE)
endif()
include(${ZC_MODULE_DIR}/ports/posix/posix.cmake)

add_executable(firmware ${ZC_APP_SOURCES} ${ZC_MODEL_SOURCES} ${ZC_MODEL_OBJECTS})
target_include_directories(firmware PRIVATE ${ZC_APP_INCLUDES})
target_compile_definitions(firmware PRIVATE ${ZC_APP_DEFINITIONS})
# Generated code answers to its generator, not to our warnings.
set_source_files_properties(${ZC_MODEL_SOURCES} PROPERTIES COMPILE_OPTIONS -w)
target_compile_options(firmware PRIVATE -Wall -Wextra -Werror)
target_link_libraries(firmware PRIVATE m)
file(GLOB accelerators CONFIGURE_DEPENDS ${ZC_EXTENSIONS_DIR}/*)
zc_posix_add(firmware EXTENSIONS ${accelerators} CRT_DIR ${ZC_CRT_DIR})

foreach(target firmware firmware_runtime)
  target_compile_definitions(${target} PRIVATE ${ZC_DEFINITIONS})
  if(NOT ZC_WARNING_AS_ERROR)
    target_compile_options(${target} PRIVATE -Wno-error)
  endif()
endforeach()
