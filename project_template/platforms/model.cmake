# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# What a project's model is built from, whichever runtime it is for.
#
#   zc_model(<project's folder> <tvm-ffi|crt>)
#
# sets ZC_LANGUAGES, ZC_MODEL_SOURCES, ZC_MODEL_INCLUDES, ZC_MODEL_OBJECTS and, with TVM's C
# runtime, ZC_CRT_DIR.

macro(zc_model home runtime)
  set(ZC_MODEL_OBJECTS)
  set(ZC_MODEL_INCLUDES)
  if(${runtime} STREQUAL crt)
    set(ZC_LANGUAGES C CXX)
    set(ZC_CRT_DIR ${home}/crt)
    file(GLOB ZC_MODEL_SOURCES CONFIGURE_DEPENDS ${home}/model/codegen/host/src/*.c)
    file(GLOB ZC_MODEL_OBJECTS CONFIGURE_DEPENDS ${home}/model/codegen/host/lib/*.o)
    if(EXISTS ${home}/cmsis)
      file(GLOB_RECURSE cmsis CONFIGURE_DEPENDS ${home}/cmsis/Source/*.c)
      list(APPEND ZC_MODEL_SOURCES ${cmsis})
      set(ZC_MODEL_INCLUDES ${home}/cmsis/Include ${home}/cmsis/Core)
    endif()
  else()
    set(ZC_LANGUAGES C)
    file(GLOB ZC_MODEL_SOURCES CONFIGURE_DEPENDS ${home}/model/src/*.c)
  endif()
endmacro()
