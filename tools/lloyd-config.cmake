# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/lloyd-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/lloyd-compiled-targets.cmake" OPTIONAL)
