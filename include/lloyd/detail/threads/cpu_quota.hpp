// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The CPU quota of this process: how much CPU time the control groups (cgroups) of Linux grant it. Containers limit
/// themselves in this way, and the number of CPUs does not show it. Nothing here throws or allocates. A file that
/// cannot be read or parsed counts as no limit.
#pragma once

#if defined(__linux__)

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <lloyd/detail/base/open_detail.inc>

/// Removes spaces and a whole number from the front of a text, and returns the number; −1 where there is none, or one
/// above 10^15.
inline std::int64_t take_number(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    std::int64_t number = -1;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        if (number > 100'000'000'000'000) return -1;
        number = (number < 0 ? 0 : 10 * number) + (text.front() - '0');
    }
    return number;
}

/// quota / period, both in microseconds, rounded up: the CPUs granted. 0 where there is no limit ("max" or −1).
inline std::int64_t cpus_of_quota(std::string_view quota, std::string_view period) {
    const auto granted = take_number(quota), of = take_number(period);
    return granted > 0 && of > 0 ? (granted - 1) / of + 1 : 0;
}

/// The same for "quota period", the text of cpu.max in version 2.
inline std::int64_t cpus_of_quota(std::string_view both) {
    const auto space = both.find(' ');
    return space == both.npos ? 0 : cpus_of_quota(both.substr(0, space), both.substr(space));
}

/// The text of a file in /proc or /sys, at most 4 KiB; empty where it cannot be read.
class kernel_file {
public:
    explicit kernel_file(const char* path) {
        const int file = ::open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return;
        const auto length = ::read(file, text_, sizeof text_);
        ::close(file);
        if (length > 0) length_ = static_cast<std::size_t>(length);
    }
    /// The file whose path is the parts joined; a path of 4 KiB or more cannot be read.
    template <std::size_t N>
    explicit kernel_file(const std::string_view (&parts)[N]) : kernel_file(joined<N>(parts).text) {}

    std::string_view text() const { return {text_, length_}; }

private:
    template <std::size_t N>
    struct joined {
        explicit joined(const std::string_view (&parts)[N]) {
            std::size_t length = 0;
            for (const auto part : parts) {
                if (part.size() >= sizeof text - length) {
                    text[0] = 0;
                    return;
                }
                length += part.copy(text + length, part.size());
            }
            text[length] = 0;
        }
        char text[4096];
    };

    std::size_t length_ = 0;
    char text_[4096];
};

/// The CPUs granted to one group; 0: no limit.
[[gnu::cold]] inline std::int64_t group_cpus(std::string_view mount, std::string_view group, bool second_version) {
    if (second_version) return cpus_of_quota(kernel_file({mount, group, "/cpu.max"}).text());
    const kernel_file quota({mount, "/cpu", group, "/cpu.cfs_quota_us"});
    if (quota.text().empty()) return 0;
    return cpus_of_quota(quota.text(), kernel_file({mount, "/cpu", group, "/cpu.cfs_period_us"}).text());
}

/// The smallest grant of a group and of all groups around it; 0: no limit. (In a container its own group may be the
/// top.)
inline std::int64_t chain_cpus(std::string_view mount, std::string_view group, bool second_version) {
    std::int64_t least = 0;
    for (;; group = group.substr(0, group.rfind('/'))) {
        if (!group.empty() && group.back() == '/') group.remove_suffix(1);
        const auto cpus = group_cpus(mount, group, second_version);
        if (cpus > 0 && (least == 0 || cpus < least)) least = cpus;
        if (group.find('/') == group.npos) return least;
    }
}

inline bool lists_cpu(std::string_view controllers) {
    for (;;) {
        const auto comma = controllers.find(',');
        if (controllers.substr(0, comma) == "cpu") return true;
        if (comma == controllers.npos) return false;
        controllers.remove_prefix(comma + 1);
    }
}

/// The CPUs that its groups grant to this process; 0: no limit. Each line of /proc/self/cgroup names a group below
/// `mount`: "0::/group" in version 2, "4:cpu,cpuacct:/group" in version 1.
[[gnu::cold]] inline std::int64_t quota_cpus(const char* groups = "/proc/self/cgroup",
                                             std::string_view mount = "/sys/fs/cgroup") {
    const kernel_file file(groups);
    std::int64_t least = 0;
    for (auto lines = file.text(); !lines.empty();) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(line.size() < lines.size() ? line.size() + 1 : line.size());
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos) continue;
        const auto controllers = line.substr(first + 1, second - first - 1);
        if (!controllers.empty() && !lists_cpu(controllers)) continue;
        const auto cpus = chain_cpus(mount, line.substr(second + 1), controllers.empty());
        if (cpus > 0 && (least == 0 || cpus < least)) least = cpus;
    }
    return least;
}

}  // namespace lloyd::inline v0::detail

#endif
