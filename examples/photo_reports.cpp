// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program prints about one photo.

#include <string>

#include "json.hpp"
#include "photo_jobs.hpp"
#include "printable.hpp"
#include "program.hpp"

namespace photos {

void job::print_heading() {
    if (count > 1 || is_bundled) out.print("photo        %s\n", cli::printable(cli::given(from)).c_str());
}

void job::print_end() {
    times_.end(stage_);
    times_.print(out);
    out.print_written(to);
}

void job::print_json(const json::object& figures) {
    times_.end(stage_);
    json::object all{{"input", cli::given(from)}, {"output", cli::given(to)}};
    out.print_data(all.add(figures).add({{"milliseconds", times_.as_json()}}).text());
}

}  // namespace photos
