// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The C++ of the pages in docs/, where no other program holds it, and what the pages say of it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "sample_images.hpp"
#include "sample_labels.hpp"

namespace {

using samples::dice;
using samples::same_pixels;

TEST_CASE("images_and_views.md: views of any layout") {
    std::vector<std::uint8_t> memory(640 * 480 * 3);
    std::uint8_t* data = memory.data();
    data[(20 * 640 + 10) * 3 + 2] = 99;

    const lloyd::image_view<const std::uint8_t, 3> photo(data, 640, 480);
    const auto pixel = photo(10, 20);  // a span of red, green and blue
    const auto row = photo.row(20);    // a span of 640 · 3 elements
    CHECK((pixel.size() == 3 && pixel[2] == 99 && row.size() == 1920 && row[32] == 99));

    // 10×4 pixels of 3 bytes, in rows of 32 bytes
    const lloyd::image_view<const std::uint8_t, 3> padded(data, 10, 4, 32);
    const lloyd::image_view<const std::uint8_t, 3> bottom_up(data + 3 * 32, 10, 4, -32);
    const auto part = padded.crop(2, 1, 5, 3);  // 5×3 pixels from (2, 1) on
    CHECK(padded.row(3).data() == bottom_up.row(0).data());
    CHECK((part.data() == data + 32 + 6 && part.row_stride() == 32 && part.size() == 15));

    const std::ptrdiff_t channels = 3;
    const lloyd::image_view<const std::uint8_t> any(data, 640, 480, channels);
    const lloyd::image_view<const std::uint8_t, 3> rgb(any);  // throws unless there are 3
    CHECK(rgb.data() == any.data());
}

TEST_CASE("images_and_views.md: images, channels, points, errors") {
    const lloyd::image_view<const std::uint8_t, 3> photo;

    lloyd::image<float, 1> heat(320, 240);  // all 0
    heat(3, 4)[0] = 1.5f;
    const lloyd::image<std::uint8_t, 3> copy(photo);  // of what the view looks at
    CHECK((heat.row(4)[3] == 1.5f && heat.is_contiguous() && copy.empty()));

    const lloyd::image<std::uint8_t, 4> bgra(2, 2);
    const auto rgb = lloyd::select_channels<2, 1, 0>(bgra);
    CHECK(rgb.channels() == 3);

    const std::vector<float> measured{0, 0, 1, 0, 10, 10, 11, 10};
    const auto data = lloyd::points(measured.data(), 4, 2);  // 4 points of 2 coordinates
    const auto groups = lloyd::kmeans(data, 2);
    CHECK((groups.labels(0, 0)[0] == groups.labels(1, 0)[0] && groups.labels(1, 0)[0] != groups.labels(2, 0)[0]));

    std::string reason;
    try {
        lloyd::kmeans(data, 5);
    } catch (const std::invalid_argument& error) {
        reason = error.what();  // "kmeans: k is 5, but there are only 4 points"
    }
    CHECK(reason == "kmeans: k is 5, but there are only 4 points");
}

TEST_CASE("clustering.md: options, results, and what they agree on") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);
    const auto another_photo = samples::photo_like<3>(random, 20, 10);

    const auto result = lloyd::kmeans(photo, 8, {.attempts = 5, .seed = 7});
    const auto center = result.centers(0, 0);    // of cluster 0: red, green and blue as double
    const auto label = result.labels(12, 3)[0];  // the cluster of the pixel at (12, 3)
    const auto weight = result.weights[0];       // how many pixels cluster 0 has
    CHECK((center.size() == 3 && label >= 0 && label < 8 && weight > 0 && result.converged));

    const auto labels = lloyd::assign(another_photo, result.centers);
    CHECK(same_pixels(lloyd::assign(photo, result.centers), result.labels));
    CHECK(labels.width() == 20);

    const auto again = lloyd::kmeans(photo, 8, {.initial_centers = result.centers});
    CHECK((again.iterations == 1 && same_pixels(again.labels, result.labels)));
}

TEST_CASE("clustering.md: weights and progress") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);
    const std::vector<float> measured{0, 0, 1, 0, 10, 10, 11, 10};
    const auto data = lloyd::points(measured.data(), 4, 2);

    const std::vector<double> weights{1, 3, 1, 0};  // the second point counts for three, the last one for none
    const auto weighted = lloyd::kmeans(data, 2, {.weights = weights});
    const auto label = static_cast<std::size_t>(weighted.labels(0, 0)[0]);
    CHECK((weighted.weights[label] == 4 && weighted.centers(weighted.labels(0, 0)[0], 0)[0] == 0.75));

    double compactness = 0;
    const auto until_good = [&](const lloyd::kmeans_progress& step) {
        compactness = step.compactness;
        return step.attempt < 3;  // false: stop with the best so far
    };
    const auto good = lloyd::kmeans(photo, 8, {.attempts = 100, .progress = until_good});
    CHECK((good.attempt <= 3 && good.compactness <= compactness));
}

