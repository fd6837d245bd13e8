// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>

#include "gallery_story.hpp"
#include "gallery_strip.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

/// The smallest magnitude that at most one pixel in `many` exceeds; at least 1.
int exceeded_by_one_in(std::ptrdiff_t many, const lloyd::sobel_gradient& gradient) {
    std::vector<std::ptrdiff_t> counts(2041);
    for (const auto magnitude : gradient.magnitude.elements()) ++counts[static_cast<std::size_t>(magnitude)];
    auto left = gradient.magnitude.size() / many;
    auto level = counts.size() - 1;
    while (level > 1 && counts[level] <= left) left -= counts[level--];
    return static_cast<int>(level);
}

rgb_image from_hsv(rgb_image hsv) {
    lloyd::hsv_to_rgb(hsv, hsv);
    return hsv;
}

/// The magnitude of the gradient as brightness and its direction as hue. Black where `magnitude` is 0.
rgb_image gradient_picture(const lloyd::sobel_gradient& gradient, const lloyd::image<std::int32_t, 1>& magnitude,
                           double white) {
    rgb_image hsv(magnitude.width(), magnitude.height());
    const auto dx = gradient.dx.elements(), dy = gradient.dy.elements();
    const auto steep = magnitude.elements();
    auto to = hsv.elements();
    for (std::size_t i = 0; i < steep.size(); ++i) {
        if (steep[i] == 0) continue;
        const auto half_turns =
            std::atan2(static_cast<float>(-dy[i]), static_cast<float>(dx[i])) / std::numbers::pi_v<float>;
        to[3 * i] = static_cast<std::uint8_t>(static_cast<int>(90 * half_turns + 180.5F) % 180);
        to[3 * i + 1] = 150;
        to[3 * i + 2] = static_cast<std::uint8_t>(std::min(255 * steep[i] / white, 255.0));
    }
    return from_hsv(std::move(hsv));
}

/// Strong ridges white, weak ones orange.
rgb_image strength_picture(const gray_image& strength) {
    constexpr std::array<std::array<std::uint8_t, 3>, 3> paints{{{0, 0, 0}, {230, 120, 30}, {255, 255, 255}}};
    rgb_image picture(strength.width(), strength.height());
    auto to = picture.elements().begin();
    for (const auto one : strength.elements()) to = std::ranges::copy(paints[one], to).out;
    return picture;
}

rgb_image to_rgb(const gray_image& gray) { return lloyd::select_channels<0, 0, 0>(gray); }

/// Draws lines over a picture: white on dark colours, black on bright ones. A pixel of `lines` is the opacity, 0 to 255.
rgb_image drawn_over(rgb_image picture, const gray_image& lines) {
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y)
        for (std::ptrdiff_t x = 0; x < picture.width(); ++x) {
            const auto pixel = picture(x, y);
            const int ink = 3 * pixel[0] + 6 * pixel[1] + pixel[2] > 1100 ? 0 : 255, cover = lines(x, y)[0];
            for (auto& channel : pixel)
                channel = static_cast<std::uint8_t>((ink * cover + channel * (255 - cover) + 127) / 255);
        }
    return picture;
}

std::string share_of(const gray_image& edges) {
    const auto count = static_cast<double>(std::ranges::count(edges.elements(), 255));
    return fixed(100 * count / static_cast<double>(edges.size()), 1) + " % of the pixels are edges";
}

/// The thresholds of many tutorials beside those of the page.
void tell_thresholds(page& to, const rgb_image& photo, const gray_image& edges, const std::string& thresholds) {
    const auto classic = with_time([&] { return lloyd::canny(photo, 150, 200, {.sigma = 0, .threads = 0}); });
    const lloyd::image<std::uint8_t> lines(web::shrunk_lines(classic.value, longest_side));
    to.add("<div class=\"step\">\n<h3>Which thresholds?</h3>\n");
    to.add(
        "<p>Many tutorials take 150 and 200, without a blur. One pair of numbers cannot suit all photos: it finds too "
        "little in soft ones, and in others the texture of leaves and fur.</p>\n<div class=\"two\">\n");
    to.add(figure(image_tag(lines, "The edges for thresholds of 150 and 200, white on black"),
                  "<b>150 and 200</b>, without a blur: " + share_of(classic.value) + ". " +
                      duration(classic.milliseconds)));
    to.add(figure(same_picture("edges-picture", {0, 0, photo.width(), photo.height()},
                               "The edges for thresholds taken from the photo, white on black"),
                  "<b>" + thresholds + "</b>, taken from this photo, after the blur: " + share_of(edges) + "."));
    to.add("</div>\n</div>\n");
    to.code("edges", "canny.md");
}

void tell_edges_over(page& to, const rgb_image& segments, const gray_image& edges) {
    const auto drawing = drawn_over(web::shrunk(segments, longest_side), web::shrunk_lines(edges, longest_side));
    to.section("together", "Colours and edges together");
    to.add(
        "<p>Segments show which pixels have similar colours. Edges show where brightness changes. The two are computed "
        "independently: segments do not use the positions of pixels, and edges use gray only.</p>\n");
    to.add(figure(
        image_tag(lloyd::image<std::uint8_t>(drawing), "Edges drawn as thin lines over the photo in five colours"),
        "The edges over the photo in five colours", "hero"));
}

