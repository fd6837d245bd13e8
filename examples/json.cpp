// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "json.hpp"

#include "printable.hpp"

namespace json {

value::value(std::string_view bytes) : text_('"' + cli::json_characters(bytes) + '"') {}

object& object::add(members more) {
    for (const auto& [key, member] : more) {
        text_.pop_back();  // the closing brace
        text_.append(text_.size() == 1 ? "" : ", ")
            .append(value(key).text())
            .append(": ")
            .append(member.text())
            .append("}");
    }
    return *this;
}

object& object::add(const object& more) {
    if (more.text_ == "{}") return *this;
    text_.pop_back();
    text_.append(text_.size() == 1 ? "" : ", ").append(more.text_, 1);
    return *this;
}

}  // namespace json
