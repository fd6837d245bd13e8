// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>

#include "program.hpp"
#include "report.hpp"

namespace cli {
namespace {

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

/// The path of a file to read.
std::string path_of(std::string_view text) {
    if (text != "-") return std::string(text);
    stdin_is_input = true;
    return "/dev/stdin";
}

/// Sets `path`. Returns a description of allowed paths if `text` is not one.
std::string set_path(std::string& path, std::string_view text) {
    path = text;
    if (path.empty()) return "some text";
    return path.front() == '-' ? "a path: ./" + path + " for a file of that name" : std::string();
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

void command_line::positional(std::string name, std::string& value, std::string help) {
    auto set = [&value](std::string_view text) {
        value = path_of(text);
        return std::string();
    };
    positionals_.push_back({std::move(name), {}, {}, std::move(help), std::move(set)});
}

void command_line::positional(std::string name, std::vector<std::string>& values, std::string help) {
    auto set = [&values, first = true](std::string_view text) mutable {
        if (first) values.clear();
        first = false;
        values.push_back(path_of(text));
        return std::string();
    };
    positionals_.push_back({std::move(name), {}, {}, std::move(help), std::move(set), true, true});
}

void command_line::option(std::string name, std::string& value, std::string help) {
    auto set = [&value](std::string_view text) {
        stdout_is_output = stdout_is_output || text == "-";
        return set_path(value, text == "-" ? "/dev/stdout" : text);
    };
    add(std::move(name), "FILE", value.empty() ? "" : "default: " + value, std::move(set), std::move(help));
}

void command_line::folder(std::string name, std::string& value, std::string help) {
    auto set = [&value](std::string_view text) { return set_path(value, text); };
    add(std::move(name), "FOLDER", "default: " + value, std::move(set), std::move(help));
}

void command_line::input(std::string name, std::string& value, std::string help) {
    auto set = [&value](std::string_view text) { return set_path(value, path_of(text)); };
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
    refuse("unknown option " + std::string(word) + (nearest.empty() ? nearest : "; did you mean " + nearest + "?"));
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
