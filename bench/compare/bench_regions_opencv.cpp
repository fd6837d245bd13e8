// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// find_regions against OpenCV's connectedComponentsWithStats, which takes one mask for each label, on the labels of
/// photographs; and how many regions differ in number (none should).
///
/// The two take turns; a row gives the medians of the times of the processor for one thread, so that other programs count
/// less. Every output is allocated where it is timed. What malloc does with large blocks costs both as much as their work:
/// it keeps them all, or none with --fresh. Output is a Markdown table.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "compare/opencv_rival.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using bench::median;
using u8 = std::uint8_t;

struct settings {
    int rounds = 15;
    int k = 8;
    bool by_corners = false;
    lloyd::connectivity connected() const {
        return by_corners ? lloyd::connectivity::eight : lloyd::connectivity::four;
    }
};

/// Component 0 of each mask is what the mask leaves out.
std::ptrdiff_t components_of(const cv::Mat& labels, const settings& with) {
    std::ptrdiff_t count = 0;
    cv::Mat ids, statistics, centers;
    for (int label = 0; label < with.k; ++label)
        count += cv::connectedComponentsWithStats(labels == label, ids, statistics, centers, with.by_corners ? 8 : 4,
                                                  CV_32S) -
                 1;
    return count;
}

void compare_photo(const std::string& path, const settings& with) {
    auto labels = lloyd::segment(io::read_rgb(path), with.k).labels;
    const cv::Mat same(static_cast<int>(labels.height()), static_cast<int>(labels.width()), CV_8UC1, labels.data());
    std::vector<double> ours, theirs, merging, drawing;
    std::ptrdiff_t mine = 0, other = 0;
    for (int round = 0; round < with.rounds; ++round) {
        ours.push_back(bench::milliseconds_of(
            1, [&] { mine = std::ssize(lloyd::find_regions(labels, with.connected()).regions); }));
        theirs.push_back(bench::milliseconds_of(1, [&] { other = components_of(same, with); }));
        lloyd::image<u8, 1> clean;
        merging.push_back(
            bench::milliseconds_of(1, [&] { clean = lloyd::merge_small_regions(labels, 64, with.connected()); }));
        std::vector<lloyd::outline> shapes;
        drawing.push_back(bench::milliseconds_of(
            1, [&] { shapes = lloyd::outlines(lloyd::simplify(lloyd::find_borders(clean), 1)); }));
    }
    const double a = median(ours), b = median(theirs);
    std::printf("| %s | %.1f | %td | %.1f | %.1f | %.1f | %td | %.1f | %.1f |\n",
                std::filesystem::path(path).stem().string().c_str(), static_cast<double>(labels.size()) / 1e6, mine, a,
                b, b / a, mine - other, median(merging), median(drawing));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_regions_opencv", [&] {
        std::vector<std::string> photos(8);
        settings with;
        bool fresh = false;
        cli::command_line line("bench_regions_opencv", "Compares regions with those of OpenCV on up to 8 photos.");
        for (auto& photo : photos) line.positional("photo", photo, "a picture");
        line.option("-k", with.k, 1, 256, "labels");
        line.option("--rounds", with.rounds, 1, 1000, "of which the median counts");
        line.flag("--eight", with.by_corners, "pixels that share a corner are connected, too");
        line.flag("--fresh", fresh, "malloc takes large blocks from the system each time, and gives them back");
        if (!line.parse(argc, argv)) return;
        bench::settle_memory(fresh);
        std::erase(photos, "");
        if (photos.empty())
            photos = {LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg", LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        bench::settle_opencv(1);
        std::printf("| photo | MP | regions | find_regions ms | OpenCV ms | times as fast | regions more than OpenCV | "
                    "merge_small_regions ms | borders, simplified, outlines ms |\n"
                    "|---|---|---|---|---|---|---|---|---|\n");
        for (const auto& path : photos) compare_photo(path, with);
    });
}
