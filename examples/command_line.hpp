// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A program's options, each declared in one line with the variable it sets.
///
///     cli::command_line line("segment", "Cuts a photo into its k main colours.");
///     line.positional("photo", photo, "the picture to read");
///     line.option("-k K", k, 1, 256, "how many colours");
///     if (!line.parse(argc, argv)) return;  // the words contain --help, and the help is printed
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cli {

/// Sets `value` to the number in `text`. For int, std::uint64_t and double. Returns false and leaves `value` unchanged if
/// `text` is not exactly one number, or if the number is outside of lowest..highest.
template <class Number>
bool to_number(std::string_view text, Number& value, std::type_identity_t<Number> lowest,
               std::type_identity_t<Number> highest);

/// The shortest text that gives the same number when read again: 3, 0.5.
template <class Number>
std::string to_text(Number number);

/// Describes the allowed values for a text that to_number refuses: "1 to 256", or "at least 1" if there is no upper limit.
/// If the text is not a number of this type: "a whole number, 1 to 256".
template <class Number>
std::string allowed_number(std::string_view text, Number lowest, Number highest);

class command_line {
public:
    /// Reads the text after an option. Returns a description of allowed texts if it is wrong, and "" if it is right.
    using setter = std::function<std::string(std::string_view text)>;

    command_line(std::string program, std::string purpose);

    /// The path of a file to read, without the name of an option before it. It is optional. Paths are assigned in the
    /// order of declaration. "-" means /dev/stdin.
    void positional(std::string name, std::filesystem::path& value, std::string help);

    /// All remaining paths, possibly none. They replace the values that `values` holds before.
    void positional(std::string name, std::vector<std::filesystem::path>& values, std::string help);

    // The name of an option may be followed by what stands for its value in the help: "-k K".

    /// An option with a number from `lowest` to `highest`. The default is the present value of the variable.
    template <class Number>
    void option(std::string name, Number& value, std::type_identity_t<Number> lowest,
                std::type_identity_t<Number> highest, std::string help);

    /// An option with the path of a file to write. "-" means /dev/stdout; then reports are printed on stderr (report.hpp).
    /// A path that is empty, or begins with - otherwise, is refused. The default is the present value; empty: none.
    void option(std::string name, std::filesystem::path& value, std::string help);

    /// An option with the path of a folder to write to. A path that is empty or begins with - is refused.
    void folder(std::string name, std::filesystem::path& value, std::string help);

    /// An option with the path of a file to read, none by default. "-" means /dev/stdin. A path that is empty, or begins
    /// with - otherwise, is refused.
    void input(std::string name, std::filesystem::path& value, std::string help);

    /// An option with one of a few words. The default is that of the present value.
    template <class Value>
    void option(std::string name, Value& value, std::initializer_list<std::pair<const char*, Value>> words,
                std::string help);

    /// An option whose text `set` reads. The help shows `usual` as its default, unless it is empty.
    void option(std::string name, std::string usual, setter set, std::string help);

    /// An option with a number that may be left out, which means `implied`. A word of digits behind it is its number (./8
    /// is a file of such a name). The variable keeps its value if the option is not given.
    void option_without(int implied, std::string name, int& value, int lowest, int highest, std::string help);

    /// An option without a value, which makes the variable true.
    void flag(std::string name, bool& value, std::string help);

    /// Sets the variable of every option in the words: "-k 3", "-k3", "-k=3" or "--k=3". After "--" all words are
    /// positional. If one of them is --help, -h or --version, prints that and returns false. Throws cli::failure (usage)
    /// for an option that is not declared, is given twice, has no value, or has a wrong value. Every program has the option
    /// -q or --quiet, which sets is_quiet (program.hpp).
    bool parse(int argc, const char* const* argv);

    const std::string& program() const { return program_; }

    /// Whether an option is among the parsed words.
    bool is_given(std::string_view name) const;

    /// Throws cli::failure (usage) if both options are among the parsed words.
    void refuse_both(const std::string& name, const std::string& other) const;

private:
    struct parameter {
        std::string name;
        std::string value;  ///< what stands for it in the help
        std::string usual;  ///< its default, in words; may be empty
        std::string help;
        setter set;
        bool takes_value = true;
        bool repeats = false;
        bool given = false;
        std::string implied = {};  ///< the text if no value follows; empty: one must follow
    };

    using word_iterator = std::vector<std::string_view>::const_iterator;

    word_iterator parse_option(word_iterator word, word_iterator end);
    parameter* find(std::string_view name);
    void add(std::string name, const char* value, std::string usual, setter set, std::string help);
    [[noreturn]] void refuse_unknown(std::string_view word) const;
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
    const auto usual = "default: " + to_text(value);
    add(std::move(name), std::is_integral_v<Number> ? "N" : "X", usual, std::move(set), std::move(help));
}

template <class Value>
void command_line::option(std::string name, Value& value, std::initializer_list<std::pair<const char*, Value>> words,
                          std::string help) {
    std::string choices, usual;
    for (std::size_t i = 0; const auto& [word, meaning] : words) {
        choices.append(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ").append(word);
        if (meaning == value) usual = word;
        ++i;
    }
    auto set = [&value, choices, words = std::vector(words)](std::string_view text) {
        for (const auto& [word, meaning] : words) {
            if (text != word) continue;
            value = meaning;
            return std::string();
        }
        return choices;
    };
    add(std::move(name), "WORD", choices + "; default: " + usual, std::move(set), std::move(help));
}

}  // namespace cli
