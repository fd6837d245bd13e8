// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <doctest/doctest.h>

#include <lloyd/cpu.hpp>

#include "sample_images.hpp"

namespace {

using lloyd::cpu_level;
using samples::refusal;
using samples::says;

constexpr auto all_levels = {cpu_level::baseline, cpu_level::avx2, cpu_level::avx512};
const auto best = lloyd::active_cpu_level();  // before any test limits it

TEST_CASE("uses the best level of this machine, until limited") {
    CHECK(best == lloyd::detail::best_cpu_level());
    for (const auto level : all_levels) {
        if (level > best) continue;
        lloyd::limit_cpu_level(level);
        CHECK(lloyd::active_cpu_level() == level);
    }
    lloyd::limit_cpu_level(cpu_level::baseline);
    lloyd::limit_cpu_level(best);  // a limit can be lifted
    CHECK(lloyd::active_cpu_level() == best);
}

TEST_CASE("orders levels from the least to the most") {
    CHECK(cpu_level::baseline < cpu_level::avx2);
    CHECK(cpu_level::avx2 < cpu_level::avx512);
}

#if defined(LLOYD_PLAIN_VECTORS)
TEST_CASE("has nothing but the baseline with plain vectors") { CHECK(best == cpu_level::baseline); }
#endif

TEST_CASE("refuses a level that this machine lacks, or that is none, and keeps the one in use") {
    const auto highest = std::to_string(static_cast<int>(best));
    for (const int level : {-1, 3, 100}) {
        CHECK(refusal([&] { lloyd::limit_cpu_level(static_cast<cpu_level>(level)); }) ==
              says{"limit_cpu_level", "level is " + std::to_string(level), "0 to " + highest});
        CHECK(lloyd::active_cpu_level() == best);
    }
    for (const auto level : all_levels)
        if (level > best)
            CHECK(refusal([&] { lloyd::limit_cpu_level(level); }) == says{"limit_cpu_level", "0 to " + highest});
}

}  // namespace
