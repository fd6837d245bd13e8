# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# read_once(DIRECTORY NAME OUT): sets OUT to the text of a file, under its name instead of its licence; empty if it was read
# before.
function(read_once directory name out)
    get_property(seen GLOBAL PROPERTY seen)
    set(text "")
    if(NOT name IN_LIST seen)
        set_property(GLOBAL APPEND PROPERTY seen ${name})
        file(READ "${directory}/${name}" text)
        string(REGEX REPLACE "^// SPDX[^\n]*\n// SPDX[^\n]*\n" "// ${name}\n" text "${text}")
    endif()
    set(${out} "${text}" PARENT_SCOPE)
endfunction()
