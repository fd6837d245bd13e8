// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>

#include <lloyd/version.hpp>

#include "program.hpp"
#include "report.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* from_stdin = "/dev/stdin";

std::optional<double> real_number(const std::string& text) {
    // strtod also accepts " 1", "0x1p3" and "inf", which are refused here.
    if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string::npos) return {};
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (*end != '\0') return {};
    return number;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return number;
}

bool is_whole(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

bool has_decimal_comma(std::string text) {
    const auto comma = text.find(',');
    if (comma == text.npos) return false;
    text[comma] = '.';
    return real_number(text).has_value();
}

/// The words of a program are UTF-8 on Windows, too (utf8.manifest).
fs::path path_of(std::string_view text) { return std::u8string(text.begin(), text.end()); }

/// The path to read, with stdin for "-".
fs::path path_to_read(std::string_view text) { return text == "-" ? from_stdin : path_of(text); }

/// Sets `path`, with `stream` for "-" if there is one. Returns a description of allowed paths if `text` is not one.
std::string set_path(fs::path& path, std::string_view text, const char* stream) {
    const bool is_stream = text == "-" && stream != nullptr;
    path = is_stream ? stream : path_of(text);
    if (text.empty()) return "some text";
    const bool is_option = text.front() == '-' && !is_stream;
    return is_option ? "a path: ./" + std::string(text) + " for a file of that name" : std::string();
}

}  // namespace

template <class Number>
bool to_number(std::string_view text, Number& value, std::type_identity_t<Number> lowest,
               std::type_identity_t<Number> highest) {
    std::optional<Number> number;
    if constexpr (std::is_floating_point_v<Number>)
        number = real_number(std::string(text));
    else
        number = whole_number<Number>(text);
    if (!number || *number < lowest || *number > highest) return false;
    value = *number;
    return true;
}

template <class Number>
std::string to_text(Number number) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

template <class Number>
std::string allowed_number(std::string_view text, Number lowest, Number highest) {
    constexpr bool is_real = std::is_floating_point_v<Number>;
    const std::string word(text);
    const bool is_number = is_real ? real_number(word).has_value() : is_whole(text);
    const bool is_too_large = is_number && std::strtod(word.c_str(), nullptr) > static_cast<double>(lowest);
    auto range = to_text(lowest) + " to " + to_text(highest);
    if (!is_too_large && highest == std::numeric_limits<Number>::max()) range = "at least " + to_text(lowest);
    if (is_number) return range;
    if (!is_real) return "a whole number, " + range;
    return "a number, " + range + (has_decimal_comma(word) ? "; write a decimal point, not a comma" : "");
}

template bool to_number(std::string_view, int&, int, int);
template bool to_number(std::string_view, std::uint64_t&, std::uint64_t, std::uint64_t);
template bool to_number(std::string_view, double&, double, double);
template std::string to_text(int);
template std::string to_text(std::uint64_t);
template std::string to_text(double);
template std::string allowed_number(std::string_view, int, int);
template std::string allowed_number(std::string_view, std::uint64_t, std::uint64_t);
template std::string allowed_number(std::string_view, double, double);

command_line::command_line(std::string program, std::string purpose)
    : program_(std::move(program)), purpose_(std::move(purpose)) {}

void command_line::positional(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) {
        value = path_to_read(text);
        return std::string();
    };
    positionals_.push_back({std::move(name), {}, std::move(help), std::move(set)});
}

void command_line::positional(std::string name, std::vector<fs::path>& values, std::string help) {
    auto set = [&values, first = true](std::string_view text) mutable {
        if (first) values.clear();
        first = false;
        values.push_back(path_to_read(text));
        return std::string();
    };
    positionals_.push_back({std::move(name), {}, std::move(help), std::move(set), true, true});
}

void command_line::option(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) {
        if (text == "-") stdout_is_output = true;
        return set_path(value, text, "/dev/stdout");
    };
    option(std::move(name), value.string(), std::move(set), std::move(help));
}

void command_line::folder(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) { return set_path(value, text, nullptr); };
    option(std::move(name), value.string(), std::move(set), std::move(help));
}

void command_line::input(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) { return set_path(value, text, from_stdin); };
    option(std::move(name), "file", std::move(set), std::move(help));
}

void command_line::option(std::string name, std::string usual, setter set, std::string help) {
    options_.push_back({std::move(name), std::move(usual), std::move(help), std::move(set)});
}

