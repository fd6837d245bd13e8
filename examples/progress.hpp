// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A line that shows how far a program has come.
#pragma once

#include <mutex>
#include <string>

namespace cli {

/// The line is on stderr, and only if that is a terminal and -q is not given. It vanishes at the end. Any thread may call
/// any function.
class progress {
public:
    progress();
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress();

    bool is_shown() const { return is_shown_; }

    /// Shows " 34 %  reading" for the share 0.34 of all work. The share that is shown never falls.
    void show(double share, const std::string& text);

private:
    std::mutex mutex_;
    bool is_shown_;
    double share_ = 0;
};

}  // namespace cli
