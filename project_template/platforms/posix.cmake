# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
#
# The firmware as a process of this machine.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

foreach(option PACKET_SIZE ARENA_SIZE RECORD_BUFFER_SIZE)
  if(DEFINED CONFIG_ZC_${option})
    # The port's own default would replace a plain variable.
    set(ZC_${option} ${CONFIG_ZC_${option}} CACHE STRING "" FORCE)
  endif()
endforeach()
include(${ZC_MODULE_DIR}/ports/posix/posix.cmake)

add_executable(firmware src/main.c ${ZC_MODEL_SOURCES})
# Generated code answers to its generator, not to our warnings.
set_source_files_properties(${ZC_MODEL_SOURCES} PROPERTIES COMPILE_OPTIONS -w)
target_compile_options(firmware PRIVATE -Wall -Wextra -Werror)
target_link_libraries(firmware PRIVATE m)
file(GLOB accelerators CONFIGURE_DEPENDS ${ZC_ACCELERATORS_DIR}/*)
zc_posix_add(firmware ACCELERATORS ${accelerators})

foreach(target firmware firmware_runtime)
  target_compile_definitions(${target} PRIVATE ${ZC_DEFINITIONS})
  if(NOT ZC_WARNING_AS_ERROR)
    target_compile_options(${target} PRIVATE -Wno-error)
  endif()
endforeach()
