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

#include "program.hpp"
#include "report.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

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

/// The path of a file to read.
fs::path path_to_read(std::string_view text) {
    if (text != "-") return path_of(text);
    stdin_is_input = true;
    return "/dev/stdin";
}

/// The same for a word that is no value of an option. It may begin with -.
std::string set_path_to_read(fs::path& path, std::string_view text) {
    path = path_to_read(text);
    return path.empty() ? "the path of a file" : "";
}

/// Sets `path`. Returns a description of allowed texts, "a path" of a "file" or so, if `text` is not one.
std::string set_path(fs::path& path, std::string_view text, const char* what = "path", const char* kind = "file") {
    path = path_of(text);
    if (text.empty()) return "some text";
    if (text.front() != '-') return {};
    return std::string("a ") + what + ": ./" + std::string(text) + " for a " + kind + " of that name";
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
    auto set = [&value](std::string_view text) { return set_path_to_read(value, text); };
    positionals_.push_back({std::move(name), {}, {}, std::move(help), std::move(set)});
}

void command_line::positional(std::string name, std::vector<fs::path>& values, std::string help) {
    auto set = [&values, first = true](std::string_view text) mutable {
        if (first) values.clear();
        first = false;
        return set_path_to_read(values.emplace_back(), text);
    };
    positionals_.push_back({std::move(name), {}, {}, std::move(help), std::move(set), true, true});
}

void command_line::option(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) {
        stdout_is_output = stdout_is_output || text == "-";
        return set_path(value, text == "-" ? "/dev/stdout" : text);
    };
    add(std::move(name), "FILE", value.empty() ? "" : "default: " + value.string(), std::move(set), std::move(help));
}

void command_line::folder(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) { return set_path(value, text, "folder", "folder"); };
    add(std::move(name), "FOLDER", "default: " + value.string(), std::move(set), std::move(help));
}

void command_line::input(std::string name, fs::path& value, std::string help) {
    auto set = [&value](std::string_view text) {
        return text == "-" ? set_path_to_read(value, text) : set_path(value, text);
    };
    add(std::move(name), "FILE", {}, std::move(set), std::move(help));
}

void command_line::option(std::string name, std::string usual, setter set, std::string help) {
    add(std::move(name), "VALUE", usual.empty() ? usual : "default: " + usual, std::move(set), std::move(help));
}

void command_line::add(std::string name, const char* value, std::string usual, setter set, std::string help) {
    const auto space = name.find(' ');
    const auto shown = space == name.npos ? value : name.substr(space + 1);
    options_.push_back({name.substr(0, space), shown, std::move(usual), std::move(help), std::move(set)});
}

void command_line::option_without(int implied, std::string name, int& value, int lowest, int highest,
                                  std::string help) {
    option(std::move(name), value, lowest, highest, std::move(help));
    auto& added = options_.back();
    added.implied = to_text(implied);
    added.usual = "without " + std::exchange(added.value, "[" + added.value + "]") + ": " + added.implied;
}

void command_line::flag(std::string name, bool& value, std::string help) {
    auto set = [&value](std::string_view) {
        value = true;
        return std::string();
    };
    options_.push_back({std::move(name), {}, {}, std::move(help), std::move(set), false});
}

bool command_line::parse(int argc, const char* const* argv) {
    flag("--quiet", is_quiet, "print nothing but errors");
    const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    auto next_positional = positionals_.begin();
    bool only_positionals = false;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (!only_positionals && (*word == "--help" || *word == "-h")) {
            print_help();
            return false;
        }
        if (!only_positionals && *word == "--version") {
            print_version(program_);
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
        if (letter == nullptr || !letter->takes_value) refuse_unknown(*word);
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
    if (name == "-q") name = "--quiet";
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

}  // namespace cli
