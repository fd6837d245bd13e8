// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The files of gallery/ as text. CMake writes their definitions.
#pragma once

#include <string_view>

namespace gallery {

extern const std::string_view page_css;
extern const std::string_view cloud_js;
extern const std::string_view slider_js;
extern const std::string_view code_hpp;

}  // namespace gallery
