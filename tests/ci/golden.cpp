// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Calls of every kind on a picture that is computed, compared with what x86 Linux gives: for systems and CPUs that the other
// tests do not run on. Says on stderr what differs.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <vector>

#include <lloyd/lloyd.hpp>

namespace {

int differences = 0;

void expect(const char* what, std::uint64_t golden, std::uint64_t ours) {
    if (ours == golden) return;
    std::fprintf(stderr, "%s: 0x%016llx\n", what, static_cast<unsigned long long>(ours));
    ++differences;
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo 1991), of the bits of the numbers as double.
template <class Numbers>
std::uint64_t hash_of(const Numbers& numbers) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (const auto number : numbers) {
        const auto real = static_cast<double>(number);
        std::uint64_t bits;
        std::memcpy(&bits, &real, sizeof bits);
        for (int i = 0; i < 8; ++i, bits >>= 8) hash = (hash ^ (bits & 255)) * 0x100'0000'01b3;
    }
    return hash;
}

template <class T, std::size_t Channels>
std::uint64_t hash_of(const lloyd::image<T, Channels>& picture) {
    return hash_of(picture.elements());
}

/// Five stripes of one colour each, and a little noise.
lloyd::image<std::uint8_t, 3> striped_picture() {
    constexpr std::uint8_t colors[5][3] = {{200, 30, 30}, {20, 40, 220}, {240, 240, 230}, {30, 160, 60}, {15, 15, 20}};
    lloyd::image<std::uint8_t, 3> picture(160, 120);
    std::uint32_t noise = 1;
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y)
        for (std::ptrdiff_t x = 0; x < picture.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c) {
                noise = noise * 1664525 + 1013904223;
                picture(x, y)[c] = static_cast<std::uint8_t>(colors[(x + y / 2) / 45][c] + (noise >> 29));
            }
    return picture;
}

using picture_view = lloyd::image_view<const std::uint8_t, 3>;

