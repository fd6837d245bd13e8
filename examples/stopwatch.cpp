// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "stopwatch.hpp"

#include <algorithm>

namespace cli {

void stopwatch::end(const std::string& stage) {
    const auto now = clock::now();
    auto same = std::ranges::find(milliseconds_, stage, &std::pair<std::string, double>::first);
    if (same == milliseconds_.end()) same = milliseconds_.insert(same, {stage, 0});
    same->second += std::chrono::duration<double, std::milli>(now - begin_).count();
    begin_ = now;
}

void stopwatch::print(report& to) const {
    const char* before = "time         ";
    for (const auto& [stage, time] : milliseconds_) {
        to.print("%s%s %.1f ms", before, stage.c_str(), time);
        before = ", ";
    }
    to.print("\n");
}

json::object stopwatch::as_json() const {
    json::object times{};
    for (auto [stage, time] : milliseconds_) {
        std::ranges::replace(stage, ' ', '_');
        times.add({{stage.c_str(), time}});
    }
    return times;
}

}  // namespace cli
