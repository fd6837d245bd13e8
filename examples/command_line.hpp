// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A program's options, each declared in one line with the variable it sets.
///
///     cli::command_line line("segment", "Cuts a photo into its k main colours.");
///     line.positional("photo", photo, "the picture to read");
///     line.option("-k", k, 1, 256, "how many colours");
///     if (!line.parse(argc, argv)) return;  // --help was asked for and printed
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cli {

/// Sets `value` to the number that `text` is from end to end. For int, std::uint64_t and double.
/// False, and `value` untouched, when it is none or lies outside lowest..highest.
template <class Number>
bool to_number(std::string_view text, Number& value, std::type_identity_t<Number> lowest,
               std::type_identity_t<Number> highest);

/// As short as it can be read back: 3, 0.5.
template <class Number>
std::string to_text(Number number);

/// What a text that to_number refuses would have to be: "1 to 256", or "at least 1" when there is no limit above; and
/// "a whole number, 1 to 256" when it is no such number at all.
template <class Number>
std::string allowed_number(std::string_view text, Number lowest, Number highest);

class command_line {
public:
    /// Takes the text after an option. Returns what would have been allowed when it is wrong, else nothing.
    using setter = std::function<std::string(std::string_view text)>;

    command_line(std::string program, std::string purpose);

    /// The path of something to read, without an option's name in front, which may be left out. Filled in the order of
    /// declaration. "-" is refused.
    void positional(std::string name, std::string& value, std::string help);

    /// All paths of this kind that are left, of which there may be none. What is there already is replaced.
    void positional(std::string name, std::vector<std::string>& values, std::string help);

    /// An option with a number from `lowest` to `highest`. What the variable holds now is the default.
    template <class Number>
    void option(std::string name, Number& value, std::type_identity_t<Number> lowest,
                std::type_identity_t<Number> highest, std::string help);

    /// An option with the path of something to write. One that is empty or begins with - is refused.
    void option(std::string name, std::string& value, std::string help);

    /// An option with one of a few words; the first is the default.
    template <class Value>
    void option(std::string name, Value& value, std::initializer_list<std::pair<const char*, Value>> words,
                std::string help);

    /// An option that is read by `set`; `usual` is shown as its default.
    void option(std::string name, std::string usual, setter set, std::string help);

    /// An option without a value, which makes the variable true.
    void flag(std::string name, bool& value, std::string help);

    /// Sets every variable that the words name: "-k 3" or "-k=3"; after "--" all words are positional.
    /// False when --help was among them, once it is printed. Throws cli::failure (usage) for anything not declared,
    /// given twice, without its value or with a wrong one.
    bool parse(int argc, const char* const* argv);

    /// Whether an option was among the words that were parsed.
    bool is_given(std::string_view name) const;

    /// Throws cli::failure (usage) when both options were among them.
    void refuse_both(const std::string& name, const std::string& other) const;

private:
    struct parameter {
        std::string name, usual, help;
        setter set;
        bool takes_value = true;
        bool repeats = false;
        bool given = false;
    };

    using word_iterator = std::vector<std::string_view>::const_iterator;

    word_iterator parse_option(word_iterator word, word_iterator end);
    parameter* find(std::string_view name);
    void set(parameter& target, std::string_view text) const;
    [[noreturn]] void refuse(const std::string& reason) const;
    std::string usage_line() const;
    void print_help() const;

    std::string program_, purpose_;
    std::vector<parameter> options_, positionals_;
};

template <class Number>
void command_line::option(std::string name, Number& value, std::type_identity_t<Number> lowest,
                          std::type_identity_t<Number> highest, std::string help) {
    auto set = [&value, lowest, highest](std::string_view text) {
        return to_number(text, value, lowest, highest) ? std::string() : allowed_number<Number>(text, lowest, highest);
    };
    option(std::move(name), to_text(value), std::move(set), std::move(help));
}

template <class Value>
void command_line::option(std::string name, Value& value, std::initializer_list<std::pair<const char*, Value>> words,
                          std::string help) {
    std::string choices;
    for (const auto& [word, meaning] : words) choices.append(choices.empty() ? "" : "|").append(word);
    auto set = [&value, choices, words = std::vector(words)](std::string_view text) {
        for (const auto& [word, meaning] : words) {
            if (text != word) continue;
            value = meaning;
            return std::string();
        }
        return choices;
    };
    option(std::move(name), choices, std::move(set), std::move(help));
}

}  // namespace cli
