// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How long the stages of a program take, one after another.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "json.hpp"
#include "report.hpp"

namespace cli {

class stopwatch {
public:
    /// Ends a stage, and begins the next one. Stages of one name are added up.
    void end(const std::string& stage);

    /// Adds the line "time" with all stages, in milliseconds.
    void print(report& to) const;

    /// The milliseconds of each stage, with _ for spaces in its name.
    json::object as_json() const;

private:
    using clock = std::chrono::steady_clock;

    clock::time_point begin_ = clock::now();
    std::vector<std::pair<std::string, double>> milliseconds_;
};

}  // namespace cli
