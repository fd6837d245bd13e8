// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// JSON as the programs write it: numbers that return unchanged, and strings of any bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/json.hpp"
#include "../examples/stopwatch.hpp"

namespace {

using json::array;
using json::object;
using json::value;

TEST_CASE("writes numbers so that they return unchanged, and null for what JSON has no number for") {
    CHECK(value(0).text() == "0");
    CHECK(value(-7).text() == "-7");
    CHECK(value(std::uint8_t{255}).text() == "255");
    CHECK(value(std::numeric_limits<std::uint64_t>::max()).text() == "18446744073709551615");
    CHECK(value(0.5).text() == "0.5");
    CHECK(value(3.0).text() == "3");
    for (const double number : {0.1, 1.0 / 3, 1e300, 5e-324, 445871027.48075974, -2.5e-7})
        CHECK(std::strtod(value(number).text().c_str(), nullptr) == number);
    for (const double none : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity()})
        CHECK(value(none).text() == "null");
}

TEST_CASE("writes true, false and null") {
    CHECK(value(true).text() == "true");
    CHECK(value(false).text() == "false");
    CHECK(value(nullptr).text() == "null");
    CHECK(value(std::optional<int>()).text() == "null");
    CHECK(value(std::optional(3)).text() == "3");
}

TEST_CASE("writes strings of any bytes") {
    CHECK(value("").text() == R"("")");
    CHECK(value("Größe 写真 😀 /").text() == R"("Größe 写真 😀 /")");
    CHECK(value(R"(a"b\c)").text() == R"("a\u0022b\u005cc")");
    CHECK(value(std::string_view("\0\n\x1b\x7f", 4)).text() == R"("\u0000\u000a\u001b\u007f")");
    CHECK(value("\xc2\x9b").text() == R"("\u009b")");              // CSI as one character
    CHECK(value("a\xe2\x80\xaegpj").text() == R"("a\u202egpj")");  // what follows would run from right to left
    CHECK(value("caf\xe9.png").text() == "\"caf\ufffd.png\"");     // Latin-1
    CHECK(value("\xed\xa0\x80").text() == "\"\ufffd\ufffd\ufffd\"");
    CHECK(value(std::string("a")).text() == value("a").text());
}

TEST_CASE("writes arrays and objects in their order") {
    CHECK(array(std::vector<int>()).text() == "[]");
    CHECK(array(std::vector{3, 1, 2}).text() == "[3, 1, 2]");
    CHECK(array(std::vector{3, 1}, [](int number) {
              return object{{"n", number}};
          }).text() == R"([{"n": 3}, {"n": 1}])");
    CHECK(object{}.text() == "{}");
    object all{{"z", 1}, {"a", object{{"b", nullptr}}}};
    CHECK(all.text() == R"({"z": 1, "a": {"b": null}})");
    CHECK(all.add({{"m", "x"}}).text() == R"({"z": 1, "a": {"b": null}, "m": "x"})");
    CHECK(object{{"k", 2}}.add(object{{"n", 3}}).add(object{}).text() == R"({"k": 2, "n": 3})");
    CHECK(object{}.add(object{}).add(object{{"n", 3}}).text() == R"({"n": 3})");
}

TEST_CASE("times of stages are members in the order of the stages, one for each name") {
    cli::stopwatch times;
    CHECK(times.as_json().text() == "{}");
    times.end("one");
    const auto first = times.as_json().text();
    times.end("and two");
    times.end("one");
    const auto all = times.as_json().text();
    CHECK(std::regex_match(all, std::regex(R"(\{"one": [0-9.e-]+, "and_two": [0-9.e-]+\})")));
    CHECK(std::stod(all.substr(8)) >= std::stod(first.substr(8)));
}

}  // namespace
