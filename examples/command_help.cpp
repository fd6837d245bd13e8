// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program tells about its options: the help, and the name that a misspelt one is near to.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command_line.hpp"

namespace cli {
namespace {

/// How many letters must be added, removed or replaced to make one word of the other (Levenshtein 1966).
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const auto replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

/// Whether `name` begins with the letter of an option that has one: --output for -o, and -K5 or --K for -k.
bool begins_like(std::string_view name, std::string_view option) {
    const auto letter = name.substr(name.starts_with("--") ? 2 : 1, 1);
    return option.size() == 2 && !letter.empty() && (letter[0] | 32) == option[1];  // 32 makes a letter lower case
}

/// The words of a text in lines of at most 80 columns, the second and all after it `indent` columns in; the first begins
/// at column `indent`, too. Columns are counted in bytes.
std::string wrapped(const std::string& text, std::size_t indent) {
    std::string lines;
    auto column = indent;
    for (std::size_t first = 0; first < text.size();) {
        const auto end = (std::min)(text.find(' ', first), text.size());
        if (column > indent && column + 1 + (end - first) > 80) {
            lines += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (first > 0) {
            lines += ' ';
            ++column;
        }
        lines += text.substr(first, end - first);
        column += end - first;
        first = end + 1;
    }
    return lines;
}

}  // namespace

/// Names the nearest option, if it is near.
void command_line::refuse_unknown(std::string_view word) const {
    const auto name = word.substr(0, word.find('='));
    std::string nearest;
    std::size_t least = name.size() > 3 && name.starts_with("--") ? 3 : 0;
    const auto look_at = [&](const std::string& option) {
        const auto far = option.starts_with(name) ? 1 : distance(name, option);
        if (far < least) nearest = option, least = far;
    };
    for (const auto& option : options_) look_at(option.name);
    for (const auto* option : {"--help", "--version"}) look_at(option);
    for (const auto& option : options_)
        if (nearest.empty() && begins_like(name, option.name)) nearest = option.name;
    refuse("unknown option " + std::string(word) + (nearest.empty() ? nearest : "; did you mean " + nearest + "?"));
}

std::string command_line::usage_line() const {
    auto line = "usage: " + program_ + " [options]";
    for (const auto& word : positionals_) line += " [" + word.name + (word.repeats ? "...]" : "]");
    return line;
}

void command_line::print_help() const {
    const auto print = [](const std::string& words, const std::string& help) {
        std::printf("  %-18s %s\n", words.c_str(), wrapped(help, 21).c_str());
    };
    std::printf("%s\n\n%s\n\n", wrapped(purpose_, 0).c_str(), usage_line().c_str());
    for (const auto* list : {&positionals_, &options_})
        for (const auto& entry : *list) {
            const auto name = entry.name == "--quiet" ? "-q, --quiet" : entry.name;
            print(name + (entry.value.empty() ? "" : " " + entry.value),
                  entry.help + (entry.usual.empty() ? "" : " (" + entry.usual + ")"));
        }
    print("-h, --help", "print this help");
    print("--version", "print the version");
    std::printf("\nexit codes: 0 success, 1 unforeseen error such as too little memory,\n"
                "            2 usage error, 3 unreadable input, 4 unwritable output\n");
}

}  // namespace cli
