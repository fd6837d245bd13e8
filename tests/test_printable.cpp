// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Names of files as they are shown: whatever bytes they hold, a terminal obeys none and a browser opens the page.

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "../examples/printable.hpp"

namespace {

using cli::printable;
using cli::valid_utf8;

TEST_CASE("shows words of any script as they are") {
    for (const std::string_view words : {"", "photo.jpg", "a b\\c", "Größe × 2", "写真.png", "😀", "\U0010ffff"}) {
        CHECK(printable(words) == words);
        CHECK(valid_utf8(words) == words);
    }
}

TEST_CASE("shows control characters and bytes that are no UTF-8 as \\x and two digits") {
    CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
    CHECK(printable("a\nb\r\t\x07\x7f") == "a\\x0ab\\x0d\\x09\\x07\\x7f");
    CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
    CHECK(printable("caf\xe9.png") == "caf\\xe9.png");  // Latin-1
    CHECK(printable("\xc2\x9b"
                    "31m") == "\\xc2\\x9b31m");                     // CSI as one character
    CHECK(printable("a\xe2\x80\xaegpj") == "a\\xe2\\x80\\xaegpj");  // what follows would run from right to left
    CHECK(printable(printable("\x1b\xff")) == printable("\x1b\xff"));
}

TEST_CASE("tells UTF-8 from what only looks like it") {
    for (const std::string_view bytes : {"\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xff", "\xfe", "\xc0\xaf",
                                         "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",  // too long
                                         "\xed\xa0\x80", "\xed\xbf\xbf",                  // surrogates
                                         "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {       // too large
        std::string escapes, marks;
        for (const char byte : bytes) {
            const unsigned value = static_cast<unsigned char>(byte);
            escapes += std::string("\\x") + "0123456789abcdef"[value / 16] + "0123456789abcdef"[value % 16];
            marks += "\ufffd";
        }
        CAPTURE(escapes);
        CHECK(printable(bytes) == escapes);
        CHECK(printable("é" + std::string(bytes) + "é") == "é" + escapes + "é");
        CHECK(valid_utf8("é" + std::string(bytes) + "é") == "é" + marks + "é");
    }
    for (const std::string_view edge : {"\xc2\xa0", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80"})
        CHECK(printable(edge) == edge);
}

TEST_CASE("gives XML no character that it forbids") {
    CHECK(valid_utf8("a\tb\nc\r") == "a b c ");
    CHECK(valid_utf8("a\x1b[31m\x01\x7f") == "a\ufffd[31m\ufffd\ufffd");
    CHECK(valid_utf8(std::string_view("\0", 1)) == "\ufffd");
    CHECK(valid_utf8("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") == "\ufffd\ufffd\ufffd");  // U+FFFE, U+FFFF, U+FFFD itself
    CHECK(valid_utf8("\xc2\x85") == "\ufffd");
}

}  // namespace
