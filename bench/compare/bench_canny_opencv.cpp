// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Blur, gradient and Canny against OpenCV on photographs: the same settings, and how many bytes differ (none should).
///
/// The two take turns; a row gives the medians of the times, for one thread those of its processor, so that other
/// programs count less. Every output is allocated where it is timed. What malloc does with large blocks costs OpenCV as
/// much as its work: it keeps them all, or none with --fresh. Output is a Markdown table. With --stages a second one
/// shows how long single stages take, and how long it takes to copy as many bytes as they read and write.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include <lloyd/canny.hpp>

#include "command_line.hpp"
#include "compare/opencv_rival.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"
#include "settled_memory.hpp"

namespace {

using bench::median;
using u8 = std::uint8_t;
using photo_type = lloyd::image<u8, 3>;
using gray_type = lloyd::image<u8, 1>;

struct settings {
    int rounds = 15;
    int threads = 1;
    double low = 150, high = 200, sigma = 1.4;
    int aperture = 3;
    bool squares = false;
    lloyd::canny_options options(double sigma_or_0) const {
        const auto norm = squares ? lloyd::gradient_norm::l2 : lloyd::gradient_norm::l1;
        return {.sigma = sigma_or_0, .aperture = aperture, .norm = norm, .threads = threads};
    }
};

/// A photo as both libraries see it; the pixels are shared.
struct subject {
    explicit subject(const std::string& path) : name(std::filesystem::path(path).stem().string()) {
        color = io::read_rgb(path);
        gray = gray_type(color.width(), color.height());
        for (std::ptrdiff_t i = 0; i < color.size(); ++i) {
            const u8* pixel = color.data() + 3 * i;
            gray.data()[i] = static_cast<u8>((9798 * pixel[0] + 19235 * pixel[1] + 3735 * pixel[2] + (1 << 14)) >> 15);
        }
        const int width = static_cast<int>(color.width()), height = static_cast<int>(color.height());
        cv_gray = cv::Mat(height, width, CV_8UC1, gray.data());
        cv_color = cv::Mat(height, width, CV_8UC3, color.data());
    }

    std::string name;
    photo_type color;
    gray_type gray;
    cv::Mat cv_gray, cv_color;
};

template <class Image>
long differing(const Image& ours, const cv::Mat& theirs) {
    long count = 0;
    using element = lloyd::value_type_of<Image>;
    for (std::ptrdiff_t y = 0; y < ours.height(); ++y) {
        const auto* row = theirs.ptr<element>(static_cast<int>(y));
        for (const auto mine : ours.row(y)) count += mine != *row++;
    }
    return count;
}

/// ours() returns an image, theirs() a cv::Mat.
template <class Ours, class Theirs>
void compare(const subject& on, const char* step, const settings& with, const Ours& ours, const Theirs& theirs) {
    std::vector<double> our_times, their_times;
    long different = 0;
    for (int round = 0; round < with.rounds; ++round) {
        decltype(ours()) mine;
        cv::Mat other;
        our_times.push_back(bench::milliseconds_of(with.threads, [&] { mine = ours(); }));
        their_times.push_back(bench::milliseconds_of(with.threads, [&] { other = theirs(); }));
        if (round == 0) different = differing(mine, other);
    }
    const double a = median(our_times), b = median(their_times);
    std::printf("| %s | %.1f | %s | %.2f | %.2f | %.1f | %ld |\n", on.name.c_str(),
                static_cast<double>(on.gray.size()) / 1e6, step, a, b, b / a, different);
    std::fflush(stdout);
}

cv::Mat cv_blur(const cv::Mat& photo, double sigma) {
    cv::Mat result;
    cv::GaussianBlur(photo, result, {5, 5}, sigma);
    return result;
}

cv::Mat cv_canny(const cv::Mat& photo, const settings& with) {
    cv::Mat result;
    cv::Canny(photo, result, with.low, with.high, with.aperture, with.squares);
    return result;
}

void compare_stages(const subject& on, const settings& with) {
    compare(
        on, "dx and dy", with, [&] { return lloyd::sobel(on.gray, 3, lloyd::gradient_norm::l1).dx; },
        [&] {
            cv::Mat dx, dy;
            cv::Sobel(on.cv_gray, dx, CV_16S, 1, 0, 3, 1, 0, cv::BORDER_REPLICATE);
            cv::Sobel(on.cv_gray, dy, CV_16S, 0, 1, 3, 1, 0, cv::BORDER_REPLICATE);
            return dx;
        });
    const auto gradient = lloyd::sobel(on.gray, 3, lloyd::gradient_norm::l1);
    const auto to_mat = [&](const lloyd::image<std::int16_t, 1>& part) {
        return cv::Mat(on.cv_gray.rows, on.cv_gray.cols, CV_16SC1, const_cast<std::int16_t*>(part.data()));
    };
    const cv::Mat dx = to_mat(gradient.dx), dy = to_mat(gradient.dy);
    compare(
        on, "the five calls (Canny without a blur)", with,
        [&] {
            const auto of_blurred = lloyd::sobel(lloyd::gaussian_blur(on.gray, 5, with.sigma), 3, gradient.norm);
            return lloyd::hysteresis(
                lloyd::double_threshold(lloyd::suppress_non_maxima(of_blurred), with.low, with.high));
        },
        [&] { return cv_canny(on.cv_gray, with); });
    compare(
        on, "stages 3 to 5", with,
        [&] {
            return lloyd::hysteresis(
                lloyd::double_threshold(lloyd::suppress_non_maxima(gradient), with.low, with.high));
        },
        [&] {
            cv::Mat edges;
            cv::Canny(dx, dy, edges, with.low, with.high);
            return edges;
        });
}

/// Copies 128 MiB, as bench_machine does, and takes from that how long `bytes` would take, half of them read.
class copying {
public:
    double milliseconds_of(double bytes) {
        const auto taken = bench::milliseconds_of(1, [&] { std::memcpy(to_.data(), from_.data(), from_.size()); });
        if (to_[from_.size() - 1] != 1) throw std::runtime_error("memory was not copied");
        return taken * bytes / (2.0 * static_cast<double>(from_.size()));
    }

private:
    std::vector<char> from_ = std::vector<char>(std::size_t{1} << 27, 1), to_ = std::vector<char>(from_.size(), 2);
};

template <class Stage>
void beside_copy(const subject& on, const char* name, int bytes, const settings& with, const Stage& stage) {
    static copying copy;
    std::vector<double> times, copies;
    for (int round = 0; round < with.rounds; ++round) {
        decltype(stage()) result;
        times.push_back(bench::milliseconds_of(1, [&] { result = stage(); }));
        copies.push_back(copy.milliseconds_of(bytes * static_cast<double>(on.gray.size())));
    }
    const double a = median(times), b = median(copies);
    std::printf("| %s | %s | %d | %.2f | %.2f | %.2f |\n", on.name.c_str(), name, bytes, a, b, a / b);
    std::fflush(stdout);
}

void stages_beside_copy(const subject& on, const settings& with) {
    const auto smooth = lloyd::gaussian_blur(on.gray, 5, with.sigma);
    const auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, with.low, with.high);
    beside_copy(on, "gaussian_blur", 1 + 1, with, [&] { return lloyd::gaussian_blur(on.gray, 5, with.sigma); });
    beside_copy(on, "sobel", 1 + 2 + 2 + 4, with, [&] { return lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1); });
    beside_copy(on, "suppress_non_maxima", 2 + 2 + 4 + 4, with, [&] { return lloyd::suppress_non_maxima(gradient); });
    beside_copy(on, "double_threshold", 4 + 1, with,
                [&] { return lloyd::double_threshold(ridges, with.low, with.high); });
    beside_copy(on, "hysteresis", 1 + 1, with, [&] { return lloyd::hysteresis(strength); });
}

