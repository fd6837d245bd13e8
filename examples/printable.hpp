// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Names of files, and other words that may hold any bytes, made fit to be shown. Both take UTF-8 for what it is and
/// everything else byte by byte. They are for the eye: what they return does not lead back to the name.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// For a terminal: control characters, those that turn the direction of text around, and bytes that are no UTF-8 become
/// visible, as in \x1b. To show it once more changes nothing.
std::string printable(std::string_view text);

/// For XML and HTML: tabs and ends of lines become spaces; other control characters, what XML 1.0 forbids, and bytes
/// that are no UTF-8 become U+FFFD. (What has a meaning there, as < has, stays: svg::escaped is for that.)
std::string valid_utf8(std::string_view text);

}  // namespace cli
