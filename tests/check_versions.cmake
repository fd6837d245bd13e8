# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Files that name the version name that of include/lloyd/version.hpp. Run from the top of the source tree.

cmake_minimum_required(VERSION 3.25)

file(STRINGS include/lloyd/version.hpp version REGEX "VERSION_(MAJOR|MINOR|PATCH)")
string(REGEX REPLACE "[^0-9]+([0-9]+);[^0-9]+([0-9]+);[^0-9]+([0-9]+)" "\\1.\\2.\\3" version "${version}")
string(REGEX REPLACE "\\.[0-9]+$" "" minor "${version}")

file(STRINGS CITATION.cff cited REGEX "^version: ")
if(NOT cited STREQUAL "version: ${version}")
    message(SEND_ERROR "CITATION.cff: '${cited}' is not the version ${version}")
endif()
file(STRINGS CITATION.cff date REGEX "^date-released: ")
string(REPLACE "date-released: " "" date "${date}")
file(READ CHANGELOG.md changes)
string(FIND "${changes}" "\n## [${version}] – ${date}\n" place)
if(place EQUAL -1)
    message(SEND_ERROR "CITATION.cff: CHANGELOG.md says of no version ${version} that it was released on ${date}")
endif()
foreach(page IN ITEMS README.md docs/start.md)
    file(STRINGS ${page} lines REGEX "^find_package\\(lloyd ")
    if(NOT lines)
        message(SEND_ERROR "${page}: there is no find_package(lloyd …)")
    endif()
    foreach(line IN LISTS lines)
        if(NOT line MATCHES "^find_package\\(lloyd ${minor} ")
            message(SEND_ERROR "${page}: '${line}' is not for version ${minor}")
        endif()
    endforeach()
endforeach()
