# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# What a project's own part of the firmware is built from, whichever runtime its model is for.
#
#   zc_model(<project's folder> <variable with the text of project.json>)
#
# sets ZC_LANGUAGES, ZC_MODEL_SOURCES, ZC_MODEL_OBJECTS and, with TVM's C runtime, ZC_CRT_DIR; for
# the code around the model, ZC_APP_SOURCES, ZC_APP_INCLUDES and ZC_APP_DEFINITIONS.

# Generated code answers to its generator, not to our warnings. It is what is measured, so it is
# optimized for speed whatever the rest is: with -Os some kernels take 1.8 times the instructions.
set(ZC_MODEL_OPTIONS -O2 -w)

macro(zc_model home project)
  string(JSON ZC_RUNTIME GET "${${project}}" runtime)
  set(ZC_MODEL_OBJECTS)
  set(ZC_APP_SOURCES ${home}/src/main.c)
  set(ZC_APP_INCLUDES)
  set(ZC_APP_DEFINITIONS)
  if(ZC_RUNTIME STREQUAL crt)
    set(ZC_LANGUAGES C CXX)
    set(ZC_CRT_DIR ${home}/crt)
    set(sources ${home}/model/codegen/host/src)
    file(GLOB ZC_MODEL_SOURCES CONFIGURE_DEPENDS ${sources}/*.c ${sources}/*.cc ${sources}/*.cpp)
    file(GLOB ZC_MODEL_OBJECTS CONFIGURE_DEPENDS ${home}/model/codegen/host/lib/*.o)
    string(JSON zc_layers ERROR_VARIABLE zc_none
      GET "${${project}}" config CONFIG_ZC_CRT_AOT_LAYERS)
    if(zc_layers STREQUAL y)
      # Each header brackets the operators of the file of its name.
      foreach(zc_source IN LISTS ZC_MODEL_SOURCES)
        get_filename_component(zc_name ${zc_source} NAME_WLE)
        set(zc_header ${home}/layers/${zc_name}.h)
        if(EXISTS ${zc_header})
          set_property(SOURCE ${zc_source} APPEND PROPERTY COMPILE_OPTIONS -include ${zc_header})
        endif()
      endforeach()
      list(APPEND ZC_APP_SOURCES ${home}/layers/layers.c)
    endif()
    # Headers of the model, and those that extra_files_tar brings.
    set(ZC_APP_INCLUDES ${home}/model/codegen/host/include ${home}/include)
  else()
    set(ZC_LANGUAGES C)
    file(GLOB ZC_MODEL_SOURCES CONFIGURE_DEPENDS ${home}/model/src/*.c)
    # The assembler looks for weights.bin in the include folders.
    if(EXISTS ${home}/model/src/weights.bin)
      set_source_files_properties(${home}/model/src/weights.c PROPERTIES
        INCLUDE_DIRECTORIES ${home}/model/src OBJECT_DEPENDS ${home}/model/src/weights.bin)
    endif()
    # The extension cmsis-nn gives the same bits as other kernels with this rounding alone.
    set(ZC_APP_DEFINITIONS CMSIS_NN_USE_SINGLE_ROUNDING)
  endif()
  if(EXISTS ${home}/cmsis)
    file(GLOB_RECURSE cmsis CONFIGURE_DEPENDS ${home}/cmsis/Source/*.c)
    # Those need options that kernels of 8-bit integers do without.
    list(FILTER cmsis EXCLUDE REGEX "_(f16|f32|flt)\\.c$")
    list(APPEND ZC_MODEL_SOURCES ${cmsis})
    list(APPEND ZC_APP_INCLUDES ${home}/cmsis/Include ${home}/cmsis/Core)
  endif()
  string(JSON zc_demo ERROR_VARIABLE zc_no_demo GET "${${project}}" demo model)
  if(NOT zc_no_demo)
    list(APPEND ZC_APP_SOURCES
      ${home}/src/aot_standalone_demo/console.c
      ${home}/src/aot_standalone_demo/counters.c
      ${home}/src/aot_standalone_demo/demo.c)
    list(APPEND ZC_APP_DEFINITIONS ZC_DEMO_MODEL=${zc_demo} ZC_DEMO_HEADER="${zc_demo}.h")
    foreach(zc_tensor input output)
      string(JSON zc_size GET "${${project}}" demo ${zc_tensor}_size)
      string(TOUPPER ${zc_tensor} zc_tensor)
      list(APPEND ZC_APP_DEFINITIONS ZC_DEMO_${zc_tensor}_SIZE=${zc_size})
    endforeach()
  endif()
endmacro()
