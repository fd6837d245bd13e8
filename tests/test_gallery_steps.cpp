// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of the gallery's page: the C++ that it shows, its regions and shapes, and the labels of its slider.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "../examples/gallery/code.hpp"
#include "../examples/image_io.hpp"
#include "../examples/svg.hpp"
#include "page_text.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using gallery::rgb_image;

/// Few colours in large areas, with specks.
rgb_image speckled_photo(dice& random) {
    rgb_image photo(90, 70);
    for (std::ptrdiff_t y = 0; y < 70; ++y)
        for (std::ptrdiff_t x = 0; x < 90; ++x) {
            const auto area = random.below(12) == 0 ? random.below(3) : x / 31;
            photo(x, y)[static_cast<std::size_t>(area)] = static_cast<u8>(200 + random.below(9));
        }
    return photo;
}

/// The number that the page tells under a name.
std::ptrdiff_t fact(const std::string& html, const std::string& name) {
    auto digits = all_between(html, "<dt>" + name + "</dt><dd>", "<").at(0);
    std::erase(digits, ',');
    return std::stoll(digits);
}

std::vector<u8> bytes_of(const std::string& base64) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<u8> bytes;
    unsigned bits = 0;
    for (std::size_t i = 0; i < base64.size() && base64[i] != '='; ++i) {
        bits = bits << 6 | static_cast<unsigned>(digits.find(base64[i]));
        if (i % 4 != 0) bytes.push_back(static_cast<u8>(bits >> (6 - 2 * (i % 4))));
    }
    return bytes;
}

TEST_CASE("shows C++ that a compiler has seen, and that finds what the page shows") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = speckled_photo(random);
    const auto html = told(photo);
    for (const auto* step : {"colors", "hsv", "segments", "elbow", "regions", "stages", "edges"}) {
        CAPTURE(step);
        const auto lines = gallery::lines_of(step);
        CHECK((lines.starts_with("const auto ") || lines.starts_with("const lloyd::")));
        CHECK(lines.find("// step") == lines.npos);
        for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1)
            CHECK(html.find(svg::escaped(lines.substr(at, lines.find('\n', at) - at)) + "\n") != html.npos);
    }
    CHECK(gallery::lines_of("hsv") == "const auto hsv = lloyd::rgb_to_hsv(photo);  // H 0 to 179, S and V 0 to 255\n");
    CHECK_THROWS_AS(gallery::lines_of("nothing"), std::invalid_argument);

    const auto found = gallery::run_code(photo, 64, 1, 40, 80);
    CHECK(found.colors == fact(html, "different colours"));
    CHECK(found.regions == fact(html, "regions before"));
    CHECK(std::ssize(lloyd::find_regions(found.clean).regions) == fact(html, "regions after"));
    CHECK((found.knee == 3 && html.find("A clear knee at K = 3.") != html.npos));
    CHECK(same_pixels(found.edges, found.traced));
    CHECK(same_pixels(found.classic, lloyd::canny(photo, 150, 200, {.sigma = 0})));
    CHECK((!found.shapes.empty() && same_pixels(found.hsv, lloyd::rgb_to_hsv(photo))));
    CHECK(found.poster.width() == 90);
}

TEST_CASE("merges specks, and counts what it merged") {
    dice random;
    CAPTURE(random.seed);
    const auto html = told(speckled_photo(random));
    const auto before = fact(html, "regions before"), specks = fact(html, "of fewer than 64 pixels"),
               after = fact(html, "regions after");
    CHECK((specks > 100 && specks < before && after >= 3 && after < 20));
    CHECK(all_between(html, "id=\"drawing\"", "</svg>").at(0).find("<path fill=\"#") != std::string::npos);
    CHECK(count_of(html, "href=\"#drawing\"") == 1);
}

