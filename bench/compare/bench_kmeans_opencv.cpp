// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// lloyd::kmeans against cv::kmeans on photographs: the same pixels, K, seeding, criteria and attempts.
///
/// The two take turns, each with another seed every round; a row gives the medians of the times, for one thread those of
/// its processor, and of the compactness.
/// OpenCV wants float pixels: converting to them is not counted. malloc keeps all that it is given back, or nothing with
/// --fresh. Output is a Markdown table.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include <lloyd/kmeans.hpp>

#include "command_line.hpp"
#include "compare/opencv_rival.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"
#include "settled_memory.hpp"

namespace {

using photo_type = lloyd::image<std::uint8_t, 3>;

struct settings {
    int attempts = 0;  // 0: one from 4 megapixels up, ten below
    int iterations = 10;
    double epsilon = 1.0;
    int rounds = 5;
    int threads = 1;
};

struct sample {
    double milliseconds;
    double compactness;
};

template <class Work>
sample measure(int threads, const Work& work) {
    double compactness = 0;
    const double time = bench::milliseconds_of(threads, [&] { compactness = work(); });
    return {time, compactness};
}

sample median(std::vector<sample> samples) {
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end(),
                     [](auto& a, auto& b) { return a.milliseconds < b.milliseconds; });
    const double milliseconds = middle->milliseconds;
    std::nth_element(samples.begin(), middle, samples.end(),
                     [](auto& a, auto& b) { return a.compactness < b.compactness; });
    return {milliseconds, middle->compactness};
}

sample run_lloyd(const photo_type& photo, int k, int attempts, const settings& with, int round) {
    return measure(with.threads, [&] {
        return lloyd::kmeans(photo, k,
                             {.attempts = attempts,
                              .max_iterations = with.iterations,
                              .epsilon = with.epsilon,
                              .seed = static_cast<std::uint64_t>(round),
                              .threads = with.threads})
            .compactness;
    });
}

sample run_opencv(const cv::Mat& pixels, int k, int attempts, const settings& with, int round) {
    cv::setRNGSeed(round + 1);
    cv::Mat labels, centers;
    const int count = with.iterations + 1;  // the first one assigns to the seeds
    const cv::TermCriteria stop(cv::TermCriteria::EPS | cv::TermCriteria::COUNT, count, with.epsilon);
    return measure(with.threads,
                   [&] { return cv::kmeans(pixels, k, labels, stop, attempts, cv::KMEANS_PP_CENTERS, centers); });
}

/// How many times as fast as OpenCV, and how compact beside it: 1 is the same, more is worse.
struct ratios {
    double speed;
    double compactness;
};

class summary {
public:
    void add(const ratios& one) {
        worst_ = {(std::min)(worst_.speed, one.speed), (std::max)(worst_.compactness, one.compactness)};
        sum_ = {sum_.speed + std::log(one.speed), sum_.compactness + one.compactness};
        ++count_;
    }

    void print(int attempts) const {
        std::printf("- %d attempt%s: %.1f times as fast (geometric mean), %.1f at least; "
                    "compactness %.4f of OpenCV's on average, %.4f at most\n",
                    attempts, attempts == 1 ? "" : "s", std::exp(sum_.speed / count_), worst_.speed,
                    sum_.compactness / count_, worst_.compactness);
    }

private:
    ratios worst_{HUGE_VAL, 0}, sum_{0, 0};
    double count_ = 0;
};

int attempts_of(const photo_type& photo, const settings& with) {
    return with.attempts > 0 ? with.attempts : photo.size() < 4'000'000 ? 10 : 1;
}

/// One row.
ratios compare(const std::string& name, const photo_type& photo, const cv::Mat& pixels, int k, const settings& with) {
    const double megapixels = static_cast<double>(photo.size()) / 1e6;
    const int attempts = attempts_of(photo, with);
    std::vector<sample> ours, theirs;
    for (int round = 0; round < with.rounds; ++round) {
        ours.push_back(run_lloyd(photo, k, attempts, with, round));
        theirs.push_back(run_opencv(pixels, k, attempts, with, round));
    }
    const auto a = median(ours), b = median(theirs);
    std::printf("| %s | %.1f | %d | %d | %.1f | %.0f | %.0f | %.6g | %.4f |\n", name.c_str(), megapixels, k, attempts,
                a.milliseconds, b.milliseconds, b.milliseconds / a.milliseconds, a.compactness,
                a.compactness / b.compactness);
    std::fflush(stdout);
    return {b.milliseconds / a.milliseconds, a.compactness / b.compactness};
}

void compare_all(const std::vector<std::filesystem::path>& photos, const std::vector<int>& ks, const settings& with) {
    std::printf("| photo | MP | K | attempts | lloyd ms | OpenCV ms | times as fast | compactness | of OpenCV's |\n"
                "|---|---|---|---|---|---|---|---|---|\n");
    std::map<int, summary> by_attempts;
    for (const auto& path : photos) {
        const auto photo = io::read_rgb(path);
        const auto rows = static_cast<int>(photo.size());
        cv::Mat pixels;
        cv::Mat(rows, 3, CV_8U, const_cast<std::uint8_t*>(photo.data())).convertTo(pixels, CV_32F);
        for (int round = 0; round < 2; ++round) {  // not counted: after them malloc has the memory that both need
            run_lloyd(photo, ks.front(), 1, with, round);
            run_opencv(pixels, ks.front(), 1, with, round);
        }
        auto& all = by_attempts[attempts_of(photo, with)];
        for (const int k : ks) all.add(compare(std::filesystem::path(path).stem().string(), photo, pixels, k, with));
    }
    std::puts("");
    for (const auto& [attempts, all] : by_attempts) all.print(attempts);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_kmeans_opencv", [&] {
        std::vector<std::filesystem::path> photos{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                                  LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        std::vector<int> ks{3, 8, 16};
        settings with;
        int only_k = 0;
        bool fresh = false;
        cli::command_line line("bench_kmeans_opencv", "Compares lloyd::kmeans with cv::kmeans on photos.");
        line.positional("photo", photos, "pictures (default: the two of the examples)");
        line.option("-k", only_k, 0, 256, "one K instead of 3, 8 and 16");
        line.option("--attempts", with.attempts, 0, 1000, "0: one from 4 megapixels up, ten below");
        line.option("--iterations", with.iterations, 2, 100, "for both");
        line.option("--epsilon", with.epsilon, 0, 1e6, "for both");
        line.option("--rounds", with.rounds, 1, 1000, "of which the median counts");
        line.option("--threads", with.threads, 0, 1024, "for both; 0: all");
        line.flag("--fresh", fresh, "malloc takes large blocks from the system each time, and gives them back");
        if (!line.parse(argc, argv)) return;
        bench::settle_memory(fresh);
        if (only_k > 0) ks = {only_k};
        bench::settle_opencv(with.threads);
        compare_all(photos, ks, with);
    });
}
