// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program prints about one photo.

#include <algorithm>
#include <string>

#include "json.hpp"
#include "photo_jobs.hpp"
#include "printable.hpp"

namespace photos {

void job::print_heading() {
    if (count > 1) out.print("photo        %s\n", cli::printable(from.string()).c_str());
}

void job::print_end() {
    end_stage();
    out.print("time         ");
    for (const auto& [stage, time] : milliseconds_)
        out.print("%s%s %.1f ms", &stage == &milliseconds_.front().first ? "" : ", ", stage.c_str(), time);
    out.print("\nwritten      %s\n", cli::printable(to.string()).c_str());
}

void job::print_json(const json::object& figures) {
    end_stage();
    json::object times{};
    for (auto [stage, time] : milliseconds_) {
        std::ranges::replace(stage, ' ', '_');
        times.add({{stage.c_str(), time}});
    }
    json::object all{{"input", from.string()}, {"output", to.string()}};
    out.print_data(all.add(figures).add({{"milliseconds", times}}).text());
}

}  // namespace photos