TEST_CASE("clustering.md: fixed centers") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);

    const double known[] = {255, 255, 255, 0, 0, 0};  // white and black
    const lloyd::image_view<const double, 3> white_and_black(known, 2, 1);
    const auto result = lloyd::kmeans(photo, 8, {.fixed_centers = white_and_black});
    CHECK(same_pixels(result.centers.crop(0, 0, 2, 1), white_and_black));
    const auto all_move = lloyd::kmeans(photo, 8);
    CHECK(!same_pixels(all_move.centers.crop(0, 0, 2, 1), white_and_black));
}

TEST_CASE("larger_than_memory.md: one palette for many photos, and photos in pieces") {
    dice random;
    CAPTURE(random.seed);
    const auto first = samples::photo_like<3>(random, 24, 16), second = samples::photo_like<3>(random, 24, 10);
    lloyd::image<std::uint8_t, 3> both(24, 26);
    for (std::ptrdiff_t y = 0; y < 26; ++y)
        std::ranges::copy(y < 16 ? first.row(y) : second.row(y - 16), both.row(y).begin());
    const std::vector<std::string> names{"first", "second"};
    const auto read = [&](const std::string& name) { return name == "first" ? first : second; };
    std::vector<lloyd::image<std::uint8_t, 3>> written;
    const auto write = [&](const std::string&, const auto& picture) { written.push_back(picture); };

    lloyd::color_histogram<3> colors;
    for (const auto& name : names) colors.add(read(name));  // one photo in memory at a time

    const auto palette = lloyd::kmeans(colors.colors(), 8, {.attempts = 3, .weights = colors.counts()});

    for (const auto& name : names) {
        const auto photo = read(name);
        const auto labels = lloyd::assign(photo, palette.centers);
        write(name, lloyd::recolor(labels, palette.centers));
    }

    const auto at_once = lloyd::kmeans(both, 8, {.attempts = 3});
    CHECK(same_pixels(palette.centers, at_once.centers));
    CHECK((palette.compactness == at_once.compactness && palette.weights == at_once.weights));
    CHECK(written.size() == 2);
    const auto painted = lloyd::recolor(at_once.labels, at_once.centers);
    CHECK(same_pixels(written[1], painted.crop(0, 16, 24, 10)));

    lloyd::color_histogram<3> kept;
    kept.merge(colors.colors(), colors.counts());
    CHECK((same_pixels(kept.colors(), colors.colors()) && std::ranges::equal(kept.counts(), colors.counts())));

    lloyd::color_histogram<3> merged(first);
    merged.merge(lloyd::color_histogram<3>(second));
    CHECK((same_pixels(merged.colors(), colors.colors()) && merged.size() == lloyd::color_histogram(both).size()));
}

TEST_CASE("larger_than_memory.md: what is seen of a transparent picture") {
    dice random;
    CAPTURE(random.seed);
    const auto rgba = samples::random_image<4>(random, 24, 16, 3);

    auto rgb = lloyd::select_channels<0, 1, 2>(rgba);
    auto alpha = lloyd::select_channels<3>(rgba);
    lloyd::color_histogram seen(rgb, alpha);

    double sum = 0, weight = 0;
    for (const double count : seen.counts()) sum += count;
    for (const auto a : alpha.elements()) weight += a;
    CHECK(sum == weight);
}

TEST_CASE("larger_than_memory.md: points block by block") {
    dice random;
    CAPTURE(random.seed);
    lloyd::image<float> sample(40, 1, 2), all(400, 1, 2);
    for (auto& x : all.elements()) x = static_cast<float>(random.normal());
    std::ranges::copy_n(all.elements().begin(), 80, sample.elements().begin());
    const std::vector<std::ptrdiff_t> parts{0, 100, 200, 300};
    const auto read = [&](std::ptrdiff_t first) { return all.crop(first, 0, 100, 1); };

    auto centers = lloyd::kmeans(sample, 3).centers;  // of some of the points
    double last = std::numeric_limits<double>::infinity();
    for (bool falls = true; falls;) {
        lloyd::cluster_sums sums;
        for (const auto& name : parts) sums.accumulate(read(name), centers);  // one block in memory at a time
        falls = sums.compactness() < last;
        last = sums.compactness();
        centers = sums.means();
    }

    const auto start = lloyd::kmeans(sample, 3).centers;
    const auto at_once = lloyd::kmeans(all, 3, {.initial_centers = start});
    CHECK(std::abs(last - at_once.compactness) <= 1e-12 * last);
}

