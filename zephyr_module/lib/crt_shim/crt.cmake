# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# What a firmware on TVM's C runtime (CRT) is made of, on Zephyr and on posix.
#
#   zc_crt_sources(<folder with the CRT's include/ and src/> SERVER <bool> GRAPH_EXECUTOR <bool>
#     AOT_LAYERS <bool>)
#
# sets ZC_CRT_SOURCES (not ours: compile without warnings), ZC_CRT_SHIM_SOURCES (ours),
# ZC_CRT_INCLUDES and ZC_CRT_LINK_OPTIONS. Without the server there is just what generated code
# calls.

set(ZC_CRT_SHIM_DIR ${CMAKE_CURRENT_LIST_DIR})

macro(zc_crt_sources crt_dir)
  cmake_parse_arguments(ZC_CRT "" "SERVER;GRAPH_EXECUTOR;AOT_LAYERS" "" ${ARGN})
  set(zc_crt_parts common)
  set(zc_crt_ours platform format evaluator)
  # Its common part asks for a system library that a model without a server does not have.
  set(ZC_CRT_LINK_OPTIONS -Wl,--gc-sections)
  if(ZC_CRT_SERVER)
    set(ZC_CRT_LINK_OPTIONS)
    list(APPEND zc_crt_parts
      aot_executor aot_executor_module microtvm_rpc_common microtvm_rpc_server)
    list(APPEND zc_crt_ours functions reply server)
    if(ZC_CRT_GRAPH_EXECUTOR)
      list(APPEND zc_crt_parts graph_executor graph_executor_module)
      list(APPEND zc_crt_ours layers layers_graph)
      set(ZC_CRT_LINK_OPTIONS
        -Wl,--wrap=TVMGraphExecutor_Create -Wl,--wrap=TVMGraphExecutor_Release)
    elseif(ZC_CRT_AOT_LAYERS)
      list(APPEND zc_crt_ours layers layers_aot)
      set(ZC_CRT_LINK_OPTIONS
        -Wl,--wrap=TVMAotExecutor_Create -Wl,--wrap=TVMAotExecutor_Release)
    else()
      list(APPEND zc_crt_ours layers_none)
    endif()
  endif()
  list(TRANSFORM zc_crt_ours PREPEND ${ZC_CRT_SHIM_DIR}/ OUTPUT_VARIABLE ZC_CRT_SHIM_SOURCES)
  list(TRANSFORM ZC_CRT_SHIM_SOURCES APPEND .c)
  set(ZC_CRT_SOURCES)
  foreach(part IN LISTS zc_crt_parts)
    file(GLOB zc_crt_part CONFIGURE_DEPENDS
      ${crt_dir}/src/runtime/crt/${part}/*.c ${crt_dir}/src/runtime/crt/${part}/*.cc)
    if(NOT zc_crt_part)
      message(FATAL_ERROR "${crt_dir} holds no ${part}: not the CRT of TVM 0.18")
    endif()
    list(APPEND ZC_CRT_SOURCES ${zc_crt_part})
  endforeach()
  # crt_config.h is ours, and includes functions.def.
  set(ZC_CRT_INCLUDES ${ZC_CRT_SHIM_DIR} ${ZC_CRT_SHIM_DIR}/../../include ${crt_dir}/include)
endmacro()
