# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
#
# The firmware as a process of this machine.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

foreach(option PACKET_SIZE ARENA_SIZE RECORD_BUFFER_SIZE)
  if(DEFINED CONFIG_ZC_${option})
    set(ZC_${option} ${CONFIG_ZC_${option}})
  endif()
endforeach()
include(${ZC_MODULE_DIR}/ports/posix/posix.cmake)

add_executable(firmware ${ZC_MODEL_SOURCES})
# Generated code answers to its generator, not to our warnings.
target_compile_options(firmware PRIVATE -w)
target_link_libraries(firmware PRIVATE m)
file(GLOB accelerators CONFIGURE_DEPENDS ${ZC_ACCELERATORS_DIR}/*)
zc_posix_add(firmware ACCELERATORS ${accelerators})

if(NOT ZC_WARNING_AS_ERROR)
  target_compile_options(firmware_runtime PRIVATE -Wno-error)
endif()
foreach(target firmware firmware_runtime)
  target_compile_definitions(${target} PRIVATE ${ZC_DEFINITIONS})
endforeach()
