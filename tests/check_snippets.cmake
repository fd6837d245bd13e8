# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Every C++ block of README.md and docs/ must be found, but for indentation, as a run of lines in a program of
# tests/ or examples/. Run from the top of the source tree.

function(unindent text out)
    string(REGEX REPLACE "\n[ \t]+" "\n" text "\n${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(programs "")
file(GLOB sources examples/*.cpp examples/mpi/*.cpp tests/*.cpp)
foreach(source IN LISTS sources)
    file(READ "${source}" text)
    unindent("${text}" text)
    string(APPEND programs "${text}")
endforeach()

set(blocks 0)
file(GLOB_RECURSE pages docs/*.md)
foreach(page IN ITEMS "${CMAKE_CURRENT_SOURCE_DIR}/README.md" LISTS pages)
    file(READ "${page}" rest)
    while(rest MATCHES "```cpp\n")
        string(FIND "${rest}" "```cpp\n" begin)
        math(EXPR begin "${begin} + 7")
        string(SUBSTRING "${rest}" ${begin} -1 rest)
        string(FIND "${rest}" "```" length)
        string(SUBSTRING "${rest}" 0 ${length} block)
        string(SUBSTRING "${rest}" ${length} -1 rest)
        math(EXPR blocks "${blocks} + 1")

        unindent("${block}" wanted)
        string(FIND "${programs}" "${wanted}" found)
        if(found EQUAL -1)
            message(SEND_ERROR "${page}: no compiled program has these lines:\n${block}")
        endif()
    endwhile()
endforeach()
message(STATUS "${blocks} C++ blocks")
