# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Writes the library as one file: cmake -DOUTPUT=lloyd.hpp -P tools/single_header.cmake
# Each header stands where it is first included; standard headers come first, but for those inside an #if. What opens
# namespace detail stands wherever it is included, unless that was closed just before. The file is not for LLOYD_COMPILED.

cmake_minimum_required(VERSION 3.23)
include("${CMAKE_CURRENT_LIST_DIR}/read_once.cmake")
set(include_dir "${CMAKE_CURRENT_LIST_DIR}/../include")

function(append_text text)
    set_property(GLOBAL APPEND_STRING PROPERTY body "${text}")
endfunction()

# append_line(LINE FROM): one that begins with #. Headers of ours are put in its place, others go to the top.
function(append_line line from)
    if(line STREQUAL "#include <lloyd/detail/base/open_detail.inc>")
        append_text("@open_detail@\n")
    elseif(line MATCHES "^#include <(lloyd/.*)>")
        append_header(${CMAKE_MATCH_1})
    elseif(line MATCHES "^#include <.*>")
        set_property(GLOBAL APPEND PROPERTY includes "${line}")
    elseif(line MATCHES "^#include")
        message(FATAL_ERROR "${from}: includes with quotes: ${line}")
    elseif(NOT line STREQUAL "#pragma once")
        append_text("${line}\n")
    endif()
endfunction()

# append_header(NAME): unless it is there
function(append_header name)
    read_once("${include_dir}" ${name} rest)
    if(rest MATCHES "\n#if !defined\\(LLOYD_COMPILED\\)[^\n]*\n")
        string(REPLACE "${CMAKE_MATCH_0}" "\n" rest "${rest}")
        string(REGEX REPLACE "\n#endif\n$" "\n" rest "${rest}")
    endif()
    string(REPLACE "#include <lloyd/detail/base/open_entries.inc>" "#include <lloyd/detail/base/open_detail.inc>"
        rest "${rest}")
    string(REPLACE "#include <lloyd/detail/base/close_entries.inc>" "}  // namespace lloyd::inline v0::detail"
        rest "${rest}")
    set(depth 0)
    while(NOT rest STREQUAL "")
        string(FIND "\n${rest}" "\n#" begin)
        string(SUBSTRING "${rest}" 0 ${begin} text)
        append_text("${text}")
        if(begin EQUAL -1)
            break()
        endif()
        string(SUBSTRING "${rest}" ${begin} -1 rest)
        string(FIND "${rest}" "\n" end)
        string(SUBSTRING "${rest}" 0 ${end} line)
        math(EXPR end "${end} + 1")
        string(SUBSTRING "${rest}" ${end} -1 rest)

        if(line MATCHES "^#if")
            math(EXPR depth "${depth} + 1")
        elseif(line MATCHES "^#endif")
            math(EXPR depth "${depth} - 1")
        endif()
        if(depth EQUAL 0 OR line MATCHES "^#include <lloyd/detail/base/open_detail.inc>")
            append_line("${line}" ${name})
        elseif(line MATCHES "^#include [<\"]lloyd/")
            message(FATAL_ERROR "${name}: includes a header of ours inside an #if: ${line}")
        else()
            append_text("${line}\n")
        endif()
    endwhile()
endfunction()

append_header(lloyd/detail/base/requirements.hpp)
append_header(lloyd/lloyd.hpp)
get_property(includes GLOBAL PROPERTY includes)
get_property(body GLOBAL PROPERTY body)
list(SORT includes)
list(REMOVE_DUPLICATES includes)
list(JOIN includes "\n" includes)
file(READ "${include_dir}/lloyd/detail/base/open_detail.inc" open_detail)
string(FIND "${open_detail}" "namespace lloyd::" begin)
string(SUBSTRING "${open_detail}" ${begin} -1 open_detail)
string(REGEX REPLACE "}  // namespace lloyd::inline v0::detail\n((//[^\n]*\n|\n)*)@open_detail@\n" "\\1"
    body "${body}")
string(REPLACE "@open_detail@\n" "${open_detail}" body "${body}")
string(REGEX REPLACE "\n\n\n+" "\n\n" body "${body}")

file(WRITE "${OUTPUT}" "// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// All of lloyd in one file, made by tools/single_header.cmake: change the headers, not this.
#pragma once

#if defined(LLOYD_COMPILED)
#error \"lloyd: this file compiles the library where it is included; LLOYD_COMPILED takes include/lloyd\"
#endif

${includes}

${body}")
