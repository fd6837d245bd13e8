// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

#include "program.hpp"

namespace cli {

progress::progress() : is_shown_(!is_quiet && ::isatty(STDERR_FILENO) != 0) {
    if (is_shown_) eraser = "\r\33[K";
}

progress::~progress() {
    if (!is_shown_) return;
    std::fputs(eraser, stderr);
    eraser = "";
}

void progress::show(double share, const std::string& text) {
    if (!is_shown_) return;
    const std::lock_guard lock(mutex_);
    share_ = std::max(share_, std::min(share, 1.0));
    std::fprintf(stderr, "%s%3d %%  %s", eraser.load(), static_cast<int>(100 * share_), text.c_str());
}

}  // namespace cli