void compare_photo(const subject& on, const settings& with) {
    compare(
        on, "blur", with, [&] { return lloyd::gaussian_blur(on.gray, 5, with.sigma); },
        [&] { return cv_blur(on.cv_gray, with.sigma); });
    compare(
        on, "Canny", with, [&] { return lloyd::canny(on.gray, with.low, with.high, with.options(0)); },
        [&] { return cv_canny(on.cv_gray, with); });
    compare(
        on, "blur + Canny", with, [&] { return lloyd::canny(on.gray, with.low, with.high, with.options(with.sigma)); },
        [&] { return cv_canny(cv_blur(on.cv_gray, with.sigma), with); });
    compare(
        on, "Canny, RGB", with, [&] { return lloyd::canny(on.color, with.low, with.high, with.options(0)); },
        [&] { return cv_canny(on.cv_color, with); });
    compare(
        on, "blur + Canny, RGB", with,
        [&] { return lloyd::canny(on.color, with.low, with.high, with.options(with.sigma)); },
        [&] { return cv_canny(cv_blur(on.cv_color, with.sigma), with); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_canny_opencv", [&] {
        std::vector<std::filesystem::path> photos{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                                  LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        settings with;
        bool stages = false, fresh = false;
        cli::command_line line("bench_canny_opencv", "Compares edges with those of OpenCV on photos.");
        line.positional("photo", photos, "pictures (default: the two of the examples)");
        line.option("--low", with.low, 0, 1e6, "the lower threshold");
        line.option("--high", with.high, 0, 1e6, "the upper threshold");
        line.option("--sigma", with.sigma, 0.1, 100, "of the blur, 5 x 5 pixels");
        line.option("--aperture", with.aperture, 3, 7, "3, 5 or 7; thresholds are in its units");
        line.flag("--l2", with.squares, "magnitudes are square roots of sums of squares");
        line.option("--rounds", with.rounds, 1, 1000, "of which the median counts");
        line.option("--threads", with.threads, 0, 1024, "for both; 0: all");
        line.flag("--fresh", fresh, "malloc takes large blocks from the system each time, and gives them back");
        line.flag("--stages", stages, "the stages one by one, too");
        if (!line.parse(argc, argv)) return;
        bench::settle_memory(fresh);
        bench::settle_opencv(with.threads);
        std::printf("| photo | MP | step | lloyd ms | OpenCV ms | times as fast | bytes that differ |\n"
                    "|---|---|---|---|---|---|---|\n");
        for (const auto& path : photos) {
            const subject on(path);
            compare_photo(on, with);
            if (stages) compare_stages(on, with);
        }
        if (!stages) return;
        std::printf("\n| photo | stage | bytes a pixel | ms | a copy of as many bytes, ms | times a copy |\n"
                    "|---|---|---|---|---|---|\n");
        for (const auto& path : photos) stages_beside_copy(subject(path), with);
    });
}