void command_line::option_without(int implied, std::string name, int& value, int lowest, int highest,
                                  std::string help) {
    option(std::move(name), value, lowest, highest, std::move(help));
    options_.back().usual = options_.back().implied = to_text(implied);
}

void command_line::flag(std::string name, bool& value, std::string help) {
    auto set = [&value](std::string_view) {
        value = true;
        return std::string();
    };
    options_.push_back({std::move(name), {}, std::move(help), std::move(set), false});
}

bool command_line::parse(int argc, const char* const* argv) {
    flag("-q", is_quiet, "print nothing but errors");
    const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    auto next_positional = positionals_.begin();
    bool only_positionals = false;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (!only_positionals && (*word == "--help" || *word == "-h")) {
            print_help();
            return false;
        }
        if (!only_positionals && *word == "--version") {
            std::printf("%s of lloyd %d.%d.%d\n", program_.c_str(), LLOYD_VERSION_MAJOR, LLOYD_VERSION_MINOR,
                        LLOYD_VERSION_PATCH);
            return false;
        }
        if (*word == "--" && !only_positionals) {
            only_positionals = true;
        } else if (!only_positionals && word->size() > 1 && word->front() == '-') {
            word = parse_option(word, words.end());
        } else {
            if (next_positional == positionals_.end()) refuse("unexpected argument: " + std::string(*word));
            set(*next_positional, *word);
            if (!next_positional->repeats) ++next_positional;
        }
    }
    return true;
}

/// Sets the option that `word` names. Returns the last word that was used.
command_line::word_iterator command_line::parse_option(word_iterator word, word_iterator end) {
    const auto equals = word->find('=');
    const auto target = find(word->substr(0, equals));
    if (target == nullptr) {
        const auto letter = word->starts_with("--") ? nullptr : find(word->substr(0, 2));
        if (letter == nullptr || !letter->takes_value) refuse("unknown option " + std::string(*word));
        set(*letter, word->substr(2));  // "-k5"
        return word;
    }
    if (!target->takes_value) {
        if (equals != word->npos) refuse(target->name + " takes no value");
        set(*target, {});
    } else if (equals != word->npos) {
        set(*target, word->substr(equals + 1));
    } else {
        const auto next = word + 1;
        const bool may_end = !target->implied.empty();
        if (next == end || find(*next) != nullptr || (may_end && !is_whole(*next))) {
            if (!may_end) refuse(target->name + " needs a value");
            set(*target, target->implied);
        } else {
            set(*target, *next);
            return next;
        }
    }
    return word;
}

command_line::parameter* command_line::find(std::string_view name) {
    if (name.size() == 3 && name.starts_with("--")) name.remove_prefix(1);  // "--k" is "-k"
    for (auto& option : options_)
        if (option.name == name) return &option;
    return nullptr;
}

bool command_line::is_given(std::string_view name) const {
    return std::ranges::any_of(options_, [name](const auto& option) { return option.name == name && option.given; });
}

void command_line::refuse_both(const std::string& name, const std::string& other) const {
    if (is_given(name) && is_given(other)) refuse(name + " and " + other + " exclude each other; leave one out");
}

void command_line::set(parameter& target, std::string_view text) const {
    if (target.given && !target.repeats) refuse(target.name + " is given twice");
    target.given = true;
    const auto allowed = target.set(text);
    if (!allowed.empty())
        refuse(target.name + " is " + (text.empty() ? "empty" : std::string(text)) + ", but must be " + allowed);
}

void command_line::refuse(const std::string& reason) const {
    throw failure(usage, reason, "try " + program_ + " --help\n");
}

namespace {

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

std::string command_line::usage_line() const {
    auto line = "usage: " + program_ + " [options]";
    for (const auto& word : positionals_) line += " [" + word.name + (word.repeats ? "...]" : "]");
    return line;
}

void command_line::print_help() const {
    constexpr int indent = 21;
    std::printf("%s\n\n%s\n\n", wrapped(purpose_, 0).c_str(), usage_line().c_str());
    for (const auto* list : {&positionals_, &options_})
        for (const auto& entry : *list) {
            auto usual = entry.usual.empty() ? "" : " (" + entry.usual + ")";
            if (!entry.implied.empty()) usual = " (without a number: " + entry.implied + ")";
            std::printf("  %-18s %s\n", entry.name.c_str(), wrapped(entry.help + usual, indent).c_str());
        }
    std::printf("\nexit codes: 0 success, 1 unforeseen error such as too little memory,\n"
                "            2 usage error, 3 unreadable input, 4 unwritable output\n");
}

}  // namespace cli