void check_clusters(picture_view picture, int threads) {
    const lloyd::kmeans_options options{.attempts = 4, .seed = 1, .threads = threads};
    const auto clusters = lloyd::kmeans(picture, 5, options);
    expect("labels", 0x9d18'7bdd'69cf'5245, hash_of(clusters.labels));
    expect("centers", 0xcb53'6bf8'38c2'6ce6, hash_of(clusters.centers));
    expect("many centers", 0x11d2'5374'2e4e'fd4f,
           hash_of(lloyd::kmeans(picture, 40, {.max_iterations = 3, .seed = 2, .threads = threads}).centers));
    const auto sweep = lloyd::elbow_sweep(picture, {.k_max = 7, .kmeans = options});
    std::vector<double> curve;
    for (const auto& point : sweep.curve) curve.push_back(point.wcss);
    expect("curve", 0xb4bd'5730'b7b2'b340, hash_of(curve));
    expect("knee", 5, static_cast<std::uint64_t>(sweep.knee.value_or(0)));
}

/// Points of three types from given centers, and of four channels of 8 bits from seeds.
void check_points(int threads) {
    std::vector<float> floats(20000);
    for (std::size_t i = 0; i < floats.size(); ++i) floats[i] = static_cast<float>(i * 7919 % 10007) / 7;
    std::vector<double> doubles(floats.begin(), floats.end());
    for (double& number : doubles) number /= 3;
    std::vector<std::uint8_t> bytes;
    for (const float number : floats) bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(number) & 255));
    const double seeds[] = {0, 0, 300, 900, 900, 300, 700, 700, 1400, 100};
    const lloyd::kmeans_options options{.initial_centers = lloyd::points(seeds, 5, 2), .threads = threads};

    const auto of_floats = lloyd::kmeans(lloyd::points(floats.data(), 10000, 2), 5, options);
    expect("centers of float", 0x1ed8'83a9'dec0'5fee, hash_of(of_floats.centers));
    expect("labels of float", 0x72a4'6d1b'8ca8'41b0, hash_of(of_floats.labels));
    const auto of_doubles = lloyd::kmeans(lloyd::points(doubles.data(), 10000, 2), 5, options);
    expect("centers of double", 0x6cef'14ef'b4df'c0fc, hash_of(of_doubles.centers));
    const auto of_bytes = lloyd::kmeans(lloyd::points(bytes.data(), 5000, 4), 6, {.seed = 3, .threads = threads});
    expect("centers of bytes", 0x70ed'9dcb'ab36'8a4d, hash_of(of_bytes.centers));

    // Seeds of real numbers are promised to be the same for any number of threads, not on any CPU.
    const auto seeded = [&](int count) {
        return hash_of(
            lloyd::kmeans(lloyd::points(floats.data(), 10000, 2), 5, {.attempts = 5, .threads = count}).labels);
    };
    expect("labels from seeds", seeded(1), seeded(threads));
}

struct golden_space {
    lloyd::color_space space;
    std::uint64_t labels, centers;
};

void check_segments(picture_view picture, int threads) {
    for (const auto& [space, labels, centers] : {
             golden_space{lloyd::color_space::hsv_cone, 0xf0ba'f6d5'434e'21d8, 0xa0ed'af2d'047f'070f},
             golden_space{lloyd::color_space::oklab, 0x4ee0'3dd7'eb51'9edd, 0x6315'3826'a25f'7c52},
         }) {
        const auto found = lloyd::segment(picture, 9, {.space = space, .kmeans = {.seed = 4, .threads = threads}});
        expect("labels of segments", labels, hash_of(found.labels));
        expect("centers of segments", centers, hash_of(found.centers));
    }
}

void check_edges(picture_view picture, int threads) {
    expect("edges", 0x91f5'755e'61d8'e225, hash_of(lloyd::canny(picture, 100, 200, {.threads = threads})));
    expect("edges without blur", 0x085a'd37d'b00d'7a25,
           hash_of(lloyd::canny(picture, 1000, 3000, {.sigma = 0, .aperture = 5, .norm = lloyd::gradient_norm::l2})));
    const auto gradient = lloyd::sobel(lloyd::gaussian_blur(picture, 7, 0), 7, lloyd::gradient_norm::l2);
    expect("gradient", 0x808d'6904'9d06'eaa3, hash_of(gradient.magnitude));
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    expect("steps", 0x6db9'1070'a9b7'fbe5, hash_of(lloyd::hysteresis(lloyd::double_threshold(ridges, 9000, 20000))));
}

void check_colors(picture_view picture) {
    expect("gray", 0xfd92'a7c9'6ed5'e865, hash_of(lloyd::rgb_to_gray(picture)));
    const auto hsv = lloyd::rgb_to_hsv(picture);
    expect("HSV", 0x2f62'9718'b448'dff4, hash_of(hsv));
    expect("RGB of HSV", 0x04d6'a739'fb87'c043, hash_of(lloyd::hsv_to_rgb(hsv)));
    const auto lab = lloyd::rgb_to_lab(picture);
    expect("Lab", 0xa21b'1f4d'5cb3'3f19, hash_of(lab));
    expect("RGB of Lab", 0xf1fc'b09a'd0c3'8895, hash_of(lloyd::lab_to_rgb<std::uint8_t>(lab)));
    expect("OKLab", 0x9355'ba6f'6825'db52, hash_of(lloyd::rgb_to_oklab(picture)));
    const lloyd::color_histogram histogram(picture);
    expect("colours", 0xcdfc'75f9'dbb6'518b, hash_of(histogram.colors().elements()));
    expect("counts", 0x7428'9737'2c24'd4c2, hash_of(histogram.counts()));
}

void check_regions(picture_view picture) {
    const std::uint8_t colors[] = {0, 0, 0, 255, 255, 255, 200, 30, 30, 30, 160, 60};
    const picture_view palette(colors, 4, 1);
    const auto dots = lloyd::dither(picture, palette);
    expect("dots", 0xa93f'7846'0e81'7db0, hash_of(dots));
    const auto merged = lloyd::merge_small_regions(dots, 6);
    expect("merged", 0xe15c'b446'c38f'ce1d, hash_of(merged));
    std::vector<double> numbers;
    for (const auto& region : lloyd::find_regions(merged, lloyd::connectivity::eight).regions)
        numbers.insert(numbers.end(), {static_cast<double>(region.area), region.center_x, region.center_y});
    expect("regions", 0x0eed'9b4b'4b5f'6586, hash_of(numbers));
    numbers.clear();
    for (const auto& shape : lloyd::outlines(lloyd::simplify(lloyd::find_borders(merged), 1)))
        for (const auto& ring : shape.rings)
            for (const auto& corner : ring) numbers.insert(numbers.end(), {double(corner.x), double(corner.y)});
    expect("outlines", 0x3238'9760'2b03'e625, hash_of(numbers));
}

void keep_busy(int steps) {
    volatile int done = 0;
    for (int i = 0; i < steps; ++i) done = done + 1;
}

/// Rounds in which now the caller, now another is late, so that all fall asleep: ends if nobody misses a call.
void check_waiting(int threads) {
    lloyd::detail::thread_team team(threads, 100);
    std::vector<std::uint64_t> calls(8);
    for (std::size_t round = 0; round < 600; ++round) {
        team.for_each(calls.size(), [&](std::size_t i) {
            keep_busy(i == round % calls.size() ? 20000 : 10);
            ++calls[i];
        });
        if (round % 3 == 0) keep_busy(100000);
    }
    for (const auto number : calls) expect("calls", 600, number);
}

}  // namespace

int main() {
    const auto picture = striped_picture();
    for (const int threads : {1, 3, 7}) {
        check_clusters(picture, threads);
        check_points(threads);
        check_segments(picture, threads);
        check_edges(picture, threads);
    }
    check_colors(picture);
    check_regions(picture);
    check_waiting(3);
    return differences == 0 ? 0 : 1;
}
