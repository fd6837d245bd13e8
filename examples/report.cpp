// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "report.hpp"

#include <cstdarg>
#include <cstddef>
#include <cstdio>

#include "program.hpp"

namespace cli {

void report::print(const char* format, ...) {
    std::va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    const auto length = static_cast<std::size_t>(std::vsnprintf(nullptr, 0, format, values));
    const auto before = text_.size();
    text_.resize(before + length + 1);
    std::vsnprintf(text_.data() + before, length + 1, format, again);
    text_.resize(before + length);
    va_end(again);
    va_end(values);
}

void report::print_written(const std::filesystem::path& path) {
    print("written      %s\n", printable(given(path)).c_str());
}

void report::print_data(const std::string& line) {
    text_.append(line).append("\n");
    is_data_ = true;
}

void report::emit() {
    if ((!is_quiet || is_data_) && !text_.empty()) {
        std::fputs(eraser, stderr);
        auto* const stream = stdout_is_output ? stderr : stdout;
        std::fwrite(text_.data(), 1, text_.size(), stream);
        std::fflush(stream);
    }
    text_.clear();
}

}  // namespace cli
