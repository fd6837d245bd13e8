# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Puts style, scripts, module and photo into page.html, and prints the size of the page.
#   cmake -DPAGE=… -DMODULE=… -DPHOTO=… -DSOURCE=examples -DGZIP=… -DBASE64=… -DVERSION=… -P pack.cmake

cmake_minimum_required(VERSION 3.23)
set(most_bytes 700000)
set(most_without_photo 450000)

execute_process(COMMAND "${GZIP}" -9 -n INPUT_FILE "${MODULE}" OUTPUT_FILE "${MODULE}.gz" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${BASE64}" INPUT_FILE "${MODULE}.gz" OUTPUT_VARIABLE module COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${BASE64}" INPUT_FILE "${PHOTO}" OUTPUT_VARIABLE photo COMMAND_ERROR_IS_FATAL ANY)

set(version ${VERSION})
file(READ "${SOURCE}/gallery/page.css" gallery_css)
foreach(name IN ITEMS elbow.js page.css page.js worker.js)
    string(REPLACE "." "_" variable ${name})
    file(READ "${SOURCE}/page/${name}" ${variable})
endforeach()
configure_file("${SOURCE}/page/page.html" "${PAGE}" @ONLY)

file(SIZE "${PAGE}" bytes)
string(LENGTH "${photo}" photo_bytes)
math(EXPR without_photo "${bytes} - ${photo_bytes}")
message("The page has ${bytes} bytes, ${without_photo} without its photo.")
if(bytes GREATER most_bytes OR without_photo GREATER most_without_photo)
    message(FATAL_ERROR "The page may have at most ${most_bytes} bytes, ${most_without_photo} without its photo.")
endif()
