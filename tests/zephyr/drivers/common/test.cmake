# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
#
# Included by each driver's test before find_package(Zephyr).

get_filename_component(repository ${CMAKE_CURRENT_LIST_DIR}/../../../.. ABSOLUTE)
# In a west workspace the module is found without this line.
list(APPEND EXTRA_ZEPHYR_MODULES ${repository})

# What a test of fake registers or accessors includes.
include_directories(${CMAKE_CURRENT_LIST_DIR})

# After project(): fake registers for native_sim.
macro(use_fake_registers)
  target_include_directories(app PRIVATE ${repository}/tests/zephyr/drivers/common)
  target_sources(native_simulator INTERFACE
    ${repository}/tests/zephyr/drivers/common/fake_registers_host.c)
endmacro()
