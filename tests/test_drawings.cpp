// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The drawings of the examples: whole XML, nothing outside of the paper, bounded in size, whatever is drawn.

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/color_cloud.hpp"
#include "../examples/drawings.hpp"
#include "../examples/elbow_plot.hpp"
#include "../examples/svg.hpp"
#include "drawn_paths.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using drawn_paths::fault_of;

/// Every number of an attribute.
std::vector<double> numbers_of(const std::string& text, const std::string& attribute) {
    std::vector<double> result;
    const auto mark = " " + attribute + "=\"";
    for (std::size_t at = 0; (at = text.find(mark, at)) != text.npos;)
        result.push_back(std::strtod(text.c_str() + (at += mark.size()), nullptr));
    return result;
}

void check_drawing(const std::string& text, double width, double height) {
    CHECK(fault_of(text) == "");
    CHECK(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(text.find("prefers-color-scheme: dark") != text.npos);
    CHECK(text.find("nan") == text.npos);
    CHECK(text.find("inf") == text.npos);
    for (const auto* x : {"x", "x1", "x2", "cx"})
        for (const double number : numbers_of(text, x)) CHECK((number >= 0 && number <= width));
    for (const auto* y : {"y", "y1", "y2", "cy"})
        for (const double number : numbers_of(text, y)) CHECK((number >= 0 && number <= height));
}

TEST_CASE("writes numbers short, and text safe") {
    CHECK(svg::number(3) == "3");
    CHECK(svg::number(0.5) == "0.5");
    CHECK(svg::number(12.3456) == "12.35");
    CHECK(svg::number(-0.001) == "0");
    CHECK(svg::number(-7.1) == "-7.1");
    CHECK(svg::escaped("a<b> & \"c\"\n\x01") == "a&lt;b&gt; &amp; &quot;c&quot; \ufffd");
    CHECK(svg::escaped("caf\xe9 <é>") == "caf\ufffd &lt;é&gt;");
    CHECK(svg::hex({255, 0, 10}) == "#ff000a");
}

TEST_CASE("finds the faults it looks for") {
    CHECK(fault_of("<svg><g></g></svg>\n") == "");
    CHECK(fault_of("<svg><g></svg>") != "");
    CHECK(fault_of("<svg><g x=\"1></g></svg>") != "");
    CHECK(fault_of("<svg>") != "");
    CHECK(fault_of("<svg>a & b</svg>") != "");
    CHECK(fault_of("<svg/><svg/>") != "");
}

TEST_CASE("draws curves of any length and height") {
    const std::vector<std::vector<double>> heights{{9},
                                                   {0},
                                                   {9, 1},
                                                   {4.5e9, 1.3e9, 4.4e8, 2.5e8},
                                                   {1e-300, 1e-301, 1e-302},
                                                   {1e300, 1e299, 1e298},
                                                   {1000, 0, 0},
                                                   std::vector<double>(256, 7)};
    for (const auto& wcss : heights) {
        std::vector<lloyd::elbow_point> curve;
        for (const double height : wcss) curve.push_back({static_cast<int>(curve.size()) + 3, height});
        const auto text =
            plots::elbow_svg("a<b & \"c\"", curve, curve.back().k, lloyd::detail::suggestions_for(curve, 1000));
        check_drawing(text, 760, 380);
        const auto alone = plots::curve_svg("a<b & \"c\"", curve, curve.back().k);
        check_drawing(alone, 520, 380);
        CHECK(alone.find("viewBox=\"0 0 520 380\"") != alone.npos);
        CHECK((numbers_of(alone, "cx").size() == curve.size() + 1 && alone.find("Kneedle") == alone.npos));
        CHECK(text.find("knee: K = " + std::to_string(curve.back().k)) != text.npos);
        CHECK(numbers_of(text, "cx").size() == curve.size() + 1);
    }
}

TEST_CASE("marks the knee at its point") {
    const std::vector<lloyd::elbow_point> curve{{1, 100}, {2, 50}, {3, 2}, {4, 1.9}, {5, 1.8}};
    const auto text = plots::elbow_svg("it", curve, 3, lloyd::detail::suggestions_for(curve, 100));
    const auto x = numbers_of(text, "cx"), y = numbers_of(text, "cy");
    REQUIRE(x.size() == 6);
    CHECK((x[5] == x[2] && y[5] == y[2]));
    CHECK((std::ranges::is_sorted(x.begin(), x.begin() + 5) && std::ranges::is_sorted(y.begin(), y.begin() + 5)));
    const auto without = plots::elbow_svg("it", curve, {}, lloyd::detail::suggestions_for(curve, 100));
    CHECK(numbers_of(without, "cx").size() == 5);
    CHECK(without.find(">no clear knee<") != without.npos);
}

TEST_CASE("names the K to which at least three of four methods lean") {
    using lloyd::suggestion;
    const suggestion two{2, 0.5}, three{3, 0.4}, none;
    CHECK(plots::majority({two, two, three, two}) == "three of four methods lean to K = 2");
    CHECK(plots::majority({two, three, three, three}) == "three of four methods lean to K = 3");
    CHECK(plots::majority({three, three, three, three}) == "all four methods lean to K = 3");
    CHECK(plots::majority({two, two, three, three}) == "");
    CHECK(plots::majority({none, none, none, two}) == "");
}

TEST_CASE("draws clouds of one colour and of all there are, in less than 300 KB") {
    dice random;
    lloyd::image<u8, 3> many(1200, 1000);
    for (auto& element : many.elements()) element = static_cast<u8>(random.bits() >> 20);
    for (const auto& photo : {lloyd::image<u8, 3>(3, 2), photo_like<3>(random, 90, 60), many}) {
        const lloyd::color_histogram colors(photo);
        for (const int k : {1, 6}) {
            const auto clusters = lloyd::kmeans(photo, k, {.max_iterations = 5});
            for (const auto paint : {plots::cloud_paint::own_colors, plots::cloud_paint::segments}) {
                const auto text = plots::color_cloud_svg("it", colors, clusters, paint);
                check_drawing(text, 760, 560);
                CHECK(text.size() < 300'000);
                const auto balls = numbers_of(text, "cx").size() - 4 * static_cast<std::size_t>(k);
                CHECK((balls >= 1 && balls <= 2400));
            }
        }
    }
    const auto text = plots::color_cloud_svg("it", lloyd::color_histogram(many), lloyd::kmeans(many, 40));
    check_drawing(text, 760, 560);
    CHECK(text.find("and 25 more") != text.npos);
}

TEST_CASE("paints balls as they are, or as their segment") {
    lloyd::image<u8, 3> photo(4, 1);
    photo(1, 0)[0] = 20;
    photo(2, 0)[0] = 200;
    photo(3, 0)[0] = 220;
    const lloyd::color_histogram colors(photo);
    const auto clusters = lloyd::kmeans(photo, 2, {.attempts = 5});
    const auto own = plots::color_cloud_svg("it", colors, clusters);
    const auto segments = plots::color_cloud_svg("it", colors, clusters, plots::cloud_paint::segments);
    const auto count = [](const std::string& text, const std::string& word) {
        std::size_t result = 0;
        for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; ++at) ++result;
        return result;
    };
    CHECK((count(own, "\"#140000\"") == 1 && count(own, "\"#dc0000\"") == 1));
    CHECK(count(own, "\"#d20000\"") == 2);  // the center, in the room and beside it
    CHECK((count(segments, "\"#140000\"") == 0 && count(segments, "\"#d20000\"") == 4));
}

TEST_CASE("draws near balls over far ones, and larger where there are more pixels") {
    lloyd::image<u8, 3> photo(10, 1);
    photo(0, 0)[0] = 254;                                          // red is near
    for (std::ptrdiff_t x = 1; x < 10; ++x) photo(x, 0)[1] = 253;  // green is far
    const auto text = plots::color_cloud_svg("it", lloyd::color_histogram(photo), lloyd::kmeans(photo, 1));
    const auto red = text.find("\"#fe0000\""), green = text.find("\"#00fd00\"");
    REQUIRE((red != text.npos && green != text.npos));
    CHECK(green < red);
    const auto radii = numbers_of(text, "r");
    CHECK(radii[0] > 1.5 * radii[1]);
}

TEST_CASE("writes shapes as short relative paths, each in the colour of its label") {
    lloyd::image<u8, 1> labels(3, 3);
    labels(1, 1)[0] = 1;
    lloyd::image<u8, 3> palette(2, 1);
    std::ranges::fill(palette(1, 0), u8{255});
    const drawings::frame frame{3, 3, "a<b"};
    const auto borders = lloyd::find_borders(labels);
    const auto text = drawings::of_shapes(frame, lloyd::outlines(borders), palette);
    CHECK(fault_of(text) == "");
    CHECK(text.find("<title>a&lt;b</title>\n"
                    "<path fill=\"#000000\" d=\"m0 0v3h3v-3zm1 1h1v1h-1z\"/>\n"
                    "<path fill=\"#ffffff\" d=\"m1 1v1h1v-1z\"/>\n</svg>\n") != text.npos);
    std::vector<lloyd::outline> slopes{{1, {{{5, 5}, {2, 3}, {0, 3}, {4, 1}, {6, 0}}}}};
    CHECK(drawings::of_shapes(frame, slopes, palette).find(" d=\"m5 5-3-2h-2l4-2 2-1z\"") != text.npos);
    CHECK_THROWS_WITH(drawings::of_shapes(frame, lloyd::outlines(borders), palette.crop(0, 0, 1, 1)),
                      "drawings: label 1 is not in a palette of 1 colours");
}

TEST_CASE("writes lines of any picture with room for a row of each label that occurs") {
    lloyd::image<u8, 1> wide(300, 1);
    for (std::ptrdiff_t x = 0; x < 300; ++x) wide(x, 0)[0] = static_cast<u8>(x % 256);
    const lloyd::image<u8, 3> palette(256, 1);
    const auto text = drawings::of_lines({300, 1, "it"}, lloyd::find_borders(wide), palette);
    check_drawing(text, 300 + 6 * 20, 257 * 20);
    CHECK(numbers_of(text, "rx").size() == 1 + 256);
    check_drawing(drawings::of_lines({0, 0, "it"}, {}, palette), 120, 20);
    const auto borders = lloyd::find_borders(wide);
    CHECK_THROWS_WITH(drawings::of_lines({300, 1, "it"}, borders, palette.crop(0, 0, 9, 1)),
                      "drawings: label 9 is not in a palette of 9 colours");
}

}  // namespace
