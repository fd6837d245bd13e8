// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Makes names of files, and other texts with any bytes, safe to show. The functions keep UTF-8 and treat all other bytes one
/// by one. The results do not always identify the file: different names can give the same text.
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

/// For a JSON string, without its quotes. Quotes, backslashes, control characters, and characters that change the direction of
/// text become \u and four digits, so that a parser gives them back and no terminal obeys them. Bytes that are not UTF-8
/// become U+FFFD.
std::string json_characters(std::string_view text);

}  // namespace cli
