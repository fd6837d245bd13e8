// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The gallery's page: small pictures are means, it needs nothing but itself, and names cannot break it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/color_cells.hpp"
#include "../examples/gallery_page.hpp"
#include "../examples/gallery_story.hpp"
#include "../examples/image_io.hpp"
#include "../examples/thumbnails.hpp"
#include "page_text.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using gallery::gray_image;
using gallery::rgb_image;

gray_image row_of(const std::vector<u8>& values) {
    gray_image row(std::ssize(values), 1);
    std::ranges::copy(values, row.data());
    return row;
}

bool shows(const gray_image& picture, const std::vector<u8>& values) {
    return std::ranges::equal(picture.elements(), values);
}

TEST_CASE("makes pictures small by means") {
    CHECK(shows(web::shrunk(row_of({10, 20, 30, 50}), 2), {15, 40}));
    CHECK(shows(web::shrunk(row_of({10, 20, 30, 50}), 4), {10, 20, 30, 50}));
    CHECK(shows(web::shrunk(row_of({10, 20, 30, 50}), 9), {10, 20, 30, 50}));
    CHECK(shows(web::shrunk(row_of({0, 90, 30}), 2), {30, 50}));  // (0 + 90/2) / 1.5, (90/2 + 30) / 1.5
    CHECK(shows(web::shrunk(row_of({0, 0, 0, 255}), 1), {64}));
}

TEST_CASE("makes pictures of lines small by maxima") {
    CHECK(shows(web::shrunk_lines(row_of({0, 0, 0, 255, 4, 0, 0, 0}), 2), {255, 4}));
    CHECK(shows(web::shrunk_lines(row_of({0, 200, 0}), 2), {200, 0}));  // a line stays as wide as it is
    CHECK(shows(web::shrunk_lines(row_of({7, 200, 0}), 3), {7, 200, 0}));
    dice random;
    const auto photo = photo_like<3>(random, 61, 23);
    const auto small_one = web::shrunk_lines(photo, 20);
    REQUIRE((small_one.width() == 20 && small_one.height() == 8));
    int largest[3] = {};
    for (std::ptrdiff_t i = 0; i < photo.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c)
            if (i % 61 * 20 / 61 == 7 && i / 61 * 8 / 23 == 3)
                largest[c] = std::max<int>(largest[c], photo(i % 61, i / 61)[c]);
    CHECK(std::ranges::equal(small_one(7, 3), largest));
}

TEST_CASE("keeps proportions, down to a single pixel, and mixes no channels") {
    dice random;
    const auto photo = photo_like<3>(random, 60, 20);
    const auto third = web::shrunk(photo, 20);
    REQUIRE((third.width() == 20 && third.height() == 7));
    CHECK(web::shrunk(rgb_image(1000, 2), 10).height() == 1);
    rgb_image red(50, 30);
    for (std::ptrdiff_t i = 0; i < red.size(); ++i) red.elements()[static_cast<std::size_t>(3 * i)] = 200;
    const auto small_red = web::shrunk(red, 7);
    CHECK(std::ranges::equal(small_red(3, 2), std::vector<u8>{200, 0, 0}));
}

TEST_CASE("writes base64") {
    const auto of = [](const std::string& text) { return web::base64(std::vector<u8>(text.begin(), text.end())); };
    CHECK(of("") == "");
    CHECK(of("f") == "Zg==");
    CHECK(of("fo") == "Zm8=");
    CHECK(of("foo") == "Zm9v");
    CHECK(of("foobar") == "Zm9vYmFy");
    CHECK(of("\xff\xfe\xfd") == "//79");
}

TEST_CASE("puts the smaller of PNG and JPEG into a URI that names it") {
    dice random;
    const rgb_image flat(64, 64);
    CHECK(web::data_uri(lloyd::image<u8>(flat)).starts_with("data:image/png;base64,iVBORw0KGgo"));
    const auto photo = photo_like<3>(random, 64, 64);
    CHECK(web::data_uri(lloyd::image<u8>(photo)).starts_with("data:image/jpeg;base64,/9j/"));
}

TEST_CASE("tells sizes and times as people do") {
    CHECK(gallery::grouped(0) == "0");
    CHECK(gallery::grouped(999) == "999");
    CHECK(gallery::grouped(1000) == "1,000");
    CHECK(gallery::grouped(15872256) == "15,872,256");
    CHECK(gallery::duration(0.416) == "0.42\u00a0ms");
    CHECK(gallery::duration(9.94) == "9.9\u00a0ms");
    CHECK(gallery::duration(9.96) == "10\u00a0ms");
    CHECK(gallery::duration(999.6) == "1.0\u00a0s");
}

TEST_CASE("gathers every pixel in some cell") {
    dice random;
    const lloyd::color_histogram colors(photo_like<3>(random, 90, 60));
    const auto cells = plots::color_cells(colors, 50);
    CHECK((!cells.empty() && cells.size() <= 50));
    double count = 0;
    for (const auto& cell : cells) {
        CHECK(cell.count > 0);
        for (const double channel : cell.mean()) CHECK((channel >= 0 && channel <= 255));
        count += cell.count;
    }
    CHECK(count == 90 * 60);
}

