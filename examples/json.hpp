// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// JSON (RFC 8259) in one line, for other programs to read.
///
///     const auto curve = json::array(sweep.curve, [](const auto& point) {
///         return json::object{{"k", point.k}, {"wcss", point.wcss}};
///     });
///     out.print_data(json::object{{"input", "a.png"}, {"knee", sweep.knee}, {"curve", curve}}.text());
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "command_line.hpp"

namespace json {

/// Any value, as its text. Everything that has one converts to it.
class value {
public:
    value(std::nullptr_t) : text_("null") {}

    /// true, false, or the shortest number that gives the same number when read again. NaN and infinities become null.
    template <class Number>
        requires std::is_arithmetic_v<Number>
    value(Number number) {
        if constexpr (std::is_same_v<Number, bool>)
            text_ = number ? "true" : "false";
        else if constexpr (std::is_floating_point_v<Number>)
            text_ = std::isfinite(number) ? cli::to_text<double>(number) : "null";
        else
            text_ = std::to_string(number);
    }

    /// A string of any bytes. Each byte that is not UTF-8 becomes U+FFFD.
    value(std::string_view bytes);
    value(const std::string& bytes) : value(std::string_view(bytes)) {}
    value(const char* bytes) : value(std::string_view(bytes)) {}

    /// null if there is none.
    template <class Value>
    value(const std::optional<Value>& maybe) : value(maybe ? value(*maybe) : value(nullptr)) {}

    const std::string& text() const { return text_; }

    /// A value that has this text.
    static value of_text(std::string text) {
        value result = nullptr;
        result.text_ = std::move(text);
        return result;
    }

protected:
    std::string text_;
};

/// Members in their order. Keys must differ.
class object : public value {
public:
    using members = std::initializer_list<std::pair<const char*, value>>;

    object(members first) : value(of_text("{}")) { add(first); }
    object& add(members more);
    object& add(const object& more);
};

/// One value, made by `value_of`, for each element of a range.
template <class Range, class ValueOf = std::identity>
value array(const Range& elements, ValueOf value_of = {}) {
    std::string text;
    for (const auto& element : elements) text.append(text.empty() ? "[" : ", ").append(value(value_of(element)).text());
    return value::of_text(text.empty() ? "[]" : text + "]");
}

/// Declares the option --json.
inline void declare(cli::command_line& line, bool& wanted) {
    line.flag("--json", wanted, "print one JSON object instead of text; docs/json.md lists its keys");
}

}  // namespace json
