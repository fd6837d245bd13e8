// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// How many threads `threads = 0` means: the CPUs that the process may run on, and no more than its quota.

#include <cstddef>
#include <cstdint>

#include <doctest/doctest.h>

#include <lloyd/detail/threads/thread_team.hpp>

#if defined(__linux__)
#include <fstream>
#include <string>
#include <thread>

#include <sched.h>

#include "scratch_directory.hpp"
#endif

namespace {

using lloyd::detail::hardware_threads;
using lloyd::detail::thread_team;

TEST_CASE("0 threads are as many as the process may run at a time, and at least one") {
    CHECK(hardware_threads() >= 1);
    CHECK(thread_team(0, 1'000'000).size() == static_cast<std::size_t>(hardware_threads()));
}

#if defined(__linux__)

using lloyd::detail::cpus_of_quota;
using lloyd::detail::quota_cpus;

TEST_CASE("a thread that may run on one CPU sees one") {
    int seen = 0;
    std::size_t team = 0;
    bool narrowed = false;
    std::thread([&] {
        cpu_set_t all, one;
        CPU_ZERO(&one);
        if (sched_getaffinity(0, sizeof all, &all) != 0) return;
        for (std::size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
            if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, &one);
        narrowed = sched_setaffinity(0, sizeof one, &one) == 0;
        seen = hardware_threads();
        team = thread_team(0, 100).size();
    }).join();
    REQUIRE(narrowed);
    CHECK(seen == 1);
    CHECK(team == 1);
}

TEST_CASE("a quota is rounded up to whole CPUs; no quota, and what cannot be read, is no limit") {
    CHECK(cpus_of_quota("max 100000\n") == 0);
    CHECK(cpus_of_quota("50000 100000\n") == 1);
    CHECK(cpus_of_quota("100000 100000\n") == 1);
    CHECK(cpus_of_quota("100001 100000\n") == 2);
    CHECK(cpus_of_quota("150000 100000") == 2);
    CHECK(cpus_of_quota("800000 100000\n") == 8);
    CHECK(cpus_of_quota("100000 50000\n") == 2);
    CHECK(cpus_of_quota("1 100000") == 1);
    for (const char* text : {"", "\n", " ", "max", "100000", "100000\n", "0 100000", "100000 0", "-1 100000", "1 -1",
                             "garbage", "a 1", "1 a", "99999999999999999999 1", "1 99999999999999999999"}) {
        CAPTURE(text);
        CHECK(cpus_of_quota(text) == 0);
    }
    CHECK(cpus_of_quota("-1\n", "100000\n") == 0);
    CHECK(cpus_of_quota("250000\n", "100000\n") == 3);
}

/// Control groups that a test makes up.
class made_up_groups {
public:
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((place_ / name).parent_path());
        std::ofstream(place_ / name) << text;
    }
    std::int64_t cpus(const std::string& list) const {
        write("list", list);
        return quota_cpus((place_ / "list").c_str(), place_.path().native());
    }

private:
    scratch_directory place_;
};

TEST_CASE("the least quota of a group and those around it holds, in version 2") {
    const made_up_groups groups;
    CHECK(groups.cpus("0::/a/b\n") == 0);
    groups.write("a/b/cpu.max", "max 100000\n");
    CHECK(groups.cpus("0::/a/b\n") == 0);
    groups.write("a/cpu.max", "300000 100000\n");
    CHECK(groups.cpus("0::/a/b\n") == 3);
    groups.write("a/b/cpu.max", "150000 100000\n");
    CHECK(groups.cpus("0::/a/b\n") == 2);
    groups.write("cpu.max", "100000 100000\n");
    CHECK(groups.cpus("0::/a/b\n") == 1);
    CHECK(groups.cpus("0::/\n") == 1);
    CHECK(groups.cpus("0::/elsewhere/unseen") == 1);
}

TEST_CASE("the quota of the controller named cpu holds, in version 1") {
    const made_up_groups groups;
    groups.write("cpu/docker/1/cpu.cfs_quota_us", "250000\n");
    CHECK(groups.cpus("4:cpu,cpuacct:/docker/1\n") == 0);
    groups.write("cpu/docker/1/cpu.cfs_period_us", "100000\n");
    CHECK(groups.cpus("4:cpu,cpuacct:/docker/1\n") == 3);
    CHECK(groups.cpus("11:memory:/x\n4:cpuacct,cpu:/docker/1\n1:name=systemd:/y\n0::/z\n") == 3);
    CHECK(groups.cpus("4:cpuset:/docker/1\n5:cpuacct:/docker/1\n") == 0);
    groups.write("cpu/cpu.cfs_quota_us", "-1\n");
    groups.write("cpu/cpu.cfs_period_us", "100000\n");
    CHECK(groups.cpus("4:cpu:/docker/1\n") == 3);
    CHECK(groups.cpus("4:cpu:/\n") == 0);
}

TEST_CASE("a quota limits the CPUs, and never raises them") {
    using lloyd::detail::within_quota;
    CHECK(within_quota(4, 0) == 4);
    CHECK(within_quota(4, 1) == 1);
    CHECK(within_quota(4, 3) == 3);
    CHECK(within_quota(4, 4) == 4);
    CHECK(within_quota(4, 9) == 4);
}

TEST_CASE("a list of groups that makes no sense is no limit") {
    const made_up_groups groups;
    for (const std::string list :
         {"", "\n", "\n\n", ":", "::", "0:", "0::", "0::x", "4:cpu", "4:cpu:", "cpu", ":::::\n"}) {
        CAPTURE(list);
        CHECK(groups.cpus(list) == 0);
    }
    groups.write("cpu.max", "200000 100000\n");
    CHECK(groups.cpus("0::/" + std::string(3000, 'x') + "\n") == 2);
    CHECK(groups.cpus("0::" + std::string(9000, '/')) == 2);
    CHECK(quota_cpus("/no/such/file", "/no/such/mount") == 0);
}

#endif

}  // namespace