TEST_CASE("draws shapes of bounded size, whatever the photo shows") {
    rgb_image tiles(600, 600);  // 81 pixels each, with teeth
    for (std::ptrdiff_t y = 0; y < 600; ++y)
        for (std::ptrdiff_t x = 0; x < 600; ++x)
            tiles(x, y)[0] = static_cast<u8>(50 * (((x + 4 * (y / 3 % 2)) / 9 + y / 9 * 2) % 5));
    const auto html = told(tiles);
    const auto drawing = all_between(html, "id=\"drawing\"", "</svg>").at(0);
    CHECK((drawing.size() > 1000 && drawing.size() <= 150'000));
    CHECK(fact(html, "regions before") > 4000);
    CHECK(html.find("of fewer than 64 pixels") == html.npos);  // with these, the drawing would be larger
}

TEST_CASE("leaves out what is transparent") {
    lloyd::image<u8> logo(80, 50, 4);  // the right half is blue, and nobody sees it
    for (std::ptrdiff_t i = 0; i < logo.size(); ++i)
        std::ranges::copy(i % 80 < 40 ? std::vector<u8>{static_cast<u8>(90 + i / 80), 40, 30, 255}
                                      : std::vector<u8>{0, 0, 255, 0},
                          logo(i % 80, i / 80).begin());
    const auto labels = pictures::visible_pixels(logo).placed(lloyd::image<u8, 1>(2000, 1));
    CHECK((labels.width() == 80 && labels(39, 49)[0] == 0 && labels(40, 0)[0] == -1));
    const auto html = page_of(logo);
    const auto drawing = all_between(html, "id=\"drawing\"", "</svg>").at(0);
    for (const auto& corner : all_between(drawing, "d=\"m", " ")) CHECK(std::stoi(corner) <= 40);
    const auto combinations = all_between(html, "\"combinations\":[", "]").at(0);
    CHECK(combinations.starts_with("\"         \",\"0"));
}

TEST_CASE("packs the labels of every K into one picture") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 50, 30);
    const auto html = page_of(lloyd::image<u8>(photo));
    const auto picture =
        io::decode(bytes_of(all_between(html, "\"picture\":\"data:image/png;base64,", "\"").at(0))).picture;
    REQUIRE((picture.width() == 50 && picture.height() == 30 && picture.channels() == 3));
    auto combinations = all_between(all_between(html, "\"combinations\":[", "]").at(0), "\"", "\"");
    std::erase(combinations, ",");
    const auto palettes = all_between(html, "\"palettes\":[", "]]}").at(0);
    CHECK(all_between(palettes + "]", "[[", "]]").size() == 9);
    const auto sweep = lloyd::elbow_sweep(photo, {.kmeans = {.attempts = 5}});
    for (std::size_t k = 2; k <= 10; ++k) {
        const auto labels = lloyd::assign(photo, sweep.centers[k - 1]);
        for (std::ptrdiff_t i = 0; i < photo.size(); ++i) {
            const auto pixel = picture(i % 50, i / 50);
            const auto number = static_cast<std::size_t>(pixel[0] + 256 * pixel[1] + 65536 * pixel[2]);
            REQUIRE(combinations.at(number).at(k - 2) - '0' == labels(i % 50, i / 50)[0]);
        }
    }
}

TEST_CASE("shows the original beside every K, from one copy") {
    dice random;
    const auto html = told(photo_like<3>(random, 60, 40));
    CHECK(count_of(html, "<image id=\"original\"") == 1);
    const auto rows = all_between(html, "<div class=\"four\">", "</figcaption>");
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) CHECK(row.find("<use href=\"#original\"/>") != row.npos);
}

TEST_CASE("shows a still cloud and no dead control where scripts are switched off") {
    dice random;
    const auto html = told(photo_like<3>(random, 60, 40));
    const auto without = all_between(html, "<noscript>", "</noscript>");
    CHECK((without.size() == 1 && count_of(without[0], "<circle") > 20 && count_of(without[0], "<input") == 0));
    for (const auto& figure : all_between(html, "<figure", "</figure>"))
        if (figure.find("<input") != figure.npos || figure.find("<canvas") != figure.npos)
            CHECK(figure.substr(0, figure.find('>')).ends_with(" hidden"));
    CHECK(count_of(html, "<input") == 2);
}

TEST_CASE("tells the elbow's suggestions once, in words") {
    dice random;
    const auto html = told(photo_like<3>(random, 60, 40));
    CHECK((count_of(html, "Kneedle") == 1 && count_of(html, "class=\"bar\"") == 0));
}

TEST_CASE("links to the docs, where they are") {
    dice random;
    const auto photo = photo_like<3>(random, 60, 40);
    const auto html = told(photo, "photo.jpg", {}, "../../docs/");
    const auto links = all_between(html, "<a href=\"../../docs/", "\"");
    CHECK(links.size() == 7);
    for (const auto& file : links)
        CHECK(std::filesystem::exists(std::filesystem::path(LLOYD_EXAMPLE_DATA_DIR "/../../docs") / file));
    CHECK(told(photo).find("<a href=\"../") == std::string::npos);
    CHECK(told(photo).find("<code>docs/canny.md</code>") != std::string::npos);
}

}  // namespace