TEST_CASE("asks for nothing outside of the page") {
    dice random;
    const auto html = told(photo_like<3>(random, 60, 40));
    for (const std::string attribute : {"src", "href", "action", "data", "poster"})
        for (const auto& place : all_between(html, attribute + "=\"", "\""))
            CHECK((place.starts_with("data:") || place.starts_with("#")));
    CHECK(html.find("url(") == html.npos);
    CHECK(html.find("@import") == html.npos);
    CHECK(html.find("default-src 'none'") != html.npos);
}

TEST_CASE("shows every step, with words for those who cannot see it") {
    dice random;
    const auto html = told(photo_like<3>(random, 60, 40));
    const auto images = all_between(html, "<img", ">");
    CHECK(images.size() == 3 + 8 + 3 + 11 + 1 + 1);
    for (const auto& image : images) {
        const auto words = all_between(image, "alt=\"", "\"");
        CHECK((words.size() == 1 && words.front().size() >= 10));
    }
    const auto drawings = all_between(html, "<svg", ">");
    CHECK(drawings.size() == 1 + 3 + 1 + 1 + 1 + 1 + 1 + 1 + 2);
    for (const auto& drawing : drawings) {
        const auto words = all_between(drawing, "aria-label=\"", "\"");
        CHECK((drawing.find("role=\"img\"") != drawing.npos && words.size() == 1 && words.front().size() >= 10));
    }
    CHECK(html.find("=\"\"") == html.npos);  // no attribute without a value
    CHECK(html.find("<html lang=\"en\">") != html.npos);
    CHECK(html.find("name=\"viewport\"") != html.npos);
    CHECK(html.find("<svg ") != html.npos);
    for (const auto* words : {"K = 3<", "K = 5<", "K = 7<", "Calinski–Harabasz", "5. Trace"})
        CHECK(html.find(words) != html.npos);

    const auto ids = all_between(html, " id=\"", "\"");
    CHECK(std::set(ids.begin(), ids.end()).size() == ids.size());
    for (const auto& target : all_between(html, "href=\"#", "\"")) CHECK(std::ranges::count(ids, target) == 1);
}

TEST_CASE("closes what it opens") {
    dice random;
    const auto html = told(photo_like<3>(random, 30, 20));
    for (const std::string tag : {"section", "figure", "div", "ul", "li", "p", "dl", "table", "script", "style", "main",
                                  "svg", "noscript", "pre", "label"}) {
        CAPTURE(tag);
        CHECK(count_of(html, "<" + tag + " ") + count_of(html, "<" + tag + ">") == count_of(html, "</" + tag + ">"));
    }
}

TEST_CASE("takes no file name for HTML") {
    dice random;
    const auto html = told(photo_like<3>(random, 12, 9), "<script>alert(\"1\")</script>&.jpg");
    CHECK(html.find("<script>alert") == html.npos);
    CHECK(html.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;.jpg") != html.npos);
}

TEST_CASE("names who took the photo, where that is known") {
    dice random;
    const auto photo = photo_like<3>(random, 12, 9);
    CHECK(count_of(told(photo, "a.jpg", "Photograph: Ann"), "Photograph: Ann") == 2);
    CHECK(told(photo).find("Photograph") == std::string::npos);
}

TEST_CASE("says honestly whether there is a knee") {
    rgb_image palette(40, 30);
    for (std::ptrdiff_t y = 0; y < 30; ++y)
        for (std::ptrdiff_t x = 0; x < 40; ++x) palette(x, y)[static_cast<std::size_t>(x / 14)] = 250;
    CHECK(told(palette).find("A clear knee at K = 3.") != std::string::npos);
    CHECK(told(rgb_image(40, 30)).find("A clear knee at K = 1.") != std::string::npos);
    rgb_image gray(40, 30);
    for (std::ptrdiff_t i = 0; i < 3600; ++i) gray.elements()[static_cast<std::size_t>(i)] = static_cast<u8>(i / 3 % 5);
    const auto of_gray = told(gray);
    CHECK(of_gray.find("No clear knee.") != std::string::npos);
    CHECK(of_gray.find("no more than 5 different colours") != std::string::npos);
    dice random;
    rgb_image noise(40, 30);
    for (auto& element : noise.elements()) element = static_cast<u8>(random.bits() >> 20);
    CHECK(told(noise).find("No clear knee") != std::string::npos);
}

TEST_CASE("tells of pictures of any shape") {
    const std::pair<std::ptrdiff_t, std::ptrdiff_t> sizes[] = {{10, 1},    {1, 10},   {1, 70000},
                                                               {70000, 1}, {2000, 2}, {7, 5}};
    for (const auto& size : sizes) {
        CAPTURE(size.first);
        CHECK(told(rgb_image(size.first, size.second)).size() > 20'000);
    }
    CHECK_THROWS_AS(told(rgb_image(3, 3)), std::invalid_argument);
    CHECK_THROWS_AS(told(rgb_image()), std::invalid_argument);
}

}  // namespace
