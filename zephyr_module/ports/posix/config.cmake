# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0

# Configuration without Kconfig: from its files and from those that set its symbols.

# Set the variables CONFIG_<symbol> that a file of lines CONFIG_<symbol>=<value> names and that are
# not set yet.
macro(zc_config_from_conf file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} zc_lines REGEX "^CONFIG_[A-Z0-9_]+=")
  foreach(zc_line IN LISTS zc_lines)
    string(REGEX MATCH "^(CONFIG_[A-Z0-9_]+)=\"?([^\"]*)\"?$" zc_line "${zc_line}")
    if(NOT DEFINED ${CMAKE_MATCH_1})
      set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endif()
  endforeach()
endmacro()

# Set the variables CONFIG_<symbol> that are not set yet to the defaults that the Kconfig files
# under a folder give to symbols of type int and bool. Appends the names of those of type int to
# the list `numbers`. Only plain defaults count: the first one, without "if".
macro(zc_config_from_kconfig folder numbers)
  file(GLOB_RECURSE zc_files CONFIGURE_DEPENDS ${folder}/Kconfig*)
  foreach(zc_file IN LISTS zc_files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${zc_file})
    set(zc_symbol)
    file(STRINGS ${zc_file} zc_lines REGEX "^(config |\tint|\tbool|\tdefault )")
    foreach(zc_line IN LISTS zc_lines)
      if(zc_line MATCHES "^config (.*)$")
        set(zc_symbol CONFIG_${CMAKE_MATCH_1})
      elseif(zc_line MATCHES "^\tint")
        list(APPEND ${numbers} ${zc_symbol})
      elseif(zc_line MATCHES "^\tdefault ([0-9]+|y|n)$" AND NOT DEFINED ${zc_symbol})
        set(${zc_symbol} ${CMAKE_MATCH_1})
      endif()
    endforeach()
  endforeach()
endmacro()