/// The results of all stages.
struct canny_stages {
    timed<gray_image> gray, smooth;
    timed<lloyd::sobel_gradient> gradient;
    int low, high;
    timed<lloyd::edge_ridges> ridges;
    timed<gray_image> strength, edges;
};

canny_stages run_stages(const rgb_image& photo) {
    auto gray = with_time([&] { return lloyd::rgb_to_gray(photo); });
    auto smooth = with_time([&] { return lloyd::gaussian_blur(gray.value, 5, 1.4); });
    auto gradient = with_time([&] { return lloyd::sobel(smooth.value, 3, lloyd::gradient_norm::l1); });
    const int high = exceeded_by_one_in(20, gradient.value), low = high / 2;
    auto ridges = with_time([&] { return lloyd::suppress_non_maxima(gradient.value); });
    auto strength = with_time([&] { return lloyd::double_threshold(ridges.value, low, high); });
    auto edges = with_time([&] { return lloyd::hysteresis(strength.value); });
    return {std::move(gray),   std::move(smooth),   std::move(gradient), low, high,
            std::move(ridges), std::move(strength), std::move(edges)};
}

void tell_stages(page& to, const canny_stages& stages) {
    const auto& [gray, smooth, gradient, low, high, ridges, strength, edges] = stages;
    const double white = exceeded_by_one_in(200, gradient.value);
    // Squared magnitudes, so that one clear edge counts more than much texture.
    const auto strength_at = [&stages](std::ptrdiff_t x, std::ptrdiff_t y) {
        return stages.edges.value(x, y)[0] == 0 ? 0 : std::pow(stages.gradient.value.magnitude(x, y)[0], 2);
    };
    const auto width = gray.value.width(), height = gray.value.height();
    const stage_strip strip(to, width, height, heaviest_window(width, height, strength_at));
    to.add("<div class=\"stages\">\n");
    strip.add(to_rgb(gray.value), "Before: gray", "The photo in gray", "The input of the five stages");
    strip.add(to_rgb(smooth.value), "1. Blur", "The photo in gray, blurred",
              "Each pixel becomes a mean of its neighbours, so that noise causes no edges. " +
                  duration(smooth.milliseconds));
    strip.add(gradient_picture(gradient.value, gradient.value.magnitude, white), "2. Gradient", "The gradient",
              "Brightness here shows how quickly brightness changes in the photo. Colour shows in which direction it "
              "grows. " +
                  duration(gradient.milliseconds));
    strip.add(
        gradient_picture(gradient.value, ridges.value.magnitude, white), "3. Thin", "The ridges of the gradient",
        "Only pixels with a larger gradient than their two neighbours across the edge remain: lines one pixel wide. " +
            duration(ridges.milliseconds),
        reduction::maximum);
    strip.add(strength_picture(strength.value), "4. Two thresholds", "Strong ridges in white, weak ones in orange",
              "White pixels have a gradient above " + std::to_string(high) +
                  ", as one pixel in twenty has. They are edges. Orange pixels have one above " + std::to_string(low) +
                  ". They may be edges. The largest possible gradient is 1530. " + duration(strength.milliseconds),
              reduction::maximum);
    const lloyd::image<std::uint8_t> lines(web::shrunk_lines(edges.value, longest_side));
    strip.add_html(
        shared_picture("edges-picture", lines, width, height, "The edges, white on black: the whole picture"),
        strip.part_of(to_rgb(edges.value), "The edges, white on black"), "5. Trace",
        "An orange pixel is an edge if it is connected to a white one. " + duration(edges.milliseconds));
    to.add("</div>\n");
    to.code("stages", "canny.md");
}

}  // namespace

void tell_edges(page& to, const told_photo& photo, const rgb_image& segments) {
    const auto stages = run_stages(photo.picture);
    const auto at_once =
        with_time([&] { return lloyd::canny(stages.gray.value, stages.low, stages.high, {.threads = 0}); });

    to.section("edges", "Edges, in five stages");
    to.add("<p>An edge is where brightness changes quickly. Canny (1986) finds such places in five stages and draws "
           "lines that are one pixel wide. It begins with the photo in gray (" +
           duration(stages.gray.milliseconds) +
           "). The marked part of each picture is enlarged beside it. Where a picture of lines had to be made smaller "
           "for this page, a pixel is bright if any of the pixels that it stands for was.</p>\n");
    tell_stages(to, stages);
    to.add("<p>The five stages take " +
           duration(stages.smooth.milliseconds + stages.gradient.milliseconds + stages.ridges.milliseconds +
                    stages.strength.milliseconds + stages.edges.milliseconds) +
           ". One call of <code>canny</code> does all five, row by row and without intermediate pictures, in " +
           duration(at_once.milliseconds) + ".</p>\n");
    tell_thresholds(to, photo.picture, at_once.value,
                    std::to_string(stages.low) + " and " + std::to_string(stages.high));
    tell_edges_over(to, segments, at_once.value);
}

}  // namespace gallery
