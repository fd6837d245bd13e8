# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Writes examples/image_io.hpp as one file: cmake -DOUTPUT=image_io.hpp -P tools/single_image_io.cmake
# Each file that it includes with quotes stands where it is first included.

cmake_minimum_required(VERSION 3.23)
include("${CMAKE_CURRENT_LIST_DIR}/read_once.cmake")
set(examples "${CMAKE_CURRENT_LIST_DIR}/../examples")

# append_file(NAME): unless it is there
function(append_file name)
    read_once("${examples}" ${name} rest)
    string(REPLACE "#pragma once\n" "" rest "${rest}")
    while(rest MATCHES "#include \"([a-z_]+\\.[ch]pp)\"\n")
        set(included "${CMAKE_MATCH_1}")
        string(FIND "${rest}" "${CMAKE_MATCH_0}" begin)
        string(LENGTH "${CMAKE_MATCH_0}" length)
        math(EXPR end "${begin} + ${length}")
        string(SUBSTRING "${rest}" 0 ${begin} text)
        string(SUBSTRING "${rest}" ${end} -1 rest)
        set_property(GLOBAL APPEND_STRING PROPERTY body "${text}")
        append_file(${included})
    endwhile()
    set_property(GLOBAL APPEND_STRING PROPERTY body "${rest}")
endfunction()

append_file(image_io.hpp)
get_property(body GLOBAL PROPERTY body)
string(REGEX REPLACE "\n\n\n+" "\n\n" body "${body}")
file(WRITE "${OUTPUT}" "// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Reads and writes pictures, in one file made by tools/single_image_io.cmake: change the files that it names, not this.
// One source of the program defines LLOYD_IMAGE_IO_IMPLEMENTATION before it includes this file.
#pragma once

${body}")