TEST_CASE("regions.md: from a photograph to shapes") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 60, 40);
    const auto alpha = samples::random_image<1>(random, 60, 40);

    const auto s = lloyd::segment(photo, 8);
    const auto map = lloyd::find_regions(s.labels);
    const auto clean = lloyd::merge_small_regions(s.labels, 64);  // no region of fewer than 64 pixels is left
    const auto simple = lloyd::simplify(lloyd::find_borders(clean), 1.0);
    const auto shapes = lloyd::outlines(simple);  // one for each label; fill them by the even-odd rule
    CHECK((shapes.size() <= 8 && map.regions.size() > shapes.size()));

    for (const auto& r : map.regions)
        if (r.area >= 1000) CHECK((r.label < 8 && static_cast<double>(r.x) <= r.center_x));
    const auto first = map.ids(0, 0)[0];  // the number of the region of pixel (0, 0): 0
    CHECK(map.regions[static_cast<std::size_t>(first)].label == s.labels(0, 0)[0]);

    const auto seen = lloyd::cut(clean, alpha);
    CHECK(lloyd::find_borders(seen).size() > 4);

    // a shape for each region, numbered as in find_regions
    const auto regions = lloyd::find_regions(clean);
    const auto region_shapes = lloyd::outlines(lloyd::find_borders(regions.ids));
    CHECK(region_shapes.size() == regions.regions.size());
}

TEST_CASE("regions.md: maps to follow by hand") {
    using samples::drawing;
    using samples::drawn;
    const auto speck = drawn({"00011", "02011", "00011"});
    CHECK(drawing(lloyd::find_regions(speck).ids) == std::vector<std::string>{"00011", "02011", "00011"});
    CHECK(drawing(lloyd::merge_small_regions(speck, 2)) == std::vector<std::string>{"00011", "00011", "00011"});
    const auto crossing = drawn({"010", "101", "010"});
    CHECK(drawing(lloyd::find_regions(crossing).ids) == std::vector<std::string>{"012", "345", "678"});
    CHECK(drawing(lloyd::find_regions(crossing, lloyd::connectivity::eight).ids) == drawing(crossing));

    const auto bars = drawn({"00000000", "01111110", "00222200", "01111110", "00000000"});
    CHECK(drawing(lloyd::merge_small_regions(bars, 7)) ==
          std::vector<std::string>{"00000000", "01111110", "00111100", "01111110", "00000000"});
    const auto areas = [](const auto& labels) {
        std::vector<std::ptrdiff_t> all;
        for (const auto& each : lloyd::find_regions(labels).regions) all.push_back(each.area);
        return all;
    };
    CHECK(areas(bars) == std::vector<std::ptrdiff_t>{24, 6, 4, 6});
    CHECK(areas(lloyd::merge_small_regions(bars, 7)) == std::vector<std::ptrdiff_t>{24, 16});

    using corners = std::vector<lloyd::corner>;
    const auto shapes = lloyd::outlines(lloyd::find_borders(drawn({"000", "010", "000"})));
    REQUIRE((shapes.size() == 2 && shapes[0].rings.size() == 2 && shapes[1].rings.size() == 1));
    CHECK(shapes[0].rings[0] == corners{{0, 0}, {0, 3}, {3, 3}, {3, 0}});
    CHECK(shapes[0].rings[1] == corners{{1, 1}, {2, 1}, {2, 2}, {1, 2}});
    CHECK(shapes[1].rings[0] == corners{{1, 1}, {1, 2}, {2, 2}, {2, 1}});
}

TEST_CASE("coming_from.md: the same settings as cv::kmeans and sklearn.cluster.KMeans") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);

    // kmeans(samples, 8, labels, {TermCriteria::EPS + TermCriteria::COUNT, 11, 1.0}, 10, KMEANS_PP_CENTERS, centers);
    const auto result = lloyd::kmeans(photo, 8, {.attempts = 10, .max_iterations = 10, .epsilon = 1.0});

    // KMeans(n_clusters=8, n_init=10, max_iter=300, tol=0, random_state=42).fit(samples)
    const auto same = lloyd::kmeans(photo, 8, {.attempts = 10, .max_iterations = 300, .seed = 42});
    CHECK((result.iterations <= 10 && same.converged));
}

}  // namespace
