// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Makes names of files, and other texts with any bytes, safe to show. Both functions keep UTF-8 and treat all other bytes one
/// by one. The results are only for display: they do not identify the file.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// For a terminal: control characters, characters that change the direction of text, and bytes that are not UTF-8 become
/// visible, as in \x1b. Applying it twice gives the same as applying it once.
std::string printable(std::string_view text);

/// For XML and HTML: tabs and ends of lines become spaces. Other control characters, characters that XML 1.0 forbids, and
/// bytes that are not UTF-8 become U+FFFD. (It does not escape characters such as <: use svg::escaped.)
std::string valid_utf8(std::string_view text);

}  // namespace cli
