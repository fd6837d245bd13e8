// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "printable.hpp"

#include <cstddef>
#include <cstdio>

namespace cli {
namespace {

/// The first character of a text: a character of UTF-8, or one other byte, whose code is `none`.
struct character {
    static constexpr char32_t none = 0xFFFFFFFF;

    std::string_view bytes;
    char32_t code;
};

std::size_t length_after(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC0) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 0;
}

character first_character(std::string_view text) {
    const character single_byte = {text.substr(0, 1), character::none};
    const auto lead = static_cast<unsigned char>(text[0]);
    const auto length = length_after(lead);
    if (length == 0 || length > text.size()) return single_byte;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (const char byte : text.substr(1, length - 1)) {
        if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) return single_byte;
        code = code << 6 | (static_cast<unsigned char>(byte) & 0x3F);
    }
    constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (code < least[length - 1] || code > 0x10FFFF || is_surrogate) return single_byte;
    return {text.substr(0, length), code};
}

/// `text`, with each character replaced by shown(character).
template <class Shown>
std::string replaced(std::string_view text, Shown shown) {
    std::string result;
    while (!text.empty()) {
        const auto first = first_character(text);
        result += shown(first);
        text.remove_prefix(first.bytes.size());
    }
    return result;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

/// Whether a character embeds, overrides or isolates a direction of text, or ends a line.
bool turns_text(char32_t code) { return (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069); }

std::string visible(std::string_view bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string result;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        result.append("\\x").append(1, digits[value / 16]).append(1, digits[value % 16]);
    }
    return result;
}

}  // namespace

std::string printable(std::string_view text) {
    return replaced(text, [](const character& one) {
        const bool is_safe = one.code != character::none && !is_control(one.code) && !turns_text(one.code);
        return is_safe ? std::string(one.bytes) : visible(one.bytes);
    });
}

std::string valid_utf8(std::string_view text) {
    return replaced(text, [](const character& one) -> std::string_view {
        if (one.code == '\t' || one.code == '\n' || one.code == '\r') return " ";
        const bool is_forbidden = one.code == character::none || one.code == 0xFFFE || one.code == 0xFFFF;
        return is_forbidden || is_control(one.code) ? "\ufffd" : one.bytes;
    });
}

std::string json_characters(std::string_view text) {
    return replaced(text, [](const character& one) -> std::string {
        if (one.code == character::none) return "\ufffd";
        if (one.code != '"' && one.code != '\\' && !is_control(one.code) && !turns_text(one.code))
            return std::string(one.bytes);
        char escape[12];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(one.code));
        return escape;
    });
}

}  // namespace cli
