// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colour conversions against cv::cvtColor on photographs, one thread each, outputs that are there already on both sides.
///
/// The two take turns; a row gives the medians of the times of their processor, and how many elements differ. Output is
/// a Markdown table.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <lloyd/color.hpp>

#include "command_line.hpp"
#include "compare/opencv_rival.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using bench::median;
using bench::milliseconds_of;
using u8 = std::uint8_t;

/// Ours, and the same memory as OpenCV sees it.
template <class T, std::size_t C>
struct picture {
    picture(std::ptrdiff_t width, std::ptrdiff_t height) : pixels(width, height) {}
    cv::Mat mat() {
        constexpr int depth = sizeof(T) == 1 ? CV_8U : CV_32F;
        return {static_cast<int>(pixels.height()), static_cast<int>(pixels.width()),
                CV_MAKETYPE(depth, static_cast<int>(C)), pixels.data()};
    }
    lloyd::image<T, C> pixels;
};

class comparison {
public:
    comparison(std::string photo, int rounds) : photo_(std::move(photo)), rounds_(rounds) {}

    /// One row; convert(from, to) is ours, `code` OpenCV's.
    template <std::size_t C, class T, class Convert>
    void compare(const char* name, picture<T, 3>& from, const Convert& convert, int code) const {
        compare<C, T>(name, from, convert, [code](const cv::Mat& source, cv::Mat& target) {  //
            cv::cvtColor(source, target, code);
        });
    }

    /// One row; convert_theirs(from, to) is OpenCV's, to elements of Result.
    template <std::size_t C, class Result, class T, class Convert, class ConvertTheirs>
    void compare(const char* name, picture<T, 3>& from, const Convert& convert, ConvertTheirs&& convert_theirs) const {
        picture<Result, C> ours(from.pixels.width(), from.pixels.height()), theirs = ours;
        const auto source = from.mat();
        auto target = theirs.mat();
        std::vector<double> our_times, their_times;
        for (int round = 0; round < rounds_; ++round) {
            our_times.push_back(milliseconds_of(1, [&] { convert(from.pixels, ours.pixels); }));
            their_times.push_back(milliseconds_of(1, [&] { convert_theirs(source, target); }));
        }
        std::ptrdiff_t differ = 0;
        double apart = 0;
        for (std::size_t i = 0; i < ours.pixels.elements().size(); ++i) {
            const auto a = static_cast<double>(ours.pixels.elements()[i]),
                       b = static_cast<double>(theirs.pixels.elements()[i]);
            differ += a != b;
            apart = (std::max)(apart, std::abs(a - b));
        }
        const double a = median(our_times), b = median(their_times);
        std::printf("| %s | %.1f | %s | %.2f | %.2f | %.2f | %td | %.3g |\n", photo_.c_str(),
                    static_cast<double>(from.pixels.size()) / 1e6, name, a, b, b / a, differ, apart);
        std::fflush(stdout);
    }

private:
    std::string photo_;
    int rounds_;
};

constexpr auto to_hsv = [](const auto& from, auto& to) { lloyd::rgb_to_hsv(from, to); };
constexpr auto to_rgb = [](const auto& from, auto& to) { lloyd::hsv_to_rgb(from, to); };
constexpr auto to_gray = [](const auto& from, auto& to) { lloyd::rgb_to_gray(from, to); };
constexpr auto to_lab = [](const auto& from, auto& to) { lloyd::rgb_to_lab(from, to); };
constexpr auto to_oklab = [](const auto& from, auto& to) { lloyd::rgb_to_oklab(from, to); };

/// Their Lab of floats takes floats of 0 to 1. (Of OKLab they have nothing: its row, too, has their Lab beside it.)
class lab_of_bytes {
public:
    explicit lab_of_bytes(const cv::Mat& photo) : reals_(photo.rows, photo.cols, CV_32FC3, cv::Scalar()) {}
    void operator()(const cv::Mat& photo, cv::Mat& lab) {
        photo.convertTo(reals_, CV_32F, 1.0 / 255);
        cv::cvtColor(reals_, lab, cv::COLOR_RGB2Lab);
    }

private:
    cv::Mat reals_;
};

void compare_all(const std::string& path, int rounds) {
    const auto photo = io::read_rgb(path);
    const comparison rows(std::filesystem::path(path).stem().string(), rounds);
    picture<u8, 3> rgb(photo.width(), photo.height()), hsv = rgb;
    rgb.pixels = photo;
    lloyd::rgb_to_hsv(rgb.pixels, hsv.pixels);
    rows.compare<3>("RGB → HSV", rgb, to_hsv, cv::COLOR_RGB2HSV);
    rows.compare<3>("HSV → RGB", hsv, to_rgb, cv::COLOR_HSV2RGB);
    rows.compare<1>("RGB → gray", rgb, to_gray, cv::COLOR_RGB2GRAY);
    lab_of_bytes their_lab(rgb.mat());
    rows.compare<3, float>("RGB → Lab, to float", rgb, to_lab, their_lab);
    rows.compare<3, float>("RGB → OKLab, to float (their Lab)", rgb, to_oklab, their_lab);
    picture<float, 3> reals(photo.width(), photo.height()), real_hsv = reals;
    std::ranges::transform(photo.elements(), reals.pixels.data(), [](u8 c) { return static_cast<float>(c) / 255; });
    lloyd::rgb_to_hsv(reals.pixels, real_hsv.pixels);
    rows.compare<3>("RGB → HSV, float", reals, to_hsv, cv::COLOR_RGB2HSV);
    rows.compare<3, float>("RGB → HSV, float (a copy)", reals, to_hsv,
                           [](const cv::Mat& from, cv::Mat& to) { from.copyTo(to); });
    rows.compare<3>("HSV → RGB, float", real_hsv, to_rgb, cv::COLOR_HSV2RGB);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_color_opencv", [&] {
        std::vector<std::filesystem::path> photos{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                                  LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        int rounds = 15;
        cli::command_line line("bench_color_opencv", "Compares colour conversions with cv::cvtColor on photos.");
        line.positional("photo", photos, "pictures (default: the two of the examples)");
        line.option("--rounds", rounds, 1, 1000, "of which the median counts");
        if (!line.parse(argc, argv)) return;
        bench::settle_opencv(1);
        std::printf(
            "| photo | MP | conversion | lloyd ms | OpenCV ms | times as fast | elements that differ | by at most |\n"
            "|---|---|---|---|---|---|---|---|\n");
        for (const auto& photo : photos) compare_all(photo, rounds);
    });
}
