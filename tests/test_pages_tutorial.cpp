// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The C++ of docs/tutorial.md, and what the page says of it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "../examples/color_cloud.hpp"
#include "../examples/elbow_plot.hpp"
#include "../examples/image_io.hpp"
#include "sample_images.hpp"
#include "scratch_directory.hpp"

namespace {

using samples::same_pixels;

/// The bundled photo as photo.jpg in the working directory, as on the page.
class photo_directory {
public:
    photo_directory() {
        std::filesystem::copy_file(LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg", scratch_ / "photo.jpg");
        std::filesystem::current_path(scratch_.path());
    }
    photo_directory(const photo_directory&) = delete;
    photo_directory& operator=(const photo_directory&) = delete;
    ~photo_directory() { std::filesystem::current_path(before_); }

private:
    std::filesystem::path before_ = std::filesystem::current_path();
    scratch_directory scratch_;
};

/// How many elements of two pictures of one shape differ.
template <class Picture>
std::ptrdiff_t differing(const Picture& a, const Picture& b) {
    std::ptrdiff_t count = 0;
    for (std::size_t i = 0; i < a.elements().size(); ++i) count += a.elements()[i] != b.elements()[i];
    return count;
}

TEST_CASE("tutorial.md: read, cluster, paint, show") {
    photo_directory here;
    const auto photo = io::read_rgb("photo.jpg");

    const auto clusters = lloyd::kmeans(photo, 3, {.attempts = 10, .max_iterations = 9, .epsilon = 1.0});

    const auto painted = lloyd::recolor(clusters.labels, clusters.centers);
    io::write("three.png", painted);

    for (const int k : {3, 5, 7}) {
        const auto segments = lloyd::segment(photo, k, {.kmeans = {.attempts = 10}});
        io::write("k" + std::to_string(k) + ".png", lloyd::recolor(segments.labels, segments.palette));
    }

    CHECK(same_pixels(lloyd::assign(photo, clusters.centers), clusters.labels));
    CHECK(same_pixels(io::read_rgb("three.png"), painted));
    for (const std::ptrdiff_t k : {3, 5, 7})
        CHECK(lloyd::color_histogram(io::read_rgb("k" + std::to_string(k) + ".png")).size() == k);
}

TEST_CASE("tutorial.md: the cloud of colours, in RGB and in HSV") {
    photo_directory here;
    const auto photo = io::read_rgb("photo.jpg");
    const auto clusters = lloyd::kmeans(photo, 3);

    const lloyd::color_histogram colors(photo);  // each colour once, and how often it occurs
    io::write_file("colors.svg", plots::color_cloud_svg("photo.jpg", colors, clusters));

    const auto hsv = lloyd::rgb_to_hsv(photo);
    const lloyd::color_histogram points(hsv);
    std::ofstream table("hsv.csv");
    for (std::ptrdiff_t i = 0; i < points.size(); ++i) {
        const auto point = points.colors()(i, 0);
        table << +point[0] << ',' << +point[1] << ',' << +point[2] << '\n';  // H 0 to 179, S and V 0 to 255
    }

    table.close();
    const auto text = content_of("hsv.csv");
    CHECK(std::ranges::count(text, '\n') == points.size());
    CHECK(content_of("colors.svg").starts_with("<svg"));
    int largest = 0;
    for (std::ptrdiff_t i = 0; i < points.size(); ++i) largest = std::max<int>(largest, points.colors()(i, 0)[0]);
    CHECK(largest == 179);
    CHECK(colors.size() == 54286);
    CHECK(points.size() == 53204);
}

TEST_CASE("tutorial.md: segments in HSV") {
    photo_directory here;
    const auto photo = io::read_rgb("photo.jpg");

    const auto hsv = lloyd::rgb_to_hsv(photo);
    const auto clusters = lloyd::kmeans(hsv, 3, {.attempts = 10});
    const auto in_hsv = lloyd::recolor(clusters.labels, clusters.centers);  // three numbers a pixel, but no RGB
    io::write("hsv.png", lloyd::hsv_to_rgb(in_hsv));

    const auto segments = lloyd::segment(photo, 3, {.space = lloyd::color_space::hsv_cone, .kmeans = {.attempts = 10}});
    io::write("cone.png", lloyd::recolor(segments.labels, segments.palette));

    CHECK(differing(in_hsv, lloyd::hsv_to_rgb(in_hsv)) > in_hsv.size());
    CHECK(same_pixels(io::read_rgb("hsv.png"), lloyd::hsv_to_rgb(in_hsv)));
    CHECK(lloyd::color_histogram(io::read_rgb("cone.png")).size() == 3);
}

TEST_CASE("tutorial.md: the elbow for K = 1 to 10") {
    photo_directory here;
    const auto photo = io::read_rgb("photo.jpg");

    const auto sweep = lloyd::elbow_sweep(photo, {.k_min = 1, .k_max = 10, .kmeans = {.attempts = 10}});
    io::write_file("elbow.svg", plots::elbow_svg("photo.jpg", sweep.curve, sweep.knee, sweep.suggestions));
    [[maybe_unused]] const auto prints = [&] {
        for (const auto& [k, wcss] : sweep.curve) std::printf("%d %g\n", k, wcss);
        if (sweep.knee) std::printf("knee at K = %d\n", *sweep.knee);
        std::printf("last drop: K = %d\n", sweep.suggestions.last_drop.k.value_or(0));
        std::printf("curvature: K = %d\n", sweep.suggestions.log_curvature.k.value_or(0));
        std::printf("Calinski-Harabasz: K = %d\n", sweep.suggestions.calinski_harabasz.k.value_or(0));
        std::printf("Kneedle: K = %d\n", sweep.suggestions.kneedle.k.value_or(0));
    };

    REQUIRE(sweep.curve.size() == 10);
    CHECK(std::ranges::is_sorted(sweep.curve, std::greater{}, &lloyd::elbow_point::wcss));
    CHECK(content_of("elbow.svg").starts_with("<svg"));
}

TEST_CASE("tutorial.md: edges, in one call and in five stages") {
    photo_directory here;
    const auto photo = io::read_rgb("photo.jpg");

    const auto gray = lloyd::rgb_to_gray(photo);
    const auto edges = lloyd::canny(gray, 150, 200, {.sigma = 0});
    io::write("edges.png", edges);

    const auto smooth = lloyd::gaussian_blur(gray, 5, 1.4);
    const auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l2);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, 50, 100);
    const auto traced = lloyd::hysteresis(strength);

    CHECK(same_pixels(traced, lloyd::canny(gray, 50, 100, {.norm = lloyd::gradient_norm::l2})));
    CHECK(same_pixels(io::read("edges.png"), lloyd::image<std::uint8_t>(edges)));

    CHECK(std::ranges::count(traced.elements(), 255) > 1000);
    const auto of_rgb = lloyd::canny(photo, 150, 200, {.sigma = 0});
    const auto of_bgr = lloyd::canny(lloyd::select_channels<2, 1, 0>(photo), 150, 200, {.sigma = 0});
    CHECK(std::ranges::count(of_rgb.elements(), 255) == 9378);
    CHECK(differing(of_rgb, of_bgr) == 25);
}

}  // namespace
