// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The JSON of a program, read by Python.
#pragma once

#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "run_program.hpp"

/// Prints each value of a JSON text in a line: its path, as in palette.0.hex, and the value. Strings stay escaped. It refuses
/// what `python3 -m json.tool` refuses, and also NaN and keys that are there twice.
inline const std::string flatten = R"(
import json, sys
def refuse(constant): raise ValueError(constant)
def unique(pairs):
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)
def show(path, value):
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner: show(f"{path}.{key}" if path else key, part)
    if isinstance(value, list): print(f"{path}.count {len(value)}")
    elif not isinstance(value, dict): print(path, json.dumps(value).strip('"'))
show("", json.load(sys.stdin, parse_constant=refuse, object_pairs_hook=unique))
)";

/// The values of a JSON object by their paths.
using figures = std::map<std::string, std::string>;

/// Checks that docs/json.md has each key, as in `width` or `milliseconds.reading`.
inline void check_documented(const figures& found) {
    static const auto page = content_of(LLOYD_EXAMPLE_DATA_DIR "/../../docs/json.md");
    for (const auto& one : found) {
        const auto& path = one.first;  // clang 14 captures no structured bindings
        std::istringstream words(path);
        for (std::string word; std::getline(words, word, '.');) {
            CAPTURE(path);
            const bool is_key = word != "count" && word.find_first_not_of("0123456789") != word.npos;
            if (is_key) CHECK((mentions(page, "`" + word + "`") || mentions(page, "." + word + "`")));
        }
    }
}

/// Runs a program with --json. Empty, with a message, where there is no Python.
inline figures figures_of(const scratch_directory& directory, const std::string& program,
                          std::vector<std::string> words) {
    static const bool has_python = std::system("python3 -c '' 2>/dev/null") == 0;
    if (!has_python) {
        MESSAGE("not tried: there is no python3");
        return {};
    }
    words.insert(words.end(), {"--json", "-q"});  // which leaves out text alone
    const auto result = run(directory, program, words);
    CAPTURE(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(lines_of(result.out).size() == 1);
    scratch_directory texts;
    fill(texts / "out.json", result.out);
    const auto flat = shell(texts, "python3 -c " + quoted(flatten) + " <out.json");
    CAPTURE(flat.err);
    REQUIRE(flat.exit_code == 0);
    figures found;
    for (const auto& line : lines_of(flat.out)) found[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
    check_documented(found);
    return found;
}
