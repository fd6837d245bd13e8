# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Every link of docs/ into a source of tests/ must name a test case that stands in it. Run from the top of the source tree.

set(links 0)
file(GLOB_RECURSE pages docs/*.md)
foreach(page IN LISTS pages)
    file(READ "${page}" rest)
    while(rest MATCHES "\\[([^][]+)\\]\\(\\.\\./(tests/[a-z_]+\\.cpp)\\)")
        set(test "${CMAKE_MATCH_1}")
        set(source "${CMAKE_MATCH_2}")
        string(FIND "${rest}" "](../${source})" begin)
        string(SUBSTRING "${rest}" ${begin} -1 rest)
        string(SUBSTRING "${rest}" 1 -1 rest)
        math(EXPR links "${links} + 1")

        string(REGEX REPLACE "[ \n]+" " " test "${test}")
        if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
            message(SEND_ERROR "${page}: there is no ${source}")
            continue()
        endif()
        file(READ "${source}" text)
        string(REGEX REPLACE "\\(\n +\"" "(\"" text "${text}")
        string(FIND "${text}" "TEST_CASE(\"${test}\"" plain)
        string(FIND "${text}" "TEST_CASE_TEMPLATE(\"${test}\"" of_types)
        if(plain EQUAL -1 AND of_types EQUAL -1)
            message(SEND_ERROR "${page}: no test case of ${source} is named\n${test}")
        endif()
    endwhile()
endforeach()
message(STATUS "${links} links to tests")
