// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the comparisons with OpenCV share: its threads, and whether it runs at its best on this CPU.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>

#include <opencv2/core.hpp>

namespace bench {

/// Whether this CPU has what OpenCV calls by that name.
inline bool cpu_has([[maybe_unused]] const std::string& feature) {
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
    __builtin_cpu_init();
    if (feature == "SSE4.1") return __builtin_cpu_supports("sse4.1");
    if (feature == "SSE4.2") return __builtin_cpu_supports("sse4.2");
    if (feature == "AVX") return __builtin_cpu_supports("avx");
    if (feature == "AVX2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (feature == "AVX512-SKX")
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return false;
}

/// The first kind of instructions that OpenCV has code for and this CPU has, too, but that are switched off; "" if none.
/// OpenCV's line has a star before what it chooses among as it runs, and a question mark behind what it does without.
inline std::string unused_feature(const std::string& line) {
    std::istringstream features(line);
    for (std::string feature; features >> feature;)
        if (feature.front() == '*' && feature.back() == '?') {
            feature = feature.substr(1, feature.size() - 2);
            if (cpu_has(feature)) return feature;
        }
    return "";
}

/// What keeps OpenCV from its best on this machine; "" if nothing does.
inline std::string what_slows_opencv(int threads) {
    if (!cv::useOptimized()) return "OpenCV's optimized code is switched off";
    if (const auto feature = unused_feature(cv::getCPUFeaturesLine()); !feature.empty())
        return "OpenCV has code for " + feature + ", which this CPU runs, but it is switched off (OPENCV_CPU_DISABLE)";
    if (threads > 0 && cv::getNumThreads() != threads) return "OpenCV does not take the threads it is given";
    for (const char* name : {"OPENCV_IPP", "OPENCV_KMEANS_PARALLEL_GRANULARITY", "OPENCV_TRACE"})
        if (std::getenv(name) != nullptr) return std::string(name) + " is set";
    return "";
}

/// Gives OpenCV so many threads (0: all of the machine), and prints what it runs with: kinds of instructions that it has
/// code for, a star before those it chooses among, a question mark behind those this CPU lacks. Throws
/// std::runtime_error, "rival slowed", where that is not its best.
inline void settle_opencv(int threads) {
    cv::setNumThreads(threads == 0 ? -1 : threads);
    std::printf("OpenCV %s: %s; threads: %d; optimized: %s; IPP: %s\n\n", CV_VERSION, cv::getCPUFeaturesLine().c_str(),
                cv::getNumThreads(), cv::useOptimized() ? "yes" : "no", cv::ipp::useIPP() ? "yes" : "no");
    if (const auto why = what_slows_opencv(threads); !why.empty()) {
        std::fflush(stdout);
        throw std::runtime_error("rival slowed: " + why);
    }
}

}  // namespace bench
